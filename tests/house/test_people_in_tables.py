"""Every column says what it holds about people, and every table that hangs on one is declared."""

import pytest
from flask import Flask
from sqlalchemy import JSON, Enum, LargeBinary, String, Table

from portal.db import Base
from portal.files import FileRow
from portal.personal import places, retention


def wordy(table: Table) -> set[str]:
    """Return the columns of a table that can hold words: no enums, whose words are ours."""
    return {
        column.name
        for column in table.columns
        if isinstance(column.type, String | JSON | LargeBinary)
        and not isinstance(column.type, Enum)
    }


def test_every_column_of_words_is_declared_once(app: Flask) -> None:
    declared = {place.table: place for place in places()}
    assert len(declared) == len(places()), "a table is declared twice"
    wrong = {
        table.name: wordy(table)
        ^ (declared[table.name].columns if table.name in declared else set())
        for table in Base.metadata.sorted_tables
    }
    assert {name: columns for name, columns in wrong.items() if columns} == {}, (
        "say in the room's privacy.py what these columns hold about people, in one list each"
    )


def test_every_table_that_refers_to_a_person_is_declared(app: Flask) -> None:
    declared = {place.table for place in places()}
    refer = {
        table.name
        for table in Base.metadata.sorted_tables
        if any(key.column.table.name == "user" for key in table.foreign_keys)
    }
    assert refer - declared == set()


def test_every_rule_of_retention_can_be_kept(app: Flask) -> None:
    codes = [rule.code for rule in retention()]
    assert len(codes) == len(set(codes))
    for rule in retention():
        assert rule.floor <= rule.days <= rule.ceiling, rule.code
        assert rule.why, rule.code
        assert rule.done, rule.code


def test_what_is_theirs_alone_has_that_column(app: Flask) -> None:
    for place in places():
        if place.theirs:
            assert place.theirs in place.person_columns, place.table
        if place.files:
            assert "stored" in place.source.columns, place.table


@pytest.mark.parametrize("name", ["user", "challenge", "participant"])
def test_tables_with_names_of_people_say_which_column(app: Flask, name: str) -> None:
    assert next(place for place in places() if place.table == name).names


def test_every_table_of_kept_files_says_where_they_lie_and_no_two_share_a_place(app: Flask) -> None:
    """What one table does not name would be swept as lost, though the other does."""
    kept = {
        str(mapper.local_table): mapper.class_.kept_in
        for mapper in Base.registry.mappers
        if issubclass(mapper.class_, FileRow)
    }
    assert {place.table: place.files for place in places() if place.files} == kept
    assert len(set(kept.values())) == len(kept) >= 4


KEPT_WITH = {"user": "the account", "challenge": "the challenge, whose contact it is"}
"""Addresses that stay as long as what they belong to."""
KEPT_FOR = {
    "approval": "approvals",
    "campaign_guest": "campaign_guests",
    "collaborator_invitation": "record_invitations",
    "email": "emails",
    "invitation": "invitations",
    "return_key": "return_links",
    "stopped_address": "stopped_addresses",
    "transfer": "record_offers",
}
"""By which rule of retention addresses go that may be of people without an account."""


def test_every_address_is_kept_for_some_days(app: Flask) -> None:
    assert {one.table for one in places() if one.addresses} == set(KEPT_WITH) | set(KEPT_FOR)
    assert set(KEPT_FOR.values()) <= {rule.code for rule in retention()}
