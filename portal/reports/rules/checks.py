"""What stands in the way of signing a report off, and what should be known before. Pure."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from portal.figures.rules import set_of
from portal.programmes.models import Quality
from portal.programmes.rules.numbers import plain
from portal.programmes.rules.values import is_share
from portal.reports.rules.contradictions import Contradiction
from portal.reports.rules.quoted import Quoted, each_number
from portal.reports.rules.text import Block, Reference
from portal.reports.rules.typed import typed_in

INDICATIVE = {Quality.INDICATIVE, Quality.TO_VERIFY, Quality.FORECAST}


@dataclass(frozen=True, slots=True)
class CheckedSection:
    """A section as the checks read it."""

    id: int
    heading: str
    blocks: Sequence[Block]
    quoted: Sequence[Quoted]
    """The numbers of its text, in their order."""
    seen: Mapping[str, float | None]
    """What they were when the text was last saved, by key."""
    left_out: str = ""
    has_parts: bool = False
    """Whether other sections stand in it: then its heading may be all it has."""
    wants_figures: bool = False
    """Whether its outline names figures that it is expected to quote."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that a check found."""

    key: str
    """With the numbers that it names, so that an explanation holds for them alone."""
    words: str
    remedy: str
    section_id: int | None = None
    heading: str = ""
    is_blocker: bool = True
    is_explainable: bool = False
    """Whether it may stand where somebody explains it: the words are printed."""


def findings(
    sections: Sequence[CheckedSection],
    contradictions: Iterable[Contradiction],
    explained: Iterable[str],
) -> list[Finding]:
    """Return what is found and not explained, blockers first, then in the order of the report."""
    known = set(explained)
    every = [one for section in sections for check in CHECKS for one in check(section)]
    every += [_contradiction(one) for one in contradictions]
    every += _no_number(sections)
    found = {one.key: one for one in every if one.key not in known or not one.is_explainable}
    return sorted(found.values(), key=lambda one: not one.is_blocker)


def _no_number(sections: Sequence[CheckedSection]) -> list[Finding]:
    if any(section.quoted for section in sections):
        return []
    words = "The report quotes no figure at all."
    return [Finding("no figure", words, "Quote at least one figure.")]


def _contradiction(one: Contradiction) -> Finding:
    remedy = "Correct the value where it was entered, or explain it: the words are printed."
    return Finding(one.key, one.words, remedy, is_explainable=True)


def _of(section: CheckedSection, key: str, words: str, remedy: str, **more: bool) -> Finding:
    return Finding(f"{section.id} {key}", words, remedy, section.id, section.heading, **more)


def empty(section: CheckedSection) -> Iterator[Finding]:
    """A section without text that is not said to be left out."""
    if not (section.blocks or section.left_out or section.has_parts):
        yield _of(section, "empty", "It has no text.", "Write it, or say why it is left out.")


def not_traced(section: CheckedSection) -> Iterator[Finding]:
    """A number that is typed: nobody could say later where it is from."""
    for number in dict.fromkeys(typed_in(list(section.blocks))):
        words = f"“{number}” is typed and not traced."
        remedy = f"Quote a figure, or write {{typed:{number}|where it is from}}."
        yield _of(section, f"typed {number}", words, remedy)


def unresolved(section: CheckedSection) -> Iterator[Finding]:
    """A reference that leads to no number."""
    for one in section.quoted:
        if one.problem:
            words = f"“{one.reference.code}” leads to no number: {one.problem}."
            yield _of(section, f"problem {one.key}", words, "Mend the reference.")


def outdated(section: CheckedSection) -> Iterator[Finding]:
    """A number that is another one than when the words around it were saved."""
    for one in section.quoted:
        before = section.seen.get(one.key)
        if one.value is not None and before is not None and before != one.value:
            words = f"{one.label} was {plain(before)} when this was written and is {one.shown} now."
            remedy = "Read whether the words still fit, and save the section."
            yield _of(section, f"outdated {one.key} {one.value}", words, remedy)


def no_counts(section: CheckedSection) -> Iterator[Finding]:
    """A percentage without the counts that make it."""
    remedy = "Add the counts where the value was entered, quote them beside it, or explain it."
    for one in section.quoted:
        if _is_bare_percentage(one, section.quoted):
            words = f"{one.label}: {one.shown} stands without its numerator and denominator."
            yield _of(section, f"bare {one.key} {one.value}", words, remedy, is_explainable=True)


def _is_bare_percentage(one: Quoted, others: Sequence[Quoted]) -> bool:
    if one.row is not None:
        return is_share(one.row) and not (one.row.numerator and one.row.denominator)
    if one.reference.kind == "typed":
        return one.shown.endswith("%")
    if one.figure is None or one.unit != "%":
        return False
    same = set_of(one.figure.code)
    codes = {figure.code for figure in same[0].figures} if same else set()
    return not any(o.unit != "%" and o.reference.code in codes for o in others)


def great_change(section: CheckedSection) -> Iterator[Finding]:
    """A figure that moved by more than half since the quarter before, without a word on it."""
    for one in section.quoted:
        if one.moved and not one.reference.quarter:
            where = f", {one.area}" if one.reference.area else ""
            before = f"{plain(one.before or 0)} in the quarter before"
            words = f"{one.label}{where}: {one.shown}, {before}."
            yield _of(
                section,
                f"change {one.key} {one.before} {one.value}",
                words,
                "Say why: the words are printed.",
                is_blocker=False,
                is_explainable=True,
            )


def indicative(section: CheckedSection) -> Iterator[Finding]:
    """A number that can still move."""
    for one in section.quoted:
        quality = one.row.quality if one.row is not None else None
        if quality in INDICATIVE and quality:
            words = f"{one.label}: {quality.label.lower()}."
            remedy = "Publish it as provisional, or wait for the final value."
            yield _of(section, f"indicative {one.key}", words, remedy, is_blocker=False)
        elif not (one.problem or one.is_frozen):
            words = f"Numbers of {one.period} are live: they can still move."
            remedy = "Freeze the quarter, or publish them as provisional."
            yield Finding(f"live {one.period}", words, remedy, is_blocker=False)


def corrected(section: CheckedSection) -> Iterator[Finding]:
    """A value that corrects another one without saying why."""
    for one in section.quoted:
        if one.row is not None and one.row.corrects_id and not one.row.corrected_why.strip():
            words = f"{one.label} was corrected without a note."
            yield _of(section, f"corrected {one.row.id}", words, "Explain it.", is_explainable=True)


def no_key_figure(section: CheckedSection) -> Iterator[Finding]:
    """A section that is expected to quote figures and quotes no number."""
    if section.wants_figures and section.blocks and not section.quoted:
        words = "It quotes no figure, though its outline names some."
        yield _of(section, "no figure", words, "Quote one.", is_blocker=False)


CHECKS: tuple[Callable[[CheckedSection], Iterator[Finding]], ...] = (
    *(empty, not_traced, unresolved, outdated, no_counts, corrected),
    *(great_change, indicative, no_key_figure),
)


def seen_of(quoted: Mapping[Reference, Quoted]) -> dict[str, float | None]:
    """Return what is kept with a text: its numbers by key, as they are now."""
    return {one.key: one.value for one in each_number(quoted.values()) if not one.problem}
