"""Finding the best of many scores without sorting, or even visiting, all of them.

Scores are dense: one for each row, 0 for a row that is no result.
"""

import numpy as np

from search_index.arrays import Array
from search_index.themes import CANDIDATES, LONGEST

_GROUPS = 1_024
_GROUPS_EACH = 4
_MANY = 3


def floor(scores: Array, count: int) -> float:
    """A score that at least ``count`` rows reach, close to the lowest of theirs; 0 if none is.

    Rows are dealt into groups; the best of each group are scores of different rows, so the
    ``count``-th best of these is reached by as many.
    """
    if count >= len(scores):
        return 0.0
    groups = max(_GROUPS, _GROUPS_EACH * count)
    each = len(scores) // groups
    if each > 1:
        scores = scores[: groups * each].reshape(each, groups).max(axis=0)
    place = len(scores) - max(count, 1)
    return float(np.partition(scores, place)[place])


def candidates(scores: Array, wanted: int | None, portion: float, top: float) -> Array:
    """The rows among which the ``wanted`` best must be, once themes have added ``portion``.

    ``top`` is the best score anywhere. Themes lift only the best few hundred, and none by more than
    ``portion``: a record too far below the last one wanted cannot reach it.
    """
    least = 0.0 if wanted is None else floor(scores, wanted)
    if wanted is not None and portion:
        least -= LONGEST * portion / (1 - portion) * top
        if np.count_nonzero(scores >= least) > _MANY * CANDIDATES:
            least = max(least, floor(scores, max(wanted, CANDIDATES)))
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
