"""What exports write."""
