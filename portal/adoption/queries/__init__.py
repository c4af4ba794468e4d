"""Read adoption: lists of eligible places, spread over them, and the sheets of a quarter."""
