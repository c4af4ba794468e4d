"""Read for search: what may be found, saved searches, gaps and counts."""

from portal.search.queries.finding import (
    Choices,
    cards,
    choices,
    findable_by,
    findable_ids,
    has_hidden_changes,
    ordered_ids,
    plainly,
    terms_of,
)

__all__ = [
    "Choices",
    "cards",
    "choices",
    "findable_by",
    "findable_ids",
    "has_hidden_changes",
    "ordered_ids",
    "plainly",
    "terms_of",
]
