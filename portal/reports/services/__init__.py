"""What changes in the reports room."""
