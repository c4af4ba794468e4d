"""Two published reports put together anew: every part of the sources, and every contradiction.

`docs/reports-rebuilt.md` has the same list for readers.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from portal.accounts.models import Actor, Role
from portal.db import db
from portal.demo.services.reports_rebuilt import QUARTER, YEAR, rebuilt
from portal.reference.models import Hin
from portal.reports.models import ReportRemark
from portal.reports.queries.reports import releases_of
from portal.reports.rules.document import Content
from portal.reports.rules.origins import Origin, origins, summary
from tests.reports.test_contradictions import EXPECTED

PAGE = Path(__file__).parents[2] / "docs" / "reports-rebuilt.md"


@pytest.fixture(scope="module")
def contents(loaded: Flask) -> Iterator[list[Content]]:
    """Both reports as they were published."""
    with loaded.test_request_context("/"):
        network = db.session.scalars(select(Hin).where(Hin.code == "HI-WM")).one()
        nation = Actor(role=Role.NATIONAL, is_lead=True)
        theirs = Actor(role=Role.HIN, is_lead=True, hin_id=network.id)
        made = [rebuilt("quarterly", QUARTER, nation), rebuilt("annual", YEAR, theirs)]
        yield [releases_of(one.id)[-1].content for one in made]


def test_every_part_of_the_sources_is_there_and_says_where_it_is_from(
    contents: list[Content],
) -> None:
    parts = [part for content in contents for part in origins(content)]
    assert [len(list(origins(one))) for one in contents] == [46, 19]
    assert not any(Origin.NOTHING in part.counts for part in parts)
    assert all(part.why for part in parts if Origin.LEFT_OUT in part.counts)
    assert summary(parts)["Published values"] > 40


def test_the_page_of_the_documentation_lists_the_same_parts(contents: list[Content]) -> None:
    rows = re.findall(r"^\| ([\d.]+) (.+?) \| (.+?) \| (.*?) \|$", PAGE.read_text(), re.MULTILINE)
    told = [
        (part.number, part.heading, part.words, part.why)
        for content in contents
        for part in origins(content)
    ]
    assert [tuple(cell.strip() for cell in row) for row in rows] == told


def test_each_contradiction_of_the_sources_was_found_and_is_printed(
    contents: list[Content],
) -> None:
    keys = [row.finding for row in db.session.scalars(select(ReportRemark))]
    kinds = {kind for kind, _ in EXPECTED}
    found = {
        (kind, " ".join(sorted(re.findall(r"PF\d+", key))))
        for key in keys
        for kind in kinds
        if key.startswith(f"{kind} ")
    }
    assert found == EXPECTED
    assert all(content["notes"] for content in contents)
