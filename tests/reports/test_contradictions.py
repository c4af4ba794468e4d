"""Each contradiction in the values that the portal loads is found by the checks, and no other."""

from flask import Flask
from sqlalchemy import select

from portal.db import db
from portal.programmes.models import ProgrammeValue
from portal.programmes.queries.measuring import WITH
from portal.reports.rules.contradictions import Contradiction, contradictions

FUND = "PF077 PF079 PF081 PF083"
EXPECTED = {
    ("parts", f"PF001 {FUND}"),
    ("parts", f"PF074 {FUND}"),
    ("parts", "PF051 PF079 PF081"),
    ("parts", "PF092 PF093 PF094 PF095"),
    ("two values", "PF003 PF119"),
    ("two values", "PF004 PF120"),
    ("two values", "PF007 PF010"),
    ("two values", "PF072 PF115"),
    ("two values", "PF265 PF288"),
    ("two values", "PF267 PF289"),
    ("two values", "PF269 PF290"),
    ("two values", "PF270 PF291"),
    ("two headings", "PF051 PF057"),
    ("two headings", "PF051 PF077"),
    ("product", "PF261 PF268 PF270"),
    ("order", "PF194 PF195"),
}
"""Each read by hand in the reports: which kind, and the values that make it."""


def _found() -> tuple[list[ProgrammeValue], list[Contradiction]]:
    statement = select(ProgrammeValue).options(*WITH).order_by(ProgrammeValue.id)
    rows = list(db.session.scalars(statement))
    return rows, contradictions(rows)


def test_each_contradiction_is_found_with_the_values_that_make_it(loaded: Flask) -> None:
    with loaded.app_context():
        _, found = _found()
        told = {(one.kind, " ".join(sorted(str(r.code) for r in one.rows))) for one in found}
    assert told == EXPECTED


def test_none_that_the_files_speak_of_is_missing(loaded: Flask) -> None:
    with loaded.app_context():
        rows, found = _found()
        named = {row.code for one in found for row in one.rows}
        marked = {row.code for row in rows if row.note.startswith(("Contradiction", "Odd"))}
    assert len(marked) == 16
    assert marked <= named


def test_it_says_what_does_not_fit(loaded: Flask) -> None:
    with loaded.app_context():
        words = {one.words for one in _found()[1]}
    total = "984,000 + 760,000 + 193,000 + 790,335 make 2,727,335, not £2,800,000"
    assert any(total in one for one in words)
    assert any("would be £22,817,610, not £8,500,000" in one for one in words)
