"""The verification against ASVS names every requirement once, and only files that are there."""

import re
from collections import Counter
from pathlib import Path

from tests.house.test_structure import PORTAL, ROOT

PAGE = ROOT / "docs" / "assurance" / "asvs.md"
ROW = re.compile(r"\| (\d+\.\d+\.\d+) \| ([12]) \| (.+?) \| (met|not applicable|open) \| (.+) \|")
REQUIREMENTS = 253
"""How many requirements levels 1 and 2 of version 5.0.0 have together."""
FILE = re.compile(r"`((?:tests|portal|docs|\.ci|config|pyproject|SECURITY)[\w/.-]*)`")


def rows() -> list[tuple[str, ...]]:
    text = PAGE.read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if re.match(r"\| \d", line)]
    found = [ROW.fullmatch(line) for line in lines]
    assert all(found), [line for line, match in zip(lines, found, strict=True) if not match]
    return [match.groups() for match in found if match]


def test_every_requirement_stands_once() -> None:
    numbers = [row[0] for row in rows()]
    assert [number for number, count in Counter(numbers).items() if count > 1] == []
    assert len(numbers) == REQUIREMENTS
    assert {number.split(".")[0] for number in numbers} == {str(n) for n in range(1, 18)}


def test_what_is_open_says_until_when() -> None:
    assert [row[0] for row in rows() if row[3] == "open" and " until " not in row[4]] == []


def test_what_is_named_is_there() -> None:
    named = {(row[0], name) for row in rows() for name in FILE.findall(row[4])}
    missing = [
        f"{number}: {name}"
        for number, name in sorted(named)
        if not any((root / name).exists() or _is_layer(root / name) for root in (ROOT, PORTAL))
    ]
    assert missing == []
    assert len(named) > 100


def _is_layer(path: Path) -> bool:
    return path.suffix == "" and path.with_suffix(".py").exists()


def test_the_counts_are_those_of_the_rows() -> None:
    counts = Counter(row[3] for row in rows())
    said = (
        f"**{len(rows())} requirements: {counts['met']} met, "
        f"{counts['not applicable']} not applicable, {counts['open']} open.**"
    )
    assert said in PAGE.read_text(encoding="utf-8")
