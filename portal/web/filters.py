"""Filters that live in the address, so that any list can be bookmarked, shared and exported."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import urlencode

from werkzeug.datastructures import MultiDict

from portal.text import without_invisible

MAX_WORDS_LENGTH = 200


@dataclass(frozen=True)
class Option:
    """One value that a filter may take; ``count`` is how many rows it would show, if known."""

    value: str
    label: str
    count: int | None = None


@dataclass(frozen=True)
class Filter:
    """One filter: its name in the address, its heading, and what may be chosen."""

    name: str
    label: str
    options: Sequence[Option]
    multiple: bool = True

    def read(self, args: MultiDict[str, str]) -> tuple[str, ...]:
        """Return the values asked for that exist, in the order of the options."""
        asked = set(args.getlist(self.name))
        found = tuple(option.value for option in self.options if option.value in asked)
        return found if self.multiple else found[:1]


@dataclass(frozen=True)
class Chip:
    """An active filter and the address of the same list without it."""

    label: str
    remove_url: str


Change = str | int | Sequence[str] | None


@dataclass(frozen=True)
class Filters:
    """The state of one list: chosen filters, words, and other known keys such as ``sort``.

    Values that no option has are left out without a complaint: a bookmark outlives a vocabulary.
    """

    path: str
    args: MultiDict[str, str]
    filters: Sequence[Filter] = ()
    words: str | None = None
    keep: Sequence[str] = field(default=("sort",))
    words_max: int = MAX_WORDS_LENGTH

    @cached_property
    def chosen(self) -> dict[str, tuple[str, ...]]:
        """Return the chosen values of every filter, by name."""
        return {filter_.name: filter_.read(self.args) for filter_ in self.filters}

    @cached_property
    def text(self) -> str:
        """Return the words searched for: one line, at most `words_max` characters, "" when none."""
        return self._typed[: self.words_max]

    @property
    def is_cut(self) -> bool:
        """Say whether more words were typed than are used."""
        return len(self._typed) > self.words_max

    @cached_property
    def _typed(self) -> str:
        if self.words is None:
            return ""
        typed = without_invisible(self.args.get(self.words, ""))
        shown = "".join(c if c.isprintable() else " " for c in typed)
        return " ".join(shown.split())

    def __getitem__(self, name: str) -> tuple[str, ...]:
        """Return the chosen values of one filter."""
        return self.chosen[name]

    def one(self, name: str) -> str | None:
        """Return the chosen value of a filter that takes one, or None."""
        return next(iter(self.chosen[name]), None)

    @property
    def active(self) -> bool:
        """Say whether anything narrows the list."""
        return bool(self.text) or any(self.chosen.values())

    @cached_property
    def state(self) -> dict[str, tuple[str, ...]]:
        """Return every key and its values, in canonical order and without empty ones."""
        pairs: dict[str, tuple[str, ...]] = {}
        if self.words is not None:
            pairs[self.words] = (self.text,) if self.text else ()
        pairs |= self.chosen
        pairs |= {key: tuple(self.args.getlist(key)[:1]) for key in self.keep}
        return {key: values for key, values in pairs.items() if values}

    @property
    def query_string(self) -> str:
        """Return the canonical query string: the same list always has the same address."""
        return urlencode(self.state, doseq=True)

    def url_with(self, **changes: Change) -> str:
        """Return the address of this list with some keys changed; None or () takes a key out."""
        state: dict[str, tuple[str, ...]] = dict(self.state)
        for key, value in changes.items():
            state[key] = _values(value)
        query = urlencode({k: v for k, v in state.items() if v}, doseq=True)
        return f"{self.path}?{query}" if query else self.path

    @property
    def clear_url(self) -> str:
        """Return the address of the list with nothing chosen, in the same order."""
        return self.url_with(**{key: None for key in self.state if key not in self.keep})

    @property
    def chips(self) -> list[Chip]:
        """Return a chip for the words and for every chosen value."""
        chips = []
        if self.text and self.words is not None:
            chips.append(Chip(f"“{self.text}”", self.url_with(**{self.words: None})))
        for filter_ in self.filters:
            labels = {option.value: option.label for option in filter_.options}
            for value in self.chosen[filter_.name]:
                chips.append(self._chip(filter_, value, labels[value]))  # noqa: PERF401 - readable
        return chips

    def _chip(self, filter_: Filter, value: str, label: str) -> Chip:
        """Return the chip that takes ``value`` out of ``filter_``."""
        rest = tuple(v for v in self.chosen[filter_.name] if v != value)
        return Chip(f"{filter_.label}: {label}", self.url_with(**{filter_.name: rest}))

    def described(self) -> Mapping[str, str]:
        """Return the active filters in words, for the "About" sheet of a download."""
        words = {"Words": self.text} if self.text else {}
        for filter_ in self.filters:
            labels = [o.label for o in filter_.options if o.value in self.chosen[filter_.name]]
            if labels:
                words[filter_.label] = ", ".join(labels)
        return words


def _values(value: Change) -> tuple[str, ...]:
    """Return a change as the tuple of its values."""
    if value is None or value == "":
        return ()
    return (str(value),) if isinstance(value, str | int) else tuple(value)
