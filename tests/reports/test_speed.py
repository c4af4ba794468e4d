"""What was counted is kept until a table that it read changes, and each set is counted once."""

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.clock import today
from portal.db import db
from portal.figures.models import FigureChange
from portal.figures.queries.kept import CHANGED, MARKS, FigureCache, forget, tables_read
from portal.figures.rules import FigureSet, Period, sets
from portal.innovations.models import Innovation
from portal.reference.rules import Quarter
from portal.reports.models import Report, ReportSection
from portal.reports.queries.checking import checked, read
from portal.reports.queries.editing import around
from tests import makers
from tests.cast import Cast
from tests.reports import makers as reports
from tests.statements import Statements, end_transaction

PERIOD = Period(Quarter.of(today()), today())


@pytest.fixture(autouse=True)
def _fresh(app: Flask) -> None:
    forget()


def _engagements(session: Session) -> float:
    support = next(one for one in sets() if one.heading == "Support")
    found = FigureCache().counted(support, PERIOD)
    return sum(v.value for v in found if (v.code, v.hin_id, v.group) == ("engagements", None, ""))


def test_a_change_is_counted_whether_its_transaction_is_over_or_not(
    app: Flask, session: Session, cast: Cast, statements: Statements
) -> None:
    makers.innovation("One", of=cast.innovator)
    end_transaction(session)
    before = _engagements(session)
    with statements.at_most(1):
        assert _engagements(session) == before
    makers.innovation("Two", of=cast.innovator)
    assert _engagements(session) == before + 1
    end_transaction(session)
    assert _engagements(session) == before + 1
    with statements.at_most(1):
        assert _engagements(session) == before + 1


def test_marks_are_read_once_for_a_transaction(
    app: Flask, session: Session, statements: Statements
) -> None:
    session.commit()
    with statements.at_most(2):  # the marks, and what is kept under the first key
        FigureCache().answer(("one",), lambda: session.scalar(select(Innovation.id).limit(1)))
        FigureCache().answer(("one",), lambda: session.scalar(select(Innovation.id).limit(1)))
    session.commit()
    assert MARKS not in session.info


def test_every_change_gives_its_table_a_mark_that_was_never_there(
    app: Flask, session: Session, cast: Cast
) -> None:
    marks = []
    for name in ("One", "Two"):
        makers.innovation(name, of=cast.innovator)
        assert "innovation" in session.connection().info[CHANGED]
        end_transaction(session)
        marks.append(session.get_one(FigureChange, "innovation", populate_existing=True).mark)
    assert len(set(marks)) == 2


def test_every_set_is_kept(app: Flask, session: Session, statements: Statements) -> None:
    """What reads a table of bookkeeping would be counted anew for every page."""
    for one in sets():
        with tables_read() as tables:
            list(one.count(PERIOD))
        assert tables, one.heading
        found = FigureCache().counted(one, PERIOD)
        with statements.at_most(1):
            assert FigureCache().counted(one, PERIOD) is found


def test_a_page_hangs_on_what_an_answer_inside_it_read(
    app: Flask, session: Session, cast: Cast, statements: Statements
) -> None:
    def names() -> int:
        return len(db.session.scalars(select(Innovation.id)).all())

    def page() -> str:
        cache = FigureCache()
        return str(cache.page(("page",), lambda: str(FigureCache().answer(("inside",), names))))

    makers.innovation("One", of=cast.innovator)
    end_transaction(session)
    before = int(page())
    for is_inside_kept in (True, False):
        makers.innovation(f"Two {is_inside_kept}", of=cast.innovator)
        end_transaction(session)
        if is_inside_kept:
            FigureCache().answer(("inside",), names)
        before += 1
        assert page() == str(before)
        with statements.at_most(1):
            assert page() == str(before)


def _large(cast: Cast) -> Report:
    """Return a report of 65 sections that quotes 120 figures of three quarters."""
    report = reports.report(by=cast.national)
    report.sections += [
        ReportSection(code=f"more_{n}", position=n, heading=f"Part {n}", seen={})
        for n in range(len(report.sections), 65)
    ]
    codes = [one.code for found in sets() for one in found.figures if not one.is_personal]
    last = reports.LAST
    quarters = [one.code for one in (last, last.previous, last.previous.previous)]
    wanted = [f"{{figure:{code} quarter={one}}}" for one in quarters for code in codes][:120]
    for place, section in enumerate(report.sections):
        section.text = "\n\n".join(wanted[place::65])
    assert len(wanted) == 120
    db.session.flush()
    return report


def test_a_large_report_counts_each_set_once_and_then_reads_what_is_kept(
    app: Flask, session: Session, cast: Cast, statements: Statements
) -> None:
    report = _large(cast)
    end_transaction(session)
    actor = cast.national.actor
    once = sum(_statements_of(one, statements) for one in sets())
    forget()
    with statements.at_most(4 * once + 12):  # four quarters: three, and the one before them
        checked(actor, read(actor, report))
    with statements.at_most(9):
        checked(actor, read(actor, report))
    section = next(one for one in report.sections if one.code == "economic")
    with statements.at_most(16):
        around(actor, section)


def _statements_of(one: FigureSet, statements: Statements) -> int:
    statements.ran.clear()
    list(one.count(PERIOD))
    return len(statements.ran)
