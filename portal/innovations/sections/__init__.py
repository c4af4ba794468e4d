"""The sections of the record: their questions as data, and what a record answers."""
