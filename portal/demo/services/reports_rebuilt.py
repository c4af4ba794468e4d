"""Put two published reports together anew, from what the portal knows of them: the networks' report
on the first quarter of 2021-22, and a network's impact report for 2022-23.

Their outlines have every part of the sources. What stands in a part is its own prefilled text, or
the text of the file, which quotes published values; a part that cannot be filled says why.
"""

from portal.accounts.models import Actor
from portal.db import db
from portal.demo import queries
from portal.demo.rules.diary import Diary
from portal.demo.services.happening import happening
from portal.demo.services.people import People
from portal.demo.services.places import Places
from portal.demo.services.reports import release
from portal.reference.models import Hin
from portal.reference.rules import Quarter
from portal.reports.models import ReleaseKind, Report
from portal.reports.queries.outlines import newest
from portal.reports.services import making, writing

SAID = "The published source says so, and gives no more: it is not mended here."
QUARTER, YEAR = Quarter.named("2021-22-Q1"), Quarter.named("2022-23-Q4")
TITLE = "{}, put together anew from published numbers"


def write(places: Places, people: People) -> None:
    """Write and publish both, in the order of their days."""
    diary = Diary(places.today, "reports anew")
    nation, network = people.by_key["national"], people.by_key["hin"]
    with happening(diary, 20):
        rebuilt("quarterly", QUARTER, nation)
    with happening(diary, 18):
        rebuilt("annual", YEAR, network)


def rebuilt(outline: str, quarter: Quarter, by: Actor) -> Report:
    """Start a report, write what the file says, explain what the checks find, and publish it."""
    hin = db.session.get_one(Hin, by.hin_id) if by.hin_id is not None else None
    report = making.make_report(
        outline=newest(outline), quarter=quarter, hin=hin, by=by, is_demo=True
    )
    report.title = TITLE.format(report.title)
    for section in report.sections:
        row = queries.rebuilt_parts().get((outline, section.code))
        if row is not None:
            writing.save_text(
                section=section,
                version=section.version,
                text=row["text"],
                left_out=row["left_out"],
                by=by,
            )
    release(report, ReleaseKind.FIRST, "", by, SAID)
    return report
