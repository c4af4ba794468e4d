"""Change campaigns and ideas: ask, post, look over, answer, make something of an idea."""
