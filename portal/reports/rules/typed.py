"""Find numbers that somebody typed into a text instead of quoting them. Pure."""

import re
from collections.abc import Iterator

from portal.reports.rules.text import Block

_MONTHS = (
    "January|February|March|April|May|June|July|August|September|October|November|December"
    "|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec"
)
_NAMED = (
    "quarters?|stages?|levels?|sections?|pages?|parts?|figures?|tables?|years?|phases?|version"
    "|cohorts?|waves?|rounds?|tiers?|bands?|aims?"
)
_BEFORE_YEAR = (
    "in|of|by|since|until|till|from|to|and|or|during|before|after|between|end|early|late|mid"
    "|spring|summer|autumn|winter"
)
_NO_COUNT = re.compile(
    rf"""
    \b\d{{1,2}}(?:st|nd|rd|th)?\s+(?:to|and|–|-)\s+\d{{1,2}}\s+(?:{_MONTHS})\b(?:\s+\d{{4}})?
    | \b\d{{1,2}}(?:st|nd|rd|th)?\s+(?:{_MONTHS})\b(?:\s+\d{{4}})?
    | \b(?:19|20)\d\d[-/–]\d\d(?:\d\d)?(?:-Q[1-4])?(?!\d)
    | (?:\b(?:{_BEFORE_YEAR}|{_MONTHS})\s+|\()(?:19|20)\d\d(?![\d,.]*\d)(?!\s*%)
    | \bQ[1-4]\b
    | \b999(?=\s+calls)
    | \bNHS\s+111\b
    | \b(?:{_NAMED})\s+\d+(?:\.\d+)*(?:\s+(?:to|and|or|–|-)\s+\d+)?\b
    """,
    re.VERBOSE | re.IGNORECASE,
)
"""Days, years, quarters, and what is called by a number: "stage 5"."""
_NUMBER = re.compile(
    r"""
    (?<![\w.,/&-])[£€$]?\d[\d,]*(?:\.\d+)?(?:\s?(?:%|(?:per\s?cent|million|billion|bn|m|k)\b))?
    (?![\w])
    | \b(?:(?:ten|eleven|twelve|\w+teen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)
        (?:-\w+)?|(?:a\s+|\w+\s+)?(?:dozens?|hundreds?|thousands?|millions?|billions?))\b
    """,
    re.VERBOSE | re.IGNORECASE,
)
_NO_NUMBER = re.compile(r"\b(?:canteen|fourteenth|thirteenth|fifteenth|sixteenth)\b", re.IGNORECASE)


def typed_numbers(words: str) -> Iterator[tuple[int, int]]:
    """Yield where the numbers stand that count something: from, to (excluded).

    Days, years, quarters, and stages, levels, sections and the like with their number count
    nothing. Words count from ten up; "one" to "nine" stand in too many phrases.
    """
    taken = [found.span() for rule in (_NO_COUNT, _NO_NUMBER) for found in rule.finditer(words)]
    for found in _NUMBER.finditer(words):
        start, end = found.span()
        if not any(start < until and end > since for since, until in taken):
            yield start, end


def typed_in(blocks: list[Block]) -> list[str]:
    """Return the numbers that are typed in a text and its footnotes, in their order."""
    return [
        words[start:end]
        for block in blocks
        for run in block.runs
        for words in (run.text, run.reference.note if run.reference else "")
        for start, end in typed_numbers(words)
    ]
