"""How long a report of 65 sections and 120 figures takes, its numbers counted anew and kept.

    INSTANCE=<a demonstration's folder> DEMO=1 python -m benchmarks.reports [tries]

Makes the report in a transaction that is taken back, and prints for each page the median of its
processor time and its statements: with nothing kept, as the portal counted until version 0058 of
its tables, and with what the page before kept. Both by turns, in one run.
"""

import sys
import time
from collections.abc import Callable
from statistics import median

from flask import render_template
from sqlalchemy import Engine, event, select

from portal import create_app
from portal.accounts.models import Actor, Membership, Role
from portal.clock import today
from portal.db import db
from portal.figures.queries.kept import forget
from portal.figures.rules import sets
from portal.reference.rules import Quarter
from portal.reports.models import Report, ReportSection
from portal.reports.queries.checking import checked, read
from portal.reports.queries.editing import around
from portal.reports.queries.outlines import newest
from portal.reports.rules.document import Figures, drawn
from portal.reports.services.making import make_report
from portal.reports.services.publishing import content_of

SECTIONS, FIGURES = 65, 120
TRIES = 7
HEAD = "| Page | Counted anew, ms | statements | Kept, ms | statements |\n|---|---:|---:|---:|---:|"


def large_report(by: Actor) -> Report:
    """Return a report of a quarter that has none yet, with so many sections and figures."""
    quarter = Quarter.of(today())
    report = make_report(outline=newest("quarterly"), quarter=quarter, hin=None, by=by)
    for place in range(len(report.sections), SECTIONS):
        report.sections.append(
            ReportSection(code=f"more_{place}", position=place, heading=f"Part {place}", seen={})
        )
    codes = [one.code for found in sets() for one in found.figures if not one.is_personal]
    quarters = [quarter.code, quarter.previous.code, quarter.previous.previous.code]
    wanted = [f"{{figure:{code} quarter={one}}}" for one in quarters for code in codes][:FIGURES]
    for place, section in enumerate(report.sections):
        section.text = "\n\n".join(wanted[place::SECTIONS]) or "Words."
    db.session.flush()
    return report


class Pages:
    """What a page does, without its address: the report as it would be printed, its checks, and a
    section as somebody writes it."""

    def __init__(self, report: Report, actor: Actor) -> None:
        self.report, self.actor = report, actor

    def printed(self) -> None:
        """Render the whole report."""
        found = read(self.actor, self.report)
        content = content_of(found, Figures(found.quoted), 0)
        render_template(
            "reports/document.html", content=content, drawn=drawn(content), report=self.report
        )

    def checks(self) -> None:
        """Find what the checks find."""
        checked(self.actor, read(self.actor, self.report))

    def section(self) -> None:
        """Read what stands beside the text of a section."""
        around(self.actor, next(one for one in self.report.sections if one.code == "economic"))


def measure(run: Callable[[], None], tries: int, *, keeps: bool) -> tuple[float, int]:
    """Return the median of the processor time in milliseconds, and the statements of the last."""
    ran: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        ran.append(statement)

    times = []
    event.listen(Engine, "before_cursor_execute", note)
    for _ in range(tries):
        if not keeps:
            forget()
        db.session.expire_all()
        ran.clear()
        start = time.process_time()
        run()
        times.append((time.process_time() - start) * 1000)
    event.remove(Engine, "before_cursor_execute", note)
    return median(times), len(ran)


def main() -> None:
    """Print the table."""
    tries = int(sys.argv[1]) if len(sys.argv) > 1 else TRIES
    app = create_app()
    with app.test_request_context("/"):
        person = db.session.scalars(
            select(Membership).where(Membership.role == Role.NATIONAL, Membership.is_lead)
        ).first()
        actor = Actor(user_id=person and person.user_id, role=Role.NATIONAL, is_lead=True)
        pages = Pages(large_report(actor), actor)
        print(f"{SECTIONS} sections, {FIGURES} figures of three quarters; medians of {tries}\n")
        print(HEAD)
        for name, run in (
            ("The report, printed", pages.printed),
            ("What the checks find", pages.checks),
            ("A section to write", pages.section),
        ):
            run()
            anew, kept = measure(run, tries, keeps=False), measure(run, tries, keeps=True)
            print(f"| {name} | {anew[0]:.0f} | {anew[1]} | {kept[0]:.0f} | {kept[1]} |")
        db.session.rollback()


if __name__ == "__main__":
    main()
