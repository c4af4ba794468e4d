"""Searches in the words of ICS staff, as the demonstration serves them to one of them.

`python -m benchmarks.ics_searches ADDRESS` signs in as the demonstration's ICS lead, opens the
search page for each line of `ics_searches.csv` and `ics_searches_of_needs.csv` and prints how many
have a right record among the first three. The lines were written down before the first run; what
counts as right is in them, by the keys of the demonstration's records.
"""

import csv
import html
import json
import re
import sys
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, build_opener

from portal.demo.services import PASSWORD

HERE = Path(__file__).parent
RECORDS = HERE.parent / "portal" / "demo" / "data" / "innovations.jsonl"
EMAIL = "ics@demo.example"
FIRST = 3
FILES = ("ics_searches.csv", "ics_searches_of_needs.csv")


def names() -> dict[str, str]:
    """Return the name of each record by its key."""
    with RECORDS.open(encoding="utf-8") as file:
        return {record["key"]: record["name"] for record in map(json.loads, file)}


def signed_in(address: str) -> OpenerDirector:
    """Return a browser that is signed in as somebody of an ICS."""
    browser = build_opener(HTTPCookieProcessor(CookieJar()))
    page = f"{address}/account/sign-in"
    shown = browser.open(page).read().decode()
    sent = dict(re.findall(r'name="(csrf_token|opened)"[^>]*value="([^"]+)"', shown))
    sent |= {"email": EMAIL, "password": PASSWORD}
    browser.open(page, urlencode(sent).encode())
    return browser


def found(browser: OpenerDirector, address: str, words: str) -> list[str]:
    """Return the names on the first page of results, in their order."""
    page = browser.open(f"{address}/search?{urlencode({'q': words})}").read().decode()
    heads = re.findall(r'<h2 class="nhsuk-heading-s[^"]*"><a href="[^"]+">(.*?)</a></h2>', page)
    return [html.unescape(re.sub("<[^>]+>", "", head)) for head in heads]


def main(address: str) -> None:
    """Print for each file its searches with the place of the first right record, and the count."""
    browser, called = signed_in(address), names()
    for file in FILES:
        with (HERE / file).open(encoding="utf-8", newline="") as lines:
            rows = list(csv.DictReader(lines))
        right = 0
        for row in rows:
            wanted = {called[key] for key in row["right"].split("|")}
            results = found(browser, address, row["words"])
            place = next((n for n, name in enumerate(results, start=1) if name in wanted), None)
            right += place is not None and place <= FIRST
            print(f"{place or '-':>3}  {row['words']}  ->  {'; '.join(results[:FIRST])}")
        print(f"{file}: {right} of {len(rows)} have a right record among the first {FIRST}")


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"))
