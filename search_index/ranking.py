"""How relevance is defined: BM25F, the settings of the fields, and the order of equals.

For a word t and a record d, with per-field frequency tf, field length l, average length a::

    f(t, d)     = sum over fields of  weight * tf / (1 - b + b * l / a)
    impact(t,d) = f / (k1 + f)
    score(q, d) = sum over words of  idf(t) * importance(t) * impact(t, d)
    idf(t)      = ln(1 + (N - n + 0.5) / (n + 0.5)),  n records of N hold t

Source: Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009),
section 3.6. An impact does not depend on the query, so it is computed when indexing (Lù, "BM25S",
2024); idf is applied when asking, so that adding records does not spoil what is stored.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from math import log
from types import MappingProxyType

from search_index import lexicon
from search_index.interface import Document

FORMAT = 8
NEAR = 0.5
"""How often a phrase counts in a record that is only near to a concept and does not mean it."""


@dataclass(frozen=True, slots=True)
class FieldWeight:
    """How much a word in the field counts, and how far long texts are discounted (0 to 1)."""

    weight: float = 1.0
    b: float = 0.75


_OTHER = FieldWeight(1.0, 0.6)
_FIELDS = MappingProxyType(
    {
        "name": FieldWeight(4.0, 0.3),
        "title": FieldWeight(2.0, 0.6),
        "organisation": FieldWeight(2.0, 0.3),
        "summary": FieldWeight(2.0, 0.5),
        "need": FieldWeight(1.5, 0.7),
        "conditions": FieldWeight(2.0, 0.3),
        "description": FieldWeight(1.0, 0.6),
        "text": FieldWeight(1.0, 0.6),
        "evidence": FieldWeight(0.7, 0.6),
        **dict.fromkeys(("who_for", "benefits", "standards", "setting", "used_at"), _OTHER),
    }
)


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that ranking depends on; an index made with other settings is made again.

    ``names`` are the fields where a whole match puts a record first, ``suggest`` the fields
    completed while typing, ``aliases`` other names of fields in the query language, ``ranges`` the
    facets that hold numbers or days and may be asked for from one to another. ``standing``
    is the share by which full standing lifts a score; ``themes`` how many directions of meaning
    are kept, ``theme_share`` how much they count for a question of five words or more. ``near``
    is what a record must hold to count as a result at all, as a share of the weight of the
    question's most telling word: "help" alone does not make a result for "help for carers".
    ``concept`` is the weight of a concept, ``covered`` of the single words that name it.
    """

    k1: float = 1.6
    k3: float = 8.0
    fields: Mapping[str, FieldWeight] = field(default_factory=lambda: _FIELDS)
    other: FieldWeight = _OTHER
    names: tuple[str, ...] = ("name", "title")
    suggest: tuple[str, ...] = ("name", "organisation", "conditions")
    aliases: Mapping[str, str] = field(
        default_factory=lambda: MappingProxyType(
            {
                "org": "organisation",
                "by": "organisation",
                "condition": "conditions",
                "for": "who_for",
                "where": "used_at",
                "standard": "standards",
            }
        )
    )
    ranges: tuple[str, ...] = ("submitted", "proven_until", "patients", "sites")
    standing: float = 0.1
    themes: int = 100
    theme_share: float = 0.4
    near: float = 0.3
    concept: float = 1.0
    covered: float = 0.5

    def repeated(self, times: int) -> float:
        """What a word counts that a question says several times: 1 for once, at most k3 + 1.

        Source: Robertson and Zaragoza (2009), section 3.5.1.
        """
        return (self.k3 + 1) * times / (self.k3 + times)

    def of(self, name: str) -> FieldWeight:
        """The weight of a field; fields not listed count like a plain text."""
        return self.fields.get(name, self.other)

    def digest(self) -> str:
        """A short hash of the settings and word lists that stored impacts depend on."""
        parts = [
            FORMAT,
            NEAR,
            self.k1,
            self.names,
            self.suggest,
            self.other,
            self.themes,
            lexicon.digest(),
        ]
        whole = repr((parts, sorted(self.fields.items())))
        return blake2b(whole.encode(), digest_size=8).hexdigest()


def idf(records: int, holding: int) -> float:
    """How telling a word is: 0 for one in no record at all, falling as more records hold it."""
    return log(1 + (records - holding + 0.5) / (holding + 0.5)) if holding else 0.0


def impact(
    frequencies: Mapping[str, float],
    lengths: Mapping[str, int],
    averages: Mapping[str, float],
    settings: Settings,
) -> float:
    """The stored half of BM25F for one word in one record, between 0 and 1.

    ``frequencies`` counts the word per field, ``lengths`` the words of each field of the record,
    ``averages`` is the average length of each field over records that have it.
    """
    total = 0.0
    for name, count in frequencies.items():
        chosen = settings.of(name)
        relative = lengths[name] / averages[name] if averages.get(name) else 1.0
        total += chosen.weight * count / (1 - chosen.b + chosen.b * relative)
    return total / (settings.k1 + total)


def fingerprint(document: Document) -> str:
    """A short hash of everything in a document but its version, to compare with the database."""
    facets = sorted((name, sorted(values)) for name, values in document.facets.items() if values)
    fields = sorted((name, text) for name, text in document.fields.items() if text)
    whole = repr((document.id, fields, facets, sorted(document.audience), document.standing))
    return blake2b(whole.encode(errors="surrogatepass"), digest_size=12).hexdigest()
