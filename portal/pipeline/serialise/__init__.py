"""What the views are asked, read from the address; the addresses of lists behind numbers."""
