"""Adding a weighted column of impacts to scores: most of the work of a search.

SciPy's own loop for a column of a sparse matrix does it in one pass, without the two arrays that
NumPy's indexing makes on the way. SciPy does not promise to keep that loop where it is, so where it
is not found NumPy does the same; a test holds both equal. ``docs/search-measurements.md`` has the
times.
"""

from collections.abc import Callable

from search_index.arrays import Array

try:
    from scipy.sparse._sparsetools import csc_matvec
except ImportError:
    csc_matvec = None

Add = Callable[[Array, Array, Array, Array, Array], None]


def add_with_numpy(scores: Array, ends: Array, rows: Array, impacts: Array, share: Array) -> None:
    """``scores[rows] += share * impacts`` for the rows from ``ends[0]`` to ``ends[1]``.

    No row may stand there twice. ``share`` is an array of one number.
    """
    held = slice(int(ends[0]), int(ends[1]))
    scores[rows[held]] += share[0] * impacts[held]


def add_with_scipy(scores: Array, ends: Array, rows: Array, impacts: Array, share: Array) -> None:
    """The same as a product of a matrix of one column with ``share``."""
    csc_matvec(len(scores), 1, ends, rows, impacts, share, scores)


def fastest() -> Add:
    """The quicker of the two that this SciPy has."""
    return add_with_numpy if csc_matvec is None else add_with_scipy


add = fastest()
