"""The list that is measured: 800 rows as a network keeps them, with what people type into cells."""

import io
from collections.abc import Sequence

import xlsxwriter

ROWS = 800
WRONG = 40
"""Every so many rows one does not fit."""
ABOVE = (("Pipeline 2026 – working copy, do not share",), ("Printed 3 June 2026",), ())
"""What stands above the names of the columns."""
HEADER = (
    *("Our Ref", "Company Name ", "Product", "Short description", "Type", "Status", "Problem"),
    *("Care setting", "Website", "Cost (£)", "Date added", "Proven?"),
    *("Case status", "Support level", "Start date", "Lead", "Hours spent", "Last contact"),
    *("Kind of support", "RWV site", "RWV status", "RWV start", "RWV date", "RWV positive?"),
    *("RWV result", "Sites", "Adoption stage", "Adoption date", "Comments"),
)
STAGES = (
    *("Prototype", "Ready to adopt", "ready for adoption ", "Spreading"),
    "In use at first sites",
)
KINDS = ("Digital", "digital ", "DIGITAL", "Device")
ADDED = ("03/02/2024", "17 Mar 2023", "2022-11-05", "1.6.2021", "", "TBC")
STATES = ("Active", "on hold", "Completed", "in triage", "Ongoing")
LEVELS = ("Level 2", "1", "3", "", "L2")
HOURS = ("6.5", "2 hours", "12:30", "", "4")
COSTS = ("£1,200", "950.50", "n/a", "-", "2000")
NAMES = ("Beacon", "Harbour", "Linden", "Quarry", "Willow", "Summit", "Meadow", "Orchard")
THINGS = ("Monitor", "Companion", "Pathway", "Reader", "Sensor", "Coach", "Planner", "Patch")


def rows(sites: Sequence[str], lead: str, count: int = ROWS) -> list[tuple[str, ...]]:
    """Return the rows below the names; `sites` are places of the network's area, `lead` is one of
    its people."""
    return [_row(n, sites, lead) for n in range(count)]


def _row(n: int, sites: Sequence[str], lead: str) -> tuple[str, ...]:
    company = f"Maker {n % 300} Ltd" if n % 7 else f"MAKER {n % 300}  LTD"
    name = f"{NAMES[n % 8]} {THINGS[n // 8 % 8]} {n * 7919 % 10007} café\u00a0"
    record = (
        *(f"B{n:04}", company, "" if n % WRONG == 7 else name),
        f"Helps teams with task {n * 31 % 977} on ward {n}",
        *(KINDS[n % 4], "Loud" if n % WRONG == 19 else STAGES[n % 5]),
        f"Delay number {n * 17 % 991} – “nobody knows”",
        *("Urgent and emergency; Ambulance", f"https://maker{n % 300}.example.org"),
        *(COSTS[n % 5], ADDED[n % 6], "yes" if n % 50 == 0 else ""),
    )
    return (*record, *_support(n, lead), *_trial(n), *_sites(n, sites), f"Row {n}; see “notes”")


def _support(n: int, lead: str) -> tuple[str, ...]:
    level, hours = LEVELS[n % 5], HOURS[n % 5]
    wrong_day = "32/01/2025" if n % WRONG == 31 else "03/06/2024"
    contact, kind = ("12 Jun 2025", "Evidence") if hours else ("", "")
    return (STATES[n % 5], level, wrong_day, lead, hours, contact, kind)


def _trial(n: int) -> tuple[str, ...]:
    if n % 3 or n % 5 == 3:  # what is in triage has none yet
        return ("", "", "", "", "", "")
    if n % 2:
        return (f"Ward {n}", "in progress", "1/7/2024", "", "", "")
    return (f"Ward {n}", "Completed", "1/7/2024", "30/09/2025", "Yes", f"{n % 60} fewer falls")


def _sites(n: int, sites: Sequence[str]) -> tuple[str, ...]:
    if n % 4 or not sites:
        return ("", "", "")
    return (sites[n % len(sites)], "3", "10/01/2026")


def as_csv(lines: Sequence[Sequence[str]]) -> bytes:
    """Return a CSV as Excel saves it in England: Windows-1252, semicolons, quotes where needed."""
    text = "\r\n".join(";".join(map(_quoted, line)) for line in [HEADER, *lines])
    return text.encode("cp1252")


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if ";" in cell or '"' in cell else cell


def as_xlsx(lines: Sequence[Sequence[str]]) -> bytes:
    """Return a workbook of two sheets; the list stands below three lines of the second."""
    body = io.BytesIO()
    with xlsxwriter.Workbook(body, {"in_memory": True}) as book:
        book.add_worksheet("Read me").write_string(0, 0, "The list is on the next sheet")
        sheet = book.add_worksheet("Pipeline")
        for n, cells in enumerate([*ABOVE, HEADER, *lines]):
            for column, text in enumerate(cells):
                sheet.write_string(n, column, text)
    return body.getvalue()
