"""Every table and column leaves in an export or stays, because a room said so; nothing secret
leaves, and what travels with the tables describes them as a Data Package."""

import re

from flask import Flask

from portal.db import Base
from portal.exports.rules.tables import FRESH, leaving_tables, stays
from portal.exports.serialise.dictionary import dictionary_rows
from portal.personal import places

SOUNDS_SECRET = re.compile(
    "password|secret|token|hash|salt|sealed|uniquifier|passkey|tf_|totp|otp|pin$|signature"
    "|credential|^key$|counter"
)
NOT_SECRET = {
    ("audit_event", "words_hash"),
    ("audit_words", "salt"),
    ("innovation_key", "key"),
}
"""By these nobody gets in: a fingerprint of words that leave beside it, with what it is made of;
the folded names by which duplicates are found."""


def test_every_column_leaves_or_a_room_says_why_not(app: Flask) -> None:
    said = {place.table: place for place in places()}
    leaving = {one.name: {column.name for column in one.columns} for one in leaving_tables()}
    unclear = []
    for table in Base.metadata.sorted_tables:
        if stays(table.name):
            assert table.name not in leaving
            continue
        secret = said[table.name].secret if table.name in said else set()
        for column in table.columns:
            is_work_of_this_portal = any(
                stays(key.column.table.name) for key in column.foreign_keys
            )
            is_said = column.name in secret or is_work_of_this_portal
            if (column.name in leaving[table.name]) == is_said:
                unclear.append(f"{table.name}.{column.name}")
    assert unclear == [], "declare them in the room's privacy.py, or their kind in exports.rules"


def test_what_a_place_holds_back_is_a_column_of_its_table(app: Flask) -> None:
    for place in places():
        named = set(f"{place.held_back} {place.kept_whole}".split())
        assert named <= set(place.source.columns.keys()), place.table
        assert set(place.kept_whole.split()) <= set(place.hidden.split()), place.table


def test_nothing_that_sounds_secret_leaves(app: Flask) -> None:
    found = {
        (table.name, column.name)
        for table in leaving_tables()
        for column in table.columns
        if SOUNDS_SECRET.search(column.name)
    }
    assert found == NOT_SECRET, "hide it in the room's privacy.py, or say here why it opens nothing"


def test_what_stays_may_be_empty_or_is_made_anew(app: Flask) -> None:
    """A row can be loaded without the columns that stay."""
    needed = {
        (table.name, column.name)
        for table in leaving_tables()
        for column in table.source.columns
        if column.name not in {one.name for one in table.columns} and not column.nullable
    }
    assert needed == FRESH


def test_rows_can_be_loaded_in_the_order_of_the_tables(app: Flask) -> None:
    """What refers to rows of its own table may be empty at first: it is filled in at the end."""
    before: set[str] = set()
    for table in leaving_tables():
        for one in table.columns:
            above = one.refers.partition(".")[0]
            assert above in before | {"", table.name}, f"{table.name}.{one.name}"
            assert above != table.name or (one.may_be_unknown and len(table.keys) == 1)
        before.add(table.name)


def test_the_dictionary_has_every_column_that_leaves(app: Flask) -> None:
    rows = list(dictionary_rows())
    assert {(row[0], row[1]) for row in rows} == {
        (table.name, one.name) for table in leaving_tables() for one in table.columns
    }
    by_name = {(row[0], row[1]): row for row in rows}
    assert by_name["interaction", "hin_id"][3] == "hin.id"
    assert (
        "counted" in by_name["interaction", "counts_in"][4].lower()
        or by_name["interaction", "counts_in"][4]
    )
    assert "submitted" in by_name["innovation", "status"][5]
    explained = sum(bool(row[4] or row[3] or row[5]) for row in rows)
    assert explained > len(rows) / 3


def test_every_number_says_what_it_counts_and_in_which_unit(app: Flask) -> None:
    """The name of a column does not tell pounds from pence, nor a share from a count."""
    numbers = [
        (f"{table.name}.{one.name}", one.meaning)
        for table in leaving_tables()
        for one in table.columns
        if one.kind in {"integer", "number"} and not (one.is_key or one.refers)
    ]
    assert [name for name, said in numbers if not said and not name.endswith("_id")] == []
