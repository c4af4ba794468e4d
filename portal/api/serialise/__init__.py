"""What the API answers: the shape of each answer, and how rows become it."""
