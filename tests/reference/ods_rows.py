"""Rows in the published layouts of the national directory; every place in them is made up."""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

Row = list[str]


def place(
    code: str,
    name: str = "EXAMPLE PLACE",
    *,
    region: str = "Y60",
    icb: str = "QWU",
    street: str = "1 NORTH STREET",
    town: str = "EXAMPLETON",
    postcode: str = "ZZ1 1AA",
    opened: str = "20100401",
    closed: str = "",
    status: str = "",
    above: str = "",
    role: str = "",
) -> Row:
    """A row of the common layout: 27 columns."""
    row = [code, name, region, icb, street, "", "", town, "", postcode, opened, closed, status]
    row += ["", above, opened if above else "", *[""] * 5, "1", "", "", "", role, ""]
    return row


def practice(code: str, name: str = "EXAMPLE SURGERY", **more: str) -> Row:
    """A row of `epraccur`."""
    return place(code, name, **{"status": "ACTIVE", "role": "RO76", "above": "16C", **more})


def network(code: str, name: str = "EXAMPLE PCN", above: str = "16C", closed: str = "") -> Row:
    """A row of `epcn`: 12 columns."""
    return [
        code,
        name,
        above,
        "LOCATION",
        "20190701",
        closed,
        "1 ST",
        "",
        "",
        "TOWN",
        "",
        "ZZ1 1AB",
    ]


def member(practice: str, network: str, start: str = "20190701", end: str = "") -> Row:
    """A row of `epcncorepartnerdetails`: 11 columns."""
    named = [practice, "A SURGERY", "16C", "LOCATION", network, "A PCN", "16C", "LOCATION"]
    return [*named, start, end, "TRUE"]


def followed(code: str, by: str, on: str = "20250401") -> Row:
    """A row of `succ`: 5 columns."""
    return [code, by, "S", on, "1"]


def write(path: Path, rows: Iterable[Sequence[str]], encoding: str = "utf-8") -> Path:
    """Write a file as the directory gives it: every cell in quotes, no header."""
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(rows)
    return path
