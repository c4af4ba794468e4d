"""Write every number that figures, pipeline and home pages show, and compare two versions.

    INSTANCE=<a demonstration's folder> DEMO=1 python -m benchmarks.numbers > numbers.json
    python -m benchmarks.numbers compare old.json new.json [named.csv]

It signs in as one person of each role, opens each page and keeps each number under what stands
beside it: of a card its label, of a table's cell the caption, the row's and the column's header,
of a sentence its words. So a page may be arranged anew. `named.csv` has the differences that are
meant: a pattern of where they stand, and their cause. Others end the comparison with status 1.
"""

import csv
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import html5lib

from portal import create_app
from portal.demo import queries
from portal.demo.services import PASSWORD

PEOPLE = ("innovator", "ics", "hin", "national", "administrator")
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
HIDDEN = {"nhsuk-table-responsive__heading", "nhsuk-u-visually-hidden"}
NUMBER = re.compile(r"\d[\d,.]*")
RENAMED = {"Hours by kind of contact": "Hours by kind of interaction"}
"""Captions of an old version, and what the same numbers stand under now."""
USAGE = "Use: python -m benchmarks.numbers [compare old.json new.json [named.csv]]"


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


def classes(element: Element) -> set[str]:
    """Return the classes of an element."""
    return set((element.get("class") or "").split())


def text_of(element: Element) -> str:
    """Return the text of an element as it is seen, its white space folded."""
    return " ".join("".join(_texts(element)).split())


def _texts(element: Element) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if not classes(child) & HIDDEN:
            yield from _texts(child)
        yield child.tail or ""


def numbers(html: str) -> dict[str, str]:
    """Return what stands beside each number of a page, and the number."""
    main = next(html5lib.parse(html).iter(f"{SPACE}main"))
    found: dict[str, str] = {}
    for place, number in [*_cards(main), *_tables(main), *_sentences(main)]:
        key, n = place, 1
        while key in found:  # two rows or columns of one name
            n += 1
            key = f"{place} #{n}"
        found[key] = number
    return found


def _cards(main: Element) -> Iterator[tuple[str, str]]:
    for card in main.iter():
        if "app-stat" not in classes(card):
            continue
        parts = {name: text_of(one) for one in card.iter() for name in classes(one)}
        label = parts.get("nhsuk-card__link") or parts.get("app-stat__label") or text_of(card)
        yield f"card | {NUMBER.sub('#', label)}", parts["app-stat__number"]
        if "app-stat__sub" in parts:
            yield f"card | {NUMBER.sub('#', label)} | below", parts["app-stat__sub"]


def _tables(main: Element) -> Iterator[tuple[str, str]]:
    for table in main.iter(f"{SPACE}table"):
        caption = next((text_of(one) for one in table.iter(f"{SPACE}caption")), "")
        rows = [list(row) for row in table.iter(f"{SPACE}tr")]
        headers = [text_of(cell) for cell in rows[0]] if rows else []
        for first, *cells in rows[1:]:
            for place, cell in enumerate(cells, start=1):
                header = headers[place] if place < len(headers) else str(place)
                yield f"table | {caption} | {text_of(first)} | {header}", text_of(cell)


def _sentences(main: Element) -> Iterator[tuple[str, str]]:
    inside = {
        id(one)
        for outer in main.iter()
        if outer.tag == f"{SPACE}table" or "app-stat" in classes(outer)
        for one in outer.iter()
    }
    for one in main.iter():
        is_said = one.tag in {f"{SPACE}{tag}" for tag in ("p", "li", "figcaption", "h1", "h2")}
        words = text_of(one) if is_said and id(one) not in inside else ""
        if NUMBER.search(words) and not list(one.iter(f"{SPACE}li"))[1:]:
            yield f"words | {NUMBER.sub('#', words)}", " ".join(NUMBER.findall(words))


def write() -> None:
    """Print a JSON object: person and page, what stands beside a number, number."""
    app = create_app({"WTF_CSRF_ENABLED": False, "RATELIMIT_ENABLED": False})
    prefix = "/figures" if "figures.index" in app.view_functions else "/support/figures"
    found: dict[str, Any] = {}
    for person in (one for one in queries.people() if one["key"] in PEOPLE):
        client = app.test_client()
        client.post("/account/sign-in", data={"email": person["email"], "password": PASSWORD})
        if client.get("/home").status_code != 200:
            sys.exit(f"{person['email']} cannot sign in")
        for page in pages(prefix):
            answer = client.get(page)
            shown = numbers(answer.text) if answer.status_code == 200 else {}
            key = page.replace("/support/figures", "/figures")
            found[f"{person['key']} {key}"] = {"status": str(answer.status_code), **shown}
        print(person["key"], file=sys.stderr)
    json.dump(found, sys.stdout, indent=1, ensure_ascii=False)


def compare(old_path: str, new_path: str, named_path: str | None = None) -> bool:
    """Print what differs and why; returns whether every difference is a named one."""
    old, new = (flat(json.loads(Path(path).read_text())) for path in (old_path, new_path))
    causes: list[tuple[re.Pattern[str], str]] = []
    if named_path:
        with Path(named_path).open(encoding="utf-8", newline="") as file:
            causes = [(re.compile(row["place"]), row["cause"]) for row in csv.DictReader(file)]
    counts: Counter[str] = Counter()
    for place in sorted(old.keys() | new.keys()):
        before, after = old.get(place), new.get(place)
        cause = next((cause for pattern, cause in causes if pattern.search(place)), "unexplained")
        counts["equal" if before == after else cause] += 1
        if before != after:
            print(f"{cause}: {place}: {before} → {after}")
    print(*(f"{n:7} {cause}" for cause, n in counts.most_common()), sep="\n")
    return "unexplained" not in counts


def flat(found: dict[str, dict[str, str]]) -> dict[str, str]:
    """Return each number under its person, page and place."""
    return {
        renamed(f"{page} | {place}"): number
        for page, numbers_of_page in found.items()
        for place, number in numbers_of_page.items()
    }


def renamed(place: str) -> str:
    """Return a place in the words of today."""
    for old, new in RENAMED.items():
        place = place.replace(f"| {old} |", f"| {new} |")
    return place


def main(*arguments: str) -> None:
    """Write the numbers of this version, or compare two files of them."""
    if not arguments:
        write()
    elif arguments[0] == "compare" and len(arguments) in {3, 4}:
        sys.exit(not compare(*arguments[1:]))
    else:
        sys.exit(USAGE)


if __name__ == "__main__":
    main(*sys.argv[1:])
