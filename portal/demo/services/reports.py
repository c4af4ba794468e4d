"""Write two of England's quarterly reports: one published and corrected, one in work. Made up."""

from collections.abc import Mapping
from datetime import timedelta
from io import BytesIO

from portal.accounts.models import Actor, User
from portal.clock import now, today
from portal.db import db
from portal.demo import queries
from portal.demo.rules.diary import Diary
from portal.demo.services.happening import happening
from portal.demo.services.people import People
from portal.demo.services.places import Places
from portal.exchange.models import Licence
from portal.reference.rules import Quarter
from portal.reports.models import ReleaseKind, Report, ReportSection, SectionState
from portal.reports.queries.checking import checked, read
from portal.reports.queries.outlines import newest
from portal.reports.services import making, publishing, writing
from portal.reports.services.early import name_reader
from portal.reports.services.photos import add_photo

NOT_WRITTEN = "Not written in the demonstration."
PUBLISHED = {
    "overview": "Networks began {figure:engagements|Also those that ended within the quarter.} "
    "and formed {figure:partnerships} of the "
    "fourth level.\n\n"
    "- In use: {figure:ADOPTION_IN_USE}\n"
    "- Programmes: {figure:programmes_running}",
    "economic": "### New engagements\n\nNew engagements: {figure:engagements}, after "
    "{figure:engagements quarter=BEFORE} in the quarter before.\n\n"
    "> What helped most was one person who knew whom to ask (made up).",
    "levels": "Real-world validations: {figure:validations}.\n\n{chart:engagements by=map}\n\n"
    "{chart:engagements by=quarter}",
    "deterioration": "What is tried, and why:\n\n{diagram:MANDET_SIP}",
    "contact": "Write to the national innovation team. This report is made up.",
}
CORRECTED = (
    "Validations that ran in the quarter: {figure:validations}.\n\n{chart:engagements by=map}"
    "\n\n{chart:engagements by=quarter}"
)
PICTURE = "falls-a-month.png"
MADE_UP = "Numbers of the demonstration are made up."
WHY = "The first version did not say that validations count that ran, not those that began."
AS_WHAT = "Chief executive of an integrated care board (made up)"
IN_WORK = {
    "economic": "Companies supported: {figure:companies}, with {figure:interactions}.",
    "levels": "About 40 companies had support in depth, of {figure:companies}.",
}


def write(places: Places, people: People) -> None:
    """Write both, in the order of their days."""
    nation, network = people.by_key["national"], people.by_key["hin"]
    diary, last = Diary(places.today, "reports"), Quarter.of(places.today).previous
    with happening(diary, 16):
        _publish(last.previous, nation)
    with happening(diary, 3):
        _begin(last, nation, network, people.by_key["ics"])


def _start(quarter: Quarter, by: Actor) -> Report:
    outline = newest("quarterly")
    return making.make_report(outline=outline, quarter=quarter, hin=None, by=by, is_demo=True)


def _write(section: ReportSection, text: str, by: Actor, left_out: str = "") -> None:
    writing.save_text(section=section, version=section.version, text=text, left_out=left_out, by=by)


def _publish(quarter: Quarter, by: Actor) -> None:
    """Publish a report, and a correction of it."""
    report = _start(quarter, by)
    parents = {one.parent for one in report.sections}
    texts = PUBLISHED | {"stories": _stories(report, by)}
    for one in report.sections:
        text = texts.get(one.code, "").replace("BEFORE", quarter.previous.code)
        is_whole = text or one.code in parents
        _write(one, text, by, "" if is_whole else NOT_WRITTEN)
    release(report, ReleaseKind.FIRST, "", by)
    _write(_sections(report)["levels"], CORRECTED, by)
    release(report, ReleaseKind.CORRECTION, WHY, by)


def _stories(report: Report, by: Actor) -> str:
    """Return a text that shows the newest case study, and a picture."""
    photo = add_photo(
        report=report,
        file=(BytesIO(queries.picture(PICTURE)), PICTURE),
        alt="A chart on a wall: the line of falls a month goes down",
        credit="Drawn for the demonstration",
        licence=Licence.CC_BY,
        consent="Nobody can be recognised",
        by=by,
    )
    studies = queries.case_studies(now())
    return "\n\n".join([*(f"{{study:{one}}}" for one in studies[:1]), f"{{photo:{photo.id}}}"])


def release(report: Report, kind: ReleaseKind, note: str, by: Actor, words: str = MADE_UP) -> None:
    """Approve every section, explain what is found in these words, sign it off and publish it."""
    for one in report.sections:
        for state in (SectionState.REVIEW, SectionState.APPROVED):
            if one.state is not SectionState.APPROVED:
                writing.set_state(section=one, version=one.version, state=state, by=by)
    for found in checked(by, read(by, report)):
        if found.is_blocker and found.is_explainable:
            writing.explain(report=report, found=found, words=words, by=by)
    publishing.sign_off(report=report, version=report.version, by=by)
    publishing.publish(
        report=report,
        version=report.version,
        kind=kind,
        note=note,
        next_on=Quarter.of(today()).next.first,
        final_on=Quarter.of(today()).next.first,
        by=by,
    )


def _begin(quarter: Quarter, by: Actor, network: Actor, reader: Actor) -> None:
    """Start a report in which a network writes a section, and a number is typed; somebody may read
    it before it is published."""
    report = _start(quarter, by)
    early = db.session.get_one(User, reader.user_id)
    name_reader(report=report, user=early, capacity=AS_WHAT, until_on=None, by=by)
    sections = _sections(report)
    for code, owner in (("economic", network), ("levels", network), ("overview", by)):
        person = db.session.get_one(User, owner.user_id)
        due = today() + timedelta(days=14)
        one = sections[code]
        writing.assign(section=one, version=one.version, owner=person, due_on=due, by=by)
    for code, text in IN_WORK.items():
        _write(sections[code], text, network)
    one = sections["economic"]
    writing.set_state(section=one, version=one.version, state=SectionState.REVIEW, by=network)
    words = "Can you say how many of them are new? (made up)"
    writing.comment(section=one, paragraph=1, words=words, by=by)


def _sections(report: Report) -> Mapping[str, ReportSection]:
    return {one.code: one for one in report.sections}
