"""What goes out of adoption: the tables and pictures of pages, and files."""
