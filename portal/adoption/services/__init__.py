"""Change adoption: lists of places, money, sheets of a quarter."""
