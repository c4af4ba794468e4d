"""The files of the national directory (ODS Data Search and Export): which reports there are, how
their rows are laid out, and what is no such row. Pure.

Source: the reports' published layouts, and files read column by column. A file has no header; one
that was saved from the web page may have one.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from portal.reference.models import SiteKind

STATUSES: Mapping[str, bool] = {
    "ACTIVE": False,
    "INACTIVE": False,
    "DORMANT": True,
    # Before the directory changed its letters.
    "A": False,
    "C": False,
    "D": True,
    "P": False,
}
"""The words for a state, and whether it is dormant; that one is closed is said by its day."""
PRACTICE_ROLES = frozenset({"RO76", "4"})
WALES = "W00"
PRESCRIPTION_PADS = "RO31"
_CODE = re.compile(r"[A-Z0-9]{3,12}")
_ABOVE = re.compile(r"[A-Z0-9]{2,12}")
_DAY = re.compile(r"[0-9]{8}")
_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class RowWrong(ValueError):
    """A row that cannot be taken as it is; the message says why."""


class NoPlaceHere(Exception):
    """A row that is right and is none of ours: outside England, or a prescription pad."""


@dataclass(frozen=True, slots=True)
class Layout:
    """In which column, counted from 1, a layout has what; 0 where it has none."""

    columns: int
    code: int = 1
    name: int = 2
    grouping: int = 0
    geography: int = 0
    address: tuple[int, ...] = ()
    town: int = 0
    postcode: int = 0
    opened: int = 0
    closed: int = 0
    status: int = 0
    above: int = 0
    """Who runs it, or who commissions it: the report says which."""
    role: int = 0


COMMON = Layout(
    columns=27,
    grouping=3,
    geography=4,
    address=(5, 6, 7),
    town=8,
    postcode=10,
    opened=11,
    closed=12,
    status=13,
    above=15,
    role=26,
)
NETWORKS = Layout(columns=12, above=3, opened=5, closed=6, address=(7, 8, 9), town=10, postcode=12)
MEMBERS = Layout(columns=11, opened=9, closed=10)
"""A practice in a primary care network: its code 1, the network's 5, from 9, until 10."""
SUCCESSIONS = Layout(columns=5, name=0, opened=4)
"""A code 1 was followed by the code 2 on the day 4."""


@dataclass(frozen=True, slots=True)
class OdsReport:
    """A report of the directory."""

    name: str
    about: str
    kind: SiteKind = SiteKind.OTHER
    layout: Layout = COMMON
    has_parent: bool | None = None
    """Whether most of its rows name who runs the place; None where nobody knows."""
    is_commissioned: bool = False
    """What stands above a place is its commissioner, not who runs it."""
    has_status: bool = False
    code: str = ""
    """The shape of its codes, where they have one."""

    @property
    def tells_of_places(self) -> bool:
        """Whether its rows are places, not relations between them."""
        return self.layout in (COMMON, NETWORKS)


