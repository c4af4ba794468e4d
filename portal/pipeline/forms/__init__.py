"""What the reports ask of a person."""
