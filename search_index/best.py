"""Finding the best of many scores without sorting, or even visiting, all of them.

Scores are dense: one for each row, 0 for a row that is no result.
"""

from collections.abc import Sequence

import numpy as np

from search_index.arrays import Array
from search_index.themes import CANDIDATES, MAX_VECTOR_LENGTH

_GROUPS = 1_024
_GROUPS_EACH = 4


def floors(scores: Array, counts: Sequence[int]) -> list[float]:
    """For each count a score that as many rows reach, close to the lowest of theirs; 0 if none is.

    ``counts`` come largest first. Rows are dealt into groups; the best of each group are scores of
    different rows, so the n-th best of these is reached by n rows.
    """
    groups = max(_GROUPS, *(_GROUPS_EACH * count for count in counts))
    each = len(scores) // groups
    if each > 1:
        scores = scores[: groups * each].reshape(each, groups).max(axis=0)
    found, least = [], 0.0
    for count in counts:
        place = len(scores) - max(count, 1)
        if place > 0:
            # A smaller count looks only among the best that the one before has found.
            scores = np.partition(scores, place)[place:]
            least = float(scores[0])
        found.append(least)
    return found


def candidates(scores: Array, wanted: int | None, portion: float, top: float) -> Array:
    """The rows among which the ``wanted`` best must be, once themes have added ``portion``.

    ``top`` is the best score anywhere. Themes lift only the best few hundred, and none by more than
    ``portion``: a record too far below the last one wanted cannot reach it.
    """
    least = 0.0
    if wanted is not None and len(scores):
        if portion:
            lifted, last = floors(scores, (max(wanted, CANDIDATES), wanted))
            least = max(last - MAX_VECTOR_LENGTH * portion / (1 - portion) * top, lifted)
        else:
            (least,) = floors(scores, (wanted,))
    # Of bools, because looking for what is not 0 in other numbers takes five times as long.
    kept: Array = (scores >= least if least > 0 else scores > 0).nonzero()[0]
    return kept


def order(values: Array, ids: Array, wanted: int) -> Array:
    """The places of the best values in order, the smaller id first among equals."""
    if not wanted or wanted >= len(values):
        return np.lexsort((ids, -values))[:wanted]
    place = len(values) - wanted
    kept = (values >= np.partition(values, place)[place]).nonzero()[0]
    ordered: Array = kept[np.lexsort((ids[kept], -values[kept]))][:wanted]
    return ordered