REPORTS: tuple[OdsReport, ...] = (
    OdsReport("eccg", "sub-ICB locations", SiteKind.COMMISSIONER),
    OdsReport("etr", "NHS trusts", SiteKind.TRUST, has_parent=False, code="[A-Z0-9]{3}"),
    OdsReport("ect", "care trusts", SiteKind.TRUST, code="[A-Z0-9]{3}"),
    OdsReport("ets", "sites of NHS trusts", SiteKind.TRUST_SITE, has_parent=True),
    OdsReport("ectsite", "sites of care trusts", SiteKind.TRUST_SITE, has_parent=True),
    OdsReport(
        "epcn",
        "primary care networks",
        SiteKind.PCN,
        NETWORKS,
        is_commissioned=True,
        code="U[0-9]{5}",
    ),
    OdsReport(
        "epraccur",
        "GP practices and other prescribers",
        SiteKind.PRACTICE,
        is_commissioned=True,
        has_status=True,
    ),
    OdsReport("ebranchs", "branches of GP practices", SiteKind.BRANCH, has_parent=True),
    OdsReport("edispensary", "pharmacies", SiteKind.PHARMACY, has_status=True),
    OdsReport("ecarehomehq", "companies that run care homes", SiteKind.CARE_COMPANY),
    OdsReport("ecarehomesite", "care homes and home care", SiteKind.CARE_HOME),
    OdsReport("ehospice", "hospices", SiteKind.HOSPICE),
    OdsReport("etreat", "treatment centres", SiteKind.TREATMENT_CENTRE),
    OdsReport("ephp", "independent providers", SiteKind.INDEPENDENT),
    OdsReport(
        "ephpsite", "sites of independent providers", SiteKind.INDEPENDENT_SITE, has_parent=True
    ),
    OdsReport("enonnhs", "organisations outside the NHS", SiteKind.INDEPENDENT),
    OdsReport("espha", "special health authorities"),
    OdsReport("eother", "other organisations"),
    OdsReport("epcncorepartnerdetails", "practices in their networks", layout=MEMBERS),
    OdsReport("succ", "who followed whom", layout=SUCCESSIONS),
)
"""In the order in which they are read: who runs or commissions a place comes before it. Where two
tell of one code, the one that stands first here keeps it."""
BY_NAME: Mapping[str, OdsReport] = {report.name: report for report in REPORTS}
RANK: Mapping[str, int] = {report.name: number for number, report in enumerate(REPORTS)}


@dataclass(frozen=True, slots=True)
class SiteRow:
    """What a row tells of a place."""

    code: str
    name: str
    kind: SiteKind
    geography: str
    commissioner: str
    parent: str
    address: str
    town: str
    postcode: str
    opened_on: date | None
    closed_on: date | None
    is_dormant: bool
    unknown_status: str = ""


def report_of(file_name: str) -> OdsReport | None:
    """Return the report that a file is called after: "ets.csv", "epraccur_20260302.csv"."""
    plain = file_name.lower()
    found = [name for name in BY_NAME if re.match(rf"{name}(?![a-z])", plain)]
    return BY_NAME[found[0]] if found else None


def is_header(row: Sequence[str], report: OdsReport) -> bool:
    """Whether the first row names columns, as files saved from the web page may.

    Raises RowWrong for one whose columns stand in another order, or are of another report.
    """
    first = row[0].strip().casefold() if row else ""
    if "code" not in first or _CODE.fullmatch(row[0].strip()):
        return False
    _refuse_width(row, report)
    for number, word in ((report.layout.name, "name"), (report.layout.postcode, "postcode")):
        heads = [cell.casefold().replace(" ", "") for cell in row]
        if number and any(word in head for head in heads) and word not in heads[number - 1]:
            raise RowWrong(
                f"its header has “{row[number - 1]}” in column {number}, where the report has the "
                f"{word}"
            )
    return True


def day(cell: str) -> date | None:
    """Return the day of "20260331" or "2026-03-31"; None for an empty cell. Raises RowWrong."""
    text = cell.strip()
    if not text:
        return None
    try:
        if _DAY.fullmatch(text):
            return datetime.strptime(text, "%Y%m%d").date()  # noqa: DTZ007 - a day has no zone
        if _ISO_DAY.match(text):
            return date.fromisoformat(text[:10])
    except ValueError:
        pass
    raise RowWrong(f"“{text[:20]}” is no day")


def site_row(row: Sequence[str], report: OdsReport) -> SiteRow:
    """Return what a row tells; raises RowWrong, and NoPlaceHere for what is none of ours."""
    _refuse_width(row, report)
    at = report.layout
    role = _cell(row, at.role)
    if _cell(row, at.grouping) == WALES or role == PRESCRIPTION_PADS:
        raise NoPlaceHere
    opened_on, closed_on = _days(row, at)
    name = _cell(row, at.name)
    if not name:
        raise RowWrong("it has no name")
    above, word = code_in(row, at.above), _cell(row, at.status).upper()
    return SiteRow(
        code=code_in(row, at.code, needed=True),
        name=name,
        kind=_kind(report, role),
        geography=_cell(row, at.geography),
        commissioner=above if report.is_commissioned else "",
        parent="" if report.is_commissioned else above,
        address=", ".join(filter(None, (_cell(row, number) for number in at.address))),
        town=_cell(row, at.town),
        postcode=_cell(row, at.postcode).upper(),
        opened_on=opened_on,
        closed_on=closed_on,
        is_dormant=report.has_status and STATUSES.get(word, False),
        unknown_status=word if report.has_status and word and word not in STATUSES else "",
    )


