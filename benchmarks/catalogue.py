"""Catalogues of any size that look like the real one, always the same for the same size.

Words are drawn from the demonstration records with the frequencies they have there, from one
such record (so that the words of a subject come together), and from a long tail of made-up
product names and rare terms, because real text never stops bringing new words.
"""

import csv
import json
import random
import re
from collections import Counter
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path

from search_index.interface import Document

ROOT = Path(__file__).resolve().parent.parent
_TERMS = ROOT / "portal" / "reference" / "data" / "terms"
_DEMO = ROOT / "portal" / "demo" / "data" / "innovations.jsonl"
_SYLLABLES = [a + b for a in "bcdfglmnprstvz" for b in ("a", "e", "i", "o", "u", "en", "ar", "ix")]
_TAIL = 60_000
FACETS = ("stage", "category", "setting", "condition", "region", "hin")
_SIZES = {"summary": 22, "need": 35, "description": 75, "evidence": 28}


def catalogue(size: int) -> Iterator[Document]:
    """``size`` records with about 170 words and six facets each."""
    chance = random.Random(20_260_401)
    parents = [_words(row) for row in _demo()]
    common = Counter(word for words in parents for word in words)
    words, weights = list(common), list(accumulate(common.values()))
    tail = _tail(chance)
    terms = {name: _labels(name) for name in ("condition", "care_setting", "category")}
    stages, regions, hins = _labels("development_stage"), _places("regions"), _places("hins")
    for number in range(size):
        parent = chance.choice(parents)

        def text(count: int, parent: list[str] = parent) -> str:
            drawn = chance.choices(words, cum_weights=weights, k=round(count * 0.55))
            drawn += chance.choices(parent, k=round(count * 0.35))
            drawn += [
                tail[min(int(chance.paretovariate(0.6)), _TAIL) - 1] for _ in range(count // 10)
            ]
            chance.shuffle(drawn)
            return " ".join(drawn).capitalize() + "."

        conditions = chance.sample(terms["condition"], chance.choice((1, 1, 1, 2, 3)))
        yield Document(
            number,
            {
                "name": " ".join(chance.sample(tail, chance.choice((1, 1, 2)))).title(),
                "organisation": f"{tail[number * 7 % _TAIL]} {chance.choice(words)} ltd".title(),
                "conditions": ", ".join(conditions),
                **{name: text(count) for name, count in _SIZES.items()},
            },
            {
                "stage": [chance.choice(stages)],
                "category": [chance.choice(terms["category"])],
                "setting": chance.sample(terms["care_setting"], chance.choice((1, 1, 2, 3))),
                "condition": conditions,
                "region": [chance.choice(regions)],
                "hin": chance.sample(hins, chance.choice((1, 1, 1, 2))),
            },
            standing=float(chance.random() < 0.15),
        )


def from_file(path: Path) -> Iterator[Document]:
    """Records of a JSONL file: every text value is a field, every list of texts a facet."""
    with path.open(encoding="utf-8") as source:
        for number, line in enumerate(source):
            row = json.loads(line)
            fields = {k: v for k, v in row.items() if isinstance(v, str) and k != "id"}
            facets = {k: list(map(str, v)) for k, v in row.items() if isinstance(v, list)}
            yield Document(number, fields, facets)


def questions(documents: list[Document], count: int = 400) -> list[str]:
    """Questions of one to four words, each from the text of one record, as people half remember."""
    chance = random.Random(7)
    asked = []
    while len(asked) < count:
        text = " ".join(chance.choice(documents).fields.values()).lower()
        words = sorted(set(re.findall(r"[a-z]{4,}", text)))
        asked.append(" ".join(chance.sample(words, min(1 + len(asked) % 4, len(words)))))
    return asked


def _demo() -> Iterator[dict[str, object]]:
    with _DEMO.open(encoding="utf-8") as source:
        yield from (json.loads(line) for line in source)


def _words(row: dict[str, object]) -> list[str]:
    parts = [str(row.get(name) or "") for name in ("summary", "need", "description", "who_for")]
    return re.findall(r"[\w&'+-]+", " ".join(parts).lower())


def _tail(chance: random.Random) -> list[str]:
    made: dict[str, None] = {}
    while len(made) < _TAIL:
        made["".join(chance.choices(_SYLLABLES, k=chance.choice((2, 3, 3, 4))))] = None
    return list(made)


def _labels(name: str) -> list[str]:
    with (_TERMS / f"{name}.csv").open(encoding="utf-8") as source:
        return [row["label"] for row in csv.DictReader(source)]


def _places(name: str) -> list[str]:
    with (_TERMS.parent / f"{name}.csv").open(encoding="utf-8") as source:
        return [row.get("name") or next(iter(row.values())) for row in csv.DictReader(source)]
