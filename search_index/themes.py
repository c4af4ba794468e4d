"""What records are about beyond their words: a space of about a hundred themes.

Words that keep the same company lie in the same direction, so that among the records that hold
some of the question's words those about the same thing come first (latent semantic analysis:
Deerwester and others, "Indexing by Latent Semantic Analysis", 1990). The space is fitted when
columns are made, to a sample of at most 20,000 records; later records are placed in it.
"""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from scipy import sparse
from threadpoolctl import threadpool_limits

from search_index.arrays import Array
from search_index.columns import Columns
from search_index.ranking import Settings

SAMPLE = 20_000
CANDIDATES = 500
TELLING_LENGTH = 20
_RECORDS_PER_THEME = 10
_MIN_RECORDS = 10
_MIN_HOLDING = 2
_SPARE = 20
_STEPS = 127
MAX_VECTOR_LENGTH = 1.05  # a unit vector in whole steps
_ROUNDS = 4


def fit(columns: Columns, settings: Settings) -> Columns:
    """The same columns with themes, where there are enough records for any."""
    count = min(settings.themes, len(columns) // _RECORDS_PER_THEME)
    holding = np.diff(columns.ends)
    used = np.flatnonzero(holding >= _MIN_HOLDING)
    if count < _MIN_RECORDS or len(used) <= count:
        return columns
    weighted = _weighted(columns)
    step = -(-len(columns) // SAMPLE)
    # One thread: several processes on few cores otherwise wait for each other (20 times longer).
    with threadpool_limits(limits=1, user_api="blas"):
        directions = _directions(weighted[::step][:, used], count)
    term_themes = np.zeros((len(holding), count), dtype=np.float16)
    term_themes[used] = directions
    return columns.with_themes(term_themes, place(columns, term_themes))


def _weighted(columns: Columns) -> sparse.csr_array:
    """Records by terms: impact times how telling the term is."""
    size, holding = len(columns), np.diff(columns.ends)
    telling = np.log1p((size - holding + 0.5) / (holding + 0.5))
    values = columns.impacts * np.repeat(telling, holding).astype(np.float32)
    shape = (size, len(holding))
    return sparse.csc_array((values, columns.rows, columns.ends), shape=shape).tocsr()


def _directions(weighted: sparse.csr_array, count: int) -> Array:
    """The first directions of the records, each record counting the same."""
    lengths = np.sqrt(weighted.multiply(weighted).sum(axis=1))
    even = sparse.diags_array(1 / np.maximum(lengths, 1e-9)) @ weighted
    count = min(count, *even.shape)
    # Subspace iteration from a fixed start, so that the same records give the same space
    # (Halko, Martinsson and Tropp, "Finding structure with randomness", 2011, algorithm 4.4).
    start = np.random.default_rng(1).standard_normal((even.shape[0], count + _SPARE))
    basis = even.T @ start.astype(np.float32)
    for _ in range(_ROUNDS):
        basis, _ = np.linalg.qr(even.T @ (even @ np.linalg.qr(basis)[0]))
    small = even @ basis
    _, turns = np.linalg.eigh(small.T @ small)
    directions: Array = basis @ turns[:, ::-1][:, :count]
    return directions


def directions(columns: Columns, space: Columns) -> Array:
    """The direction of each term of ``columns`` in the themes of ``space``; zeros for unknown."""
    if space.term_letters is columns.term_letters:
        return space.term_themes
    stems = (columns.terms.at(number) for number in range(len(columns.terms)))
    return _looked_up([space.term(stem) for stem in stems], space)


def _looked_up(numbers: Sequence[int], space: Columns) -> Array:
    if not len(space.term_themes):
        return np.zeros((len(numbers), space.term_themes.shape[1]), dtype=np.float16)
    found = space.term_themes.take(numbers, axis=0, mode="clip")
    if min(numbers, default=0) < 0:
        found[np.array(numbers) < 0] = 0
    return found


def place(columns: Columns, directions: Array) -> Array:
    """Where the records of ``columns`` lie among themes, given the direction of each term.

    Unit vectors in steps of 1/127: a byte a theme is small on disk and quick to read.
    """
    themes = directions.shape[1]
    if not themes or not len(columns):
        return np.zeros((len(columns), themes), dtype=np.int8)
    vectors = unit(_weighted(columns) @ directions.astype(np.float32))
    return np.round(vectors * _STEPS).astype(np.int8)


def unit(vectors: Array) -> Array:
    """Each row at length one; rows of nothing stay nothing."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    scaled: Array = vectors / np.maximum(lengths, 1e-9)
    return scaled


def of_question(weights: Sequence[float], directions: Array) -> Array:
    """Where a question lies, given the weight and the direction of each of its stems."""
    shares = np.array(weights, dtype=np.float32)
    place: Array = shares @ directions.astype(np.float32)
    return place / max(float(np.sqrt(place @ place)), 1e-9)


def of_terms(stems: Iterable[str], space: Columns) -> Array:
    """The direction of each stem; zeros for those that have none."""
    return _looked_up([space.term(stem) for stem in stems], space)


def share(words: int, averages: Mapping[str, float], settings: Settings) -> float:
    """How much themes count: nothing for one word, all their share from five words on.

    One or two words say exactly what is wanted; a sentence says what it is about. Where records
    are shorter than twenty words on average, each says too little of what it is about: then less.
    ``averages`` are the average lengths of the fields.
    """
    length = sum(averages.values())
    telling = min(max(words - 1, 0) / 4, 1.0) * min(length / TELLING_LENGTH, 1.0)
    return settings.theme_share * telling


def blend(
    values: Array, rows: Array, themes: Array, question: Array, portion: float, top: float
) -> Array:
    """Scores between 0 and 1: by words, and for the best five hundred by themes as well.

    ``values`` are the scores by words of ``rows``, ``top`` the best anywhere, ``themes`` the
    vectors of all rows. A record further down never overtakes one that was blended, because
    themes only add. Records that score alike are lifted or left together.
    """
    if top <= 0:
        return values
    blended: Array = values * ((1 - portion) / top)
    question = question * np.float32(portion / _STEPS)
    if len(values) <= CANDIDATES:
        blended += _likeness(themes, rows, question)
    else:
        place = len(values) - CANDIDATES
        best = (values >= np.partition(values, place)[place]).nonzero()[0]
        blended[best] += _likeness(themes, rows[best], question)
    return blended


def _likeness(themes: Array, rows: Array, question: Array) -> Array:
    """How much rows are about what a question is about; nothing for what points away from it."""
    # Not @: its threads wait for each other when several processes share few cores.
    alike: Array = np.vecdot(themes.take(rows, axis=0).astype(np.float32), question)
    return np.maximum(alike, 0, out=alike)
