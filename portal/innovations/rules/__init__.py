"""What the innovations room knows by itself."""
