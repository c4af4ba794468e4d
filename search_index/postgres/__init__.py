"""The engine in a PostgreSQL server, for several web machines; see ``docs/search.md``."""
