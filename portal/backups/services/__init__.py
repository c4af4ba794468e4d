"""Making backups, looking them over, putting them back, moving to another database."""
