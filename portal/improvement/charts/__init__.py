"""The pictures of improvement, by what they show."""
