"""Between the database and the text engine: opening it, what it should hold, and asking it."""
