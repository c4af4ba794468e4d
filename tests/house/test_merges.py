"""Every foreign key to what can be made one says what a merge does with its rows."""

from collections import Counter

from flask import Flask

from portal import merging
from portal.db import Base
from portal.merging import Noun


def keys() -> set[str]:
    """Return every foreign key to a record or an organisation, as "table.column"."""
    nouns = {noun.value for noun in Noun}
    return {
        f"{table.name}.{key.parent.name}"
        for table in Base.metadata.sorted_tables
        for key in table.foreign_keys
        if key.column.table.name in nouns
    }


def test_every_key_to_a_record_or_an_organisation_has_one_rule(app: Flask) -> None:
    said = Counter(
        f"{rule.table}.{rule.column}"
        for rule in merging.rules()
        if rule.noun in {noun.value for noun in Noun}
    )
    assert keys() - set(said) == set(), "say in the room's merging.py whether these rows move"
    assert set(said) - keys() == set()
    assert [key for key, count in said.items() if count > 1] == []


def test_every_rule_says_what_or_why(app: Flask) -> None:
    assert [rule for rule in merging.rules() if not rule.what] == []


def test_rows_that_move_have_a_number_of_their_own(app: Flask) -> None:
    """Undoing names each row that moved by one number."""
    for rule in merging.rules():
        if rule.moves:
            assert [key.type.python_type for key in rule.source.primary_key] == [int], rule