def code_in(row: Sequence[str], number: int, *, needed: bool = False) -> str:
    """Return the code in a column; raises RowWrong for what is none."""
    text = _cell(row, number).upper()
    if not text and not needed:
        return ""
    if not (_CODE if needed else _ABOVE).fullmatch(text):
        raise RowWrong(f"“{text[:20]}” is no ODS code")
    return text


def period(row: Sequence[str], report: OdsReport) -> tuple[date | None, date | None]:
    """Return from when until when a relation held; raises RowWrong."""
    _refuse_width(row, report)
    return _days(row, report.layout)


def _days(row: Sequence[str], at: Layout) -> tuple[date | None, date | None]:
    opened, closed = day(_cell(row, at.opened)), day(_cell(row, at.closed))
    if opened is not None and closed is not None and closed < opened:
        raise RowWrong(f"it closed on {closed:%Y-%m-%d}, before it opened on {opened:%Y-%m-%d}")
    return opened, closed


def _kind(report: OdsReport, role: str) -> SiteKind:
    is_other = report.name == "epraccur" and role not in PRACTICE_ROLES
    return SiteKind.PRESCRIBING if is_other else report.kind


def _refuse_width(row: Sequence[str], report: OdsReport) -> None:
    wanted = report.layout.columns
    if len(row) != wanted:
        raise RowWrong(f"it has {len(row)} columns, where {report.name} has {wanted}")


def _cell(row: Sequence[str], number: int) -> str:
    return " ".join(row[number - 1].split()) if number else ""


@dataclass(slots=True)
class FileCheck:
    """What a first reading of a whole file counted, and whether it is the report that it says."""

    report: OdsReport
    rows: int = 0
    wrong: int = 0
    with_status: int = 0
    with_parent: int = 0
    with_code: int = 0
    first_wrong: str = ""

    def see(self, row: Sequence[str]) -> None:
        """Count a row of the file."""
        self.rows += 1
        if len(row) != self.report.layout.columns or not _CODE.fullmatch(row[0].strip().upper()):
            self.wrong += 1
            self.first_wrong = self.first_wrong or f"row {self.rows}: {_said(row, self.report)}"
            return
        at = self.report.layout
        self.with_status += bool(at.status) and _cell(row, at.status).upper() in STATUSES
        self.with_parent += bool(at.above and _cell(row, at.above))
        shape = self.report.code
        self.with_code += not shape or bool(re.fullmatch(shape, row[0].strip().upper()))

    def problem(self) -> str:
        """Return in words why this is not such a file; "" where it is."""
        right = self.rows - self.wrong
        if not self.rows:
            return "it has no rows"
        if self.wrong * 20 > self.rows:
            return f"{self.wrong} of its {self.rows} rows do not fit: {self.first_wrong}"
        seen = (
            (self.with_code, bool(self.report.code) or None, "codes of this report"),
            (self.with_status, self.report.has_status, "a status"),
            (self.with_parent, self.report.has_parent, "somebody who runs them"),
        )
        for count, wanted, what in seen:
            if wanted is not None and (count * 2 > right) is not wanted:
                return f"{count} of its {right} rows have {what}: it is another report"
        return ""


def _said(row: Sequence[str], report: OdsReport) -> str:
    try:
        site_row(row, report)
    except (RowWrong, NoPlaceHere) as problem:
        return str(problem)
    return "it is no row of this report"
