"""Pair a need with solutions by words and coded facts, and say why. Pure: no pages, no tables.

    matcher = Matcher([Solution(1, {"summary": "Finds falls early"}), …])
    for pairing in matcher.match(Need("a", {"title": "Too many falls"})):
        print(pairing.solution_id, pairing.score, pairing.reasons)

The words are compared by TF-IDF over the analysis shared with search; agreement in care setting,
condition, its group and area are parts of their own. The figures stand in
`docs/matching-measurements.md`.
"""

from portal.matching.engine.asking import Asking
from portal.matching.engine.catalogue import Catalogue
from portal.matching.engine.described import Id, Need, Solution
from portal.matching.engine.matcher import (
    ENGINE_VERSION,
    MOVED,
    TEXT,
    TOTAL,
    WEIGHTS,
    Limits,
    Matcher,
    Pairing,
    Question,
    RematchResult,
)
from portal.matching.engine.reasons import Reasons, Shared

__all__ = [
    "ENGINE_VERSION",
    "MOVED",
    "TEXT",
    "TOTAL",
    "WEIGHTS",
    "Asking",
    "Catalogue",
    "Id",
    "Limits",
    "Matcher",
    "Need",
    "Pairing",
    "Question",
    "Reasons",
    "RematchResult",
    "Shared",
    "Solution",
]
