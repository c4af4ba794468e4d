"""How the demo world is made up: the same on every machine, dated from today. Pure."""
