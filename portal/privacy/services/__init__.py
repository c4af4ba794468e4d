"""What is done to people's data; each caller's module says what."""
