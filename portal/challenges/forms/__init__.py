"""What goes in: the pages' forms, and files to import."""
