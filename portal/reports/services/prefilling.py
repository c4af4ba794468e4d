"""Put the first text of a section together: the quarter's words, values and figures of its part."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from portal.accounts.models import Actor
from portal.programmes.models import NoteKind, ProgrammeNote, ProgrammeValue, ValueKind
from portal.reports.models import Report
from portal.reports.queries import programmes
from portal.reports.queries.quoting import Numbers
from portal.reports.rules.outlines import Outline, Part
from portal.reports.rules.words import suggestion


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of programmes, by their codes."""

    names: Mapping[str, str]
    words: Mapping[str, Sequence[ProgrammeNote]]
    values: Mapping[str, Sequence[ProgrammeValue]]


KINDS = {NoteKind.RISK: "Risk", NoteKind.ISSUE: "Issue", NoteKind.LESSON: "Lesson"}


def first_texts(report: Report, outline: Outline, numbers: Numbers, by: Actor) -> dict[str, str]:
    """Return the first text of each part by its code, "" where nothing is known.

    What two parts ask for stands in the first of them.
    """
    codes = {code for part in outline.parts for code in part.programmes}
    known = _Known(
        programmes.names_of(codes),
        programmes.words_of(by, codes, report.quarter_on, report.hin_id),
        programmes.values_of(by, report),
    )
    texts: dict[str, str] = {}
    told: set[str] = set()
    for part in outline.parts:
        fresh = [code for code in part.programmes if code not in told]
        told.update(fresh)
        texts[part.code] = "\n\n".join([*suggestions(part, numbers), *_lines(fresh, known)])
    return texts


def suggestions(part: Part, numbers: Numbers) -> Iterator[str]:
    """Return a sentence for each figure of a part that moved or counts something."""
    last = numbers.quarter.previous.code
    for code in part.figures:
        found = numbers.current(code)
        if found.value or found.before:
            yield suggestion(found.label, code, last, found.before, found.value)


def _lines(codes: Sequence[str], known: _Known) -> Iterator[str]:
    """Return paragraphs for programmes, each under its name where there are several."""
    for code in codes:
        notes, values = known.words.get(code, ()), known.values.get(code, ())
        if (notes or values) and len(codes) > 1:
            yield f"### {known.names[code]}"
        for note in notes:
            kind = KINDS.get(note.kind)
            yield f"- {kind}: {note.words}" if kind else note.words
        if values:
            yield "\n".join(_quoted(values))


def _quoted(values: Iterable[ProgrammeValue]) -> Iterator[str]:
    """Return an item for each value: what it is, and a reference to it."""
    for row in values:
        about = ", ".join(word for word in (_product(row), row.part) if word)
        kind = "" if row.kind is ValueKind.ACTUAL else f" ({row.kind.label.lower()})"
        name = f"{row.measure.name}, {about}" if about else row.measure.name
        yield f"- {name}{kind}: {{value:{row.code or row.id}}}"


def _product(row: ProgrammeValue) -> str:
    return row.product.name if row.product else row.products
