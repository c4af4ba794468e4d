"""Write every number that figures, pipeline and home pages show, to compare two versions.

    INSTANCE=<a demonstration's folder> DEMO=1 python -m benchmarks.numbers > numbers.json

It signs in as one person of each role, opens each page and keeps the rows of its tables and the
text of its cards. Two files, of two versions over the same data, differ where a number does.
"""

import json
import sys
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element

import html5lib

from portal import create_app
from portal.demo import queries
from portal.demo.services import PASSWORD

ROLES = ("innovator", "ics", "hin", "national")
PIPELINE = (
    "/home",
    "/pipeline",
    "/pipeline?on=2026-06-30",
    "/pipeline/flow",
    "/pipeline/quarters",
    "/pipeline/places",
    "/pipeline/network",
    "/pipeline/network/innovators",
    "/reports",
)
FIELDS = (
    *("stage", "proven", "category", "main_purpose", "care_setting", "condition_group", "area"),
    *("benefit", "inequality", "evidence_kind", "standard", "in_use", "level", "hin", "hin_count"),
    *("first_hin", "ics", "region", "organisation_kind", "organisation_size", "year", "quarter"),
)
MEASURES = ("innovations", "innovators", "hours", "sites", "challenges")
QUARTERS = ("2026-27-Q3", "2026-27-Q2", "2026-27-Q1", "2025-26-Q4")
SPACE = "{http://www.w3.org/1999/xhtml}"


def pages(prefix: str) -> Iterator[str]:
    """Yield every address; `prefix` is where the figures of a quarter stand."""
    yield from PIPELINE
    for field in FIELDS:
        yield f"/pipeline/crosstab?row={field}&column=area"
        yield f"/pipeline/crosstab?row={field}&column=stage&empty=show"
        yield f"/pipeline/crosstab?row=hin&column={field}&on=2026-06-30"
    for measure in MEASURES:
        yield f"/pipeline/crosstab?row=region&column=stage&measure={measure}"
    for quarter in QUARTERS:
        for show in ("live", "frozen"):
            yield f"{prefix}?quarter={quarter}&show={show}"
            yield f"{prefix}?quarter={quarter}&show={show}&network=WEST_MIDLANDS"


def text_of(element: Element) -> str:
    """Return the text of an element, its white space folded."""
    return " ".join("".join(element.itertext()).split())


def numbers(html: str) -> list[Any]:
    """Return the rows of every table and the text of every card with a digit in it."""
    tree = html5lib.parse(html)
    main = next(tree.iter(f"{SPACE}main"))
    rows = [[text_of(cell) for cell in row] for row in main.iter(f"{SPACE}tr")]
    cards = [
        text_of(one)
        for one in main.iter()
        if "card" in (one.get("class") or "").split("-") or "app-stat" in (one.get("class") or "")
    ]
    return [rows, [card for card in cards if any(c.isdigit() for c in card)]]


def main() -> None:
    """Print a JSON object: person, page, numbers."""
    app = create_app({"WTF_CSRF_ENABLED": False, "RATELIMIT_ENABLED": False})
    prefix = "/figures" if "figures.index" in app.view_functions else "/support/figures"
    people = {}
    for person in queries.people():
        role = next((r for r in ROLES if r in person["sign_in"].lower()), person["email"])
        people.setdefault(role, person["email"])
    found = {}
    for email in people.values():
        client = app.test_client()
        client.post("/sign-in", data={"email": email, "password": PASSWORD})
        for page in pages(prefix):
            answer = client.get(page)
            key = page.replace("/support/figures", "/figures")
            shown = numbers(answer.text) if answer.status_code == 200 else answer.status_code
            found[f"{email} {key}"] = shown
        print(email, file=sys.stderr)
    json.dump(found, sys.stdout, indent=1, ensure_ascii=False)


if __name__ == "__main__":
    main()
