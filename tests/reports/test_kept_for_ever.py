"""What was published never changes by a byte, and no number of it is without a trace."""

import re

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Float, Integer, Text, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.clock import now, today
from portal.db import Base
from portal.figures.queries.kept import tables_read
from portal.reference.rules import Quarter
from portal.reports.models import ReportRelease
from portal.reports.rules.document import Figures, digest_of, section
from portal.reports.rules.quoted import Quoted
from portal.reports.rules.text import blocks, references
from portal.reports.rules.typed import typed_in
from tests import makers
from tests.cast import Cast
from tests.pages import PageClient
from tests.reports.makers import approved, published, report

KEPT = {"report", "report_release", "release_figure"}
"""What was published lies here; `report` has its address."""
FILES = ("", "/v1", "/v1/figures.csv", "/v1/parts", "/v1/charts.zip")
TEXTS = {"highlights": "We began {figure:engagements}.\n\n{chart:engagements by=quarter}"}


@pytest.fixture
def release(cast: Cast, session: Session) -> ReportRelease:
    makers.innovation("Early Warner", of=cast.innovator)
    running = report(by=cast.hin, outline="network", quarter=Quarter.of(today()))
    with tables_read() as tables:
        found = published(approved(running, by=cast.hin, texts=TEXTS), by=cast.hin)
    session.info["read"] = set(tables)
    session.commit()
    return found


def _change(session: Session, name: str) -> int:
    """Change every plain column of every row of a table; returns how many columns that were."""
    table, changed = Base.metadata.tables[name], 0
    for column in table.columns:
        if column.primary_key or column.foreign_keys or column.computed is not None:
            continue
        if isinstance(column.type, Integer | Float):
            value = column + 1
        elif type(column.type) is Text or str(column.type) == "VARCHAR":
            value = func.coalesce(column, "") + " changed"
        else:
            continue
        try:
            with session.begin_nested():
                session.execute(update(table).values({column: value}))
            changed += 1
        except IntegrityError:
            continue  # the database refuses what it cannot be
    return changed


def test_whatever_row_is_changed_afterwards_not_a_byte_changes(
    release: ReportRelease, session: Session, client: PageClient
) -> None:
    base = f"/reports/{release.report.slug}"
    before = [client.get(f"{base}{name}").data for name in FILES]
    read = session.info["read"] - KEPT
    assert {"engagement", "report_section", "innovation"} <= read
    about = {"user", "organisation", "hin", "membership"}  # the pages' own frame reads them
    changed = sum(_change(session, name) for name in sorted(read - about))
    session.commit()
    session.expire_all()
    assert changed > 50
    assert [client.get(f"{base}{name}").data for name in FILES] == before
    kept = session.scalars(select(ReportRelease)).one()
    assert digest_of(kept.content) == kept.digest


REFERENCES = ("{figure:companies}", "{typed:600 people|a list}", "{value:PF001}")
NUMBERS = ("12", "3 %", "£4,000", "ten", "2026-27", "stage 5", "{figure:x round=ten}")
WORDS = ("words", "\n\n", "- ", "**bold**", ". ")
PIECES = st.sampled_from((*REFERENCES, *NUMBERS, *WORDS))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(PIECES, max_size=12).map(" ".join))
def test_a_number_of_a_text_is_a_reference_or_stands_in_the_way(app: Flask, text: str) -> None:
    """What the check finds is what the page underlines; whatever else is a number is quoted."""
    found = blocks(text)
    quoted = {one: Quoted(one, now(), shown="5 things", value=5) for one in references(text)}
    content = section("1", "Part", found, Figures(quoted))
    runs = [run for block in content["blocks"] for run in block["runs"]]
    marked = [run["text"] for run in runs if run.get("is_typed")]
    assert marked == list(typed_in(found))
    assert sum(1 for run in runs if run.get("figure")) == len(references(text))
    assert not [run for run in runs if re.search(r"£|%", run["text"]) and not _is_known(run)]


def _is_known(run: dict[str, object]) -> bool:
    return bool(run.get("figure") or run.get("is_typed"))
