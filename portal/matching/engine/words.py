"""How alike the words of needs and of solutions are: TF-IDF by scikit-learn, compared in blocks.

Words that many solutions use are few, and hold most of what there is to add up: they lie in a
dense table, where one matrix product adds them for a whole block of needs. The others are listed
by word, and only the words that a need uses are read. Both give the cosine, nothing is left out.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from portal.matching.engine.asking import NONE, Asking
from portal.matching.engine.catalogue import Catalogue, Numbers
from portal.matching.engine.described import Need
from portal.matching.engine.knowledge import weigh
from search_index import english

Values = npt.NDArray[np.float32]

MIN_DENSE_SHARE = 0.1
"""A word that more than this share of the solutions use lies in the dense table (where the time
of both ways is about the same)."""
TIMES_EXPECTED = 3
"""In how many times as many texts as by chance a word must be, to be a reason on its own."""
MIN_TEXTS = 2
MIN_NEEDS_FOR_TABLE = 4
"""For fewer needs than this only the words they use are read from the dense table."""


@dataclass(frozen=True)
class NeedVector:
    """The words of a need as a vector of length 1, and where the related ones come from."""

    weights: Mapping[str, float]
    """What each stem counts, related concepts and words that no solution has included."""
    origins: Mapping[str, str]
    """The stem of the need from which each related concept comes."""

    columns: npt.NDArray[np.int32]
    """Which of the stems any solution may use, by number, and what each counts."""
    values: Values

    @property
    def own(self) -> dict[str, float]:
        """What each stem that the need itself uses counts."""
        return {stem: w for stem, w in self.weights.items() if stem not in self.origins}


class TfidfScores:
    """The TF-IDF part, for the solutions of some rows, weighed by what `background` uses.

    `TfidfVectorizer` is a counter followed by `TfidfTransformer` and `normalize`; the catalogue has
    counted, sub-linearly, and keeps that between changes.
    """

    def __init__(
        self, catalogue: Catalogue, rows: Numbers, background: Numbers, asking: Asking = NONE
    ) -> None:
        from sklearn.feature_extraction.text import TfidfTransformer  # noqa: PLC0415 - 125 MB

        self._asking = asking
        self._stems = catalogue.stems
        known = catalogue.counts[background]
        self._held = np.bincount(known.indices, minlength=len(self._stems))
        self._texts = max(len(background), 1)
        self._length = float(known.sum()) / self._texts
        # One row more, without words, so that there is something to fit where nothing is.
        known.resize((len(background) + 1, max(len(self._stems), 1)))
        self._idf = TfidfTransformer(norm=None).fit(known).idf_.astype(np.float32)
        self._unseen = math.log(2 + len(background)) + 1
        self._weigh(catalogue.untold[rows])

    def _weigh(self, matched: sparse.csr_array) -> None:
        """Give every row the length 1, and lay it out by word."""
        from sklearn.preprocessing import normalize  # noqa: PLC0415 - as above

        matched.data *= self._idf[matched.indices]
        # `normalize` refuses a table without rows or without columns.
        self._matrix = normalize(matched, copy=False) if min(matched.shape) else matched
        self._by_word(self._matrix.tocsc(), matched.shape[0])

    def asked_by(self, asking: Asking) -> "TfidfScores":
        """Return the same words, beside other needs."""
        other = copy(self)
        other._asking = asking
        return other

    def alone(self, row: int) -> "TfidfScores":
        """Return the words of one solution alone, weighed as beside all the others."""
        other = copy(self)
        other._matrix = self._matrix[[row]]
        other._by_word(other._matrix.tocsc(), 1)
        return other

    def _idf_of(self, stem: str) -> float | None:
        column = self._stems.get(stem)
        return float(self._idf[column]) if column is not None and self._held[column] else None

    def _by_word(self, words: sparse.csc_array, count: int) -> None:
        """Part the words that many use from the others."""
        held = np.diff(words.indptr)
        is_common = held > MIN_DENSE_SHARE * count
        self._place_in_table = np.where(is_common, np.cumsum(is_common) - 1, -1)
        self._common = words[:, np.flatnonzero(is_common)].T.toarray()
        words.data[np.repeat(is_common, held)] = 0
        words.eliminate_zeros()
        self._rare = words.T.tocsr()

    def ask(self, need: Need) -> NeedVector:
        """Return the need's words, each weighed, and the concepts related to them."""
        weights, origins = weigh(need.bag, self._idf_of, self._unseen, self._asking.share)
        known = [stem for stem in weights if stem in self._stems]
        columns = np.array([self._stems[stem] for stem in known], np.int32)
        values = np.array([weights[stem] for stem in known], np.float32)
        return NeedVector(weights, origins, columns, values)

    def similarity(self, block: Sequence[NeedVector], times: float = 1.0) -> Values:
        """Return `times` the cosine of every need of a block and every solution: needs × solutions.

        In single precision: `contributions` is exact, and the same whatever else is compared.
        """
        columns = np.concatenate([asked.columns for asked in block])
        values = np.concatenate([asked.values for asked in block]) * np.float32(times)
        rows = np.repeat(np.arange(len(block)), [len(asked.columns) for asked in block])
        found = self._by_table(rows, columns, values, len(block))
        found += self._by_listing(rows, columns, values, found.shape)
        return found

    def _by_table(self, rows: Numbers, columns: Numbers, values: Values, size: int) -> Values:
        """Add up the words that many use."""
        place = self._place_in_table[columns]
        is_common = place >= 0
        rows, place, values = rows[is_common], place[is_common], values[is_common]
        table = self._common
        if size < MIN_NEEDS_FOR_TABLE:
            used, place = np.unique(place, return_inverse=True)
            table = table[used]
        asked = np.zeros((size, len(table)), np.float32)
        asked[rows, place] = values
        found: Values = asked @ table
        return found

    def _by_listing(
        self, rows: Numbers, columns: Numbers, values: Values, shape: tuple[int, int]
    ) -> Values:
        """Add up the others.

        The lists of all words that the block asks for are laid side by side as the columns of one
        matrix, whose rows are the block's pairs of need and solution: then one product with what
        each word counts adds every list where it belongs, without a search for where that is.
        """
        lists = self._rare[columns]
        lists.indices += np.repeat((rows * shape[1]).astype(np.int32), np.diff(lists.indptr))
        pairs = sparse.csc_array(
            (lists.data, lists.indices, lists.indptr), shape=(math.prod(shape), len(columns))
        )
        found: Values = (pairs @ values).reshape(shape)
        return found

    def exactly(self, need: NeedVector, numbers: Numbers) -> npt.NDArray[np.float64]:
        """Return the cosine with some solutions in double precision."""
        asked = np.zeros(self._matrix.shape[1])
        asked[need.columns] = [need.weights[stem] for stem in need.weights if stem in self._stems]
        found: npt.NDArray[np.float64] = self._matrix[numbers].astype(float) @ asked
        return found

    def contributions(self, need: NeedVector, number: int) -> dict[str, float]:
        """Return what each shared stem adds to the cosine with one solution."""
        start, end = self._matrix.indptr[number : number + 2]
        columns = self._matrix.indices[start:end].tolist()
        own = dict(zip(columns, self._matrix.data[start:end].tolist(), strict=True))
        found = ((stem, self._stems.get(stem, -1)) for stem in need.weights)
        return {stem: need.weights[stem] * own[column] for stem, column in found if column in own}

    def is_everyday(self, stem: str, spellings: Iterable[str]) -> bool:
        """Whether a word is not more at home in these texts than in everyday English: "behind",
        "free". That two texts use it tells nothing.

        So many texts of this length would hold it by chance; one that belongs to the subject is in
        `TIMES_EXPECTED` as many, and `MIN_TEXTS` more, so that one text alone proves nothing.
        """
        share = max((english.share_of_texts(one.casefold()) for one in spellings), default=0.0)
        expected = -math.expm1(-share * self._length) * self._texts
        column = self._stems.get(stem)
        held = int(self._held[column]) if column is not None else 0
        return share > 0 and held < TIMES_EXPECTED * expected + MIN_TEXTS
