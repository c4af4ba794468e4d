"""Read what a row says beside the record, and write it as cells again."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, TypeVar

from portal.accounts.queries.acting import staff
from portal.adoption.queries.places import allowed_hin_id
from portal.clock import today
from portal.db import id_from
from portal.imports.rules.beside import (
    RowExtras,
    SaidStage,
    SaidSupport,
    SaidTrial,
    hours_text,
    lines_of,
    minutes_in,
    plain,
    spread,
)
from portal.imports.rules.days import first_day_in
from portal.imports.rules.mapping import parts_of
from portal.imports.serialise.beside_fields import NAMES, OTHERS, SITES, SUPPORT, TRIALS, UNKNOWN
from portal.imports.services.known import ExistingRows, place_of
from portal.innovations.models import AdoptionState
from portal.proof.models import ValidationState
from portal.reference.models import Hin, Site, Term, Vocabulary
from portal.reference.queries import terms
from portal.reference.queries.sites import site_named
from portal.support.models import EngagementState
from portal.text import folded, without_thousands

T = TypeVar("T")
NOT_YOURS = "Only a network’s own staff say this. Leave these cells out"
MAX_LINES = 40
"""Validations or sites that one row may name."""
MAX_TEXT = 4_000


class BesideReader:
    """Reads the cells of rows for one network, having looked up once what they may name."""

    def __init__(self, hin: Hin | None) -> None:
        """Take whose support it is; None: nobody's here."""
        self.hin = hin
        self.kinds = _by_code(Vocabulary.SUPPORT_KIND)
        self.reasons = _by_code(Vocabulary.ADOPTION_REASON)
        people = staff(hin.id) if hin else ()
        self.people = {
            word: one.id for one in people for word in (one.email.lower(), folded(one.name))
        }
        self._sites: dict[str, Site | str] = {}

    def read(self, cells: Mapping[str, str]) -> tuple[RowExtras, dict[str, str]]:
        """Return what a row says, and what is wrong with it by field."""
        said = {name: cells[name] for name in NAMES if cells.get(name)}
        if self.hin is None:
            return RowExtras(), {name: NOT_YOURS for name in said if name != OTHERS}
        wrong: dict[str, str] = {}
        others = tuple(c for c in parts_of(said.pop(OTHERS, "")) if c != self.hin.code)
        reader = _Reader(said, wrong)
        notes: list[str] = []
        support = self._support(reader, notes) if set(said) & set(SUPPORT) else None
        trials = self._trials(reader) if set(said) & set(TRIALS) else ()
        stages = self._stages(reader) if set(said) & set(SITES) else ()
        return RowExtras(support, trials, stages, others, notes), wrong

    def _support(self, of: "_Reader", notes: list[str]) -> SaidSupport:
        hours = of.one("support_hours", minutes_in)
        if hours is not None and plain(of.said["support_hours"]).replace(",", ".") != hours_text(
            hours
        ):
            said = of.said["support_hours"]
            notes.append(f"Hours: “{said}” is taken as {hours_text(hours)}")
        codes = parts_of(of.said.get("support_kinds", ""))
        kinds = [of.known("support_kinds", code, self.kinds) for code in codes]
        return SaidSupport(
            state=of.one("support_state", _member(EngagementState)),
            level=of.one("support_level", _level),
            lead_id=of.one("support_lead", self._lead),
            since=of.one("support_since", past_day),
            on=of.one("support_on", past_day),
            minutes=hours,
            hours_on=of.one("support_hours_on", past_day),
            kind_ids=tuple(kind for kind in kinds if kind is not None),
        )

    def _lead(self, cell: str) -> int:
        found = self.people.get(cell.strip().lower()) or self.people.get(folded(cell))
        if found is None:
            raise ValueError(f"nobody of your network is called “{cell[:80]}”")
        return found

    def _trials(self, of: "_Reader") -> tuple[SaidTrial, ...]:
        """Read the validations: as many as there are places, one on each line."""
        places = lines_of(of.said.get("validation_place", ""))
        numbers = lines_of(of.said.get("validation_number", ""))
        count = max(len(places), len(numbers))
        if count > MAX_LINES:
            of.wrong["validation_place"] = f"must name {MAX_LINES} or fewer"
            return ()
        columns = {name: of.split(name, count, is_text=True) for name in TRIALS}
        found = [
            _trial({name: values[n] for name, values in columns.items()}, of) for n in range(count)
        ]
        return tuple(one for one in found if one is not None)

    def _stages(self, of: "_Reader") -> tuple[SaidStage, ...]:
        names = parts_of(of.said.get("sites", ""))[: MAX_LINES + 1]
        if not names or len(names) > MAX_LINES:
            of.wrong["sites"] = f"Enter the sites, {MAX_LINES} or fewer"
            return ()
        columns = {name: of.split(name, len(names)) for name in SITES if name != "sites"}
        found: list[SaidStage] = []
        for n, name in enumerate(names):
            site = self._site(name)
            if isinstance(site, str):
                of.wrong["sites"] = site
                continue
            stage = columns["adoption_stage"][n]
            state = of.value("adoption_stage", stage, _member(AdoptionState))
            if not stage:
                of.wrong.setdefault("sites", f"Enter the adoption stage of {site.name}")
            if state is None:
                continue
            reason = columns["adoption_reason"][n]
            found.append(
                SaidStage(
                    site_id=site.id,
                    site_name=site.name,
                    state=state,
                    on=of.value("adoption_on", columns["adoption_on"][n], past_day),
                    reason_id=of.known("adoption_reason", reason, self.reasons),
                )
            )
        return tuple(found)

    def _site(self, name: str) -> Site | str:
        """Return the place of the network's area that a name says, or what is wrong with it."""
        if name not in self._sites:
            found = site_named(name)
            words = f"there is no place “{name[:80]}”, or several: enter its ODS code"
            if found is not None and (not self.hin or allowed_hin_id(found) != self.hin.id):
                words = f"{found.name} is not in your area: its own network says where it stands"
                found = None
            self._sites[name] = found or words
        return self._sites[name]


class _Reader:
    """The cells of one row, and what is wrong with them."""

    def __init__(self, said: Mapping[str, str], wrong: dict[str, str]) -> None:
        self.said, self.wrong = said, wrong

    def one(self, name: str, read: Callable[[str], T]) -> T | None:
        """Return what the cell of a field says."""
        return self.value(name, self.said.get(name, ""), read)

    def value(self, name: str, cell: str, read: Callable[[str], T]) -> T | None:
        """Return what a part of a cell says, None for nothing or what is wrong."""
        if not cell:
            return None
        try:
            return read(cell)
        except ValueError as error:
            self.wrong.setdefault(name, str(error))
            return None

    def known(self, name: str, code: str, of: Mapping[str, int]) -> int | None:
        """Return the number of a term by its code."""
        if not code:
            return None
        if code not in of:
            self.wrong.setdefault(name, f"there is no “{code[:80]}”")
        return of.get(code)

    def split(self, name: str, count: int, *, is_text: bool = False) -> list[str]:
        """Return a cell as one text for each of so many things; the whole where there is one."""
        cell = self.said.get(name, "")
        is_line = is_text and name not in CODED_TRIALS
        if is_line and count <= 1:
            return ["" if not any(lines_of(cell)) else cell]
        values = lines_of(cell) if is_line else parts_of(cell)
        found = spread([] if values == [""] else values, count)
        if found is None:
            self.wrong.setdefault(name, f"has {len(values)} values for {count}")
        return found or [""] * count


CODED_TRIALS = frozenset({"validation_state", "validation_supports"})


def _trial(cells: Mapping[str, str], of: _Reader) -> SaidTrial | None:
    supports = cells["validation_supports"]
    if supports and supports not in ("yes", "no", UNKNOWN):
        of.wrong.setdefault("validation_supports", f"there is no “{supports[:80]}”")
    from_on = of.value("validation_from", cells["validation_from"], _day)
    to_on = of.value("validation_to", cells["validation_to"], _day)
    state = of.value("validation_state", cells["validation_state"], _member(ValidationState))
    if not cells["validation_place"] and not cells["validation_number"]:
        of.wrong.setdefault(_first(of.said, TRIALS), "Enter where it was validated")
        return None
    for name in ("validation_question", "validation_method", "validation_result"):
        if len(cells[name]) > MAX_TEXT:
            of.wrong.setdefault(name, f"must be {MAX_TEXT:,} characters or fewer")
    return SaidTrial(
        number=of.value("validation_number", cells["validation_number"], _number),
        question=plain(cells["validation_question"]),
        place=plain(cells["validation_place"]),
        method=cells["validation_method"],
        state=state or _state(from_on, cells["validation_result"]),
        from_on=from_on,
        to_on=to_on,
        is_positive={"yes": True, "no": False}.get(supports),
        people=of.value("validation_people", cells["validation_people"], _count),
        result=cells["validation_result"],
    )


def _state(from_on: date | None, result: str) -> ValidationState:
    """Return how a validation stands of which only that is known."""
    if result:
        return ValidationState.COMPLETED
    has_begun = from_on is not None and from_on <= today()
    return ValidationState.RUNNING if has_begun else ValidationState.PLANNED


def _first(said: Mapping[str, str], names: Sequence[str]) -> str:
    return next(name for name in names if said.get(name))


def _by_code(vocabulary: Vocabulary) -> dict[str, int]:
    return {term.code: term.id for term in terms(vocabulary)}


def _member(kind: Callable[[str], T]) -> Callable[[str], T]:
    def read(cell: str) -> T:
        try:
            return kind(cell)
        except ValueError as error:
            raise ValueError(f"there is no “{cell[:80]}”") from error

    return read


def _level(cell: str) -> int:
    if cell not in ("1", "2", "3", "4"):
        raise ValueError("must be a support level, 1 to 4")
    return int(cell)


def _number(cell: str) -> int:
    found = id_from(cell.strip())
    if found is None:
        raise ValueError("must be a number")
    return found


def _count(cell: str) -> int:
    text = without_thousands(cell.strip())
    if not (text.isascii() and text.isdigit()) or len(text) > 9:
        raise ValueError("must be a whole number, like 120")
    return int(text)


def _day(cell: str) -> date:
    try:
        return first_day_in(cell)
    except ValueError as error:
        raise ValueError("must be a real day, like 28/02/2025") from error


def past_day(cell: str) -> date:
    """Return a day that has come; raises ValueError."""
    day = _day(cell)
    if day > today():
        raise ValueError("must be today or in the past")
    return day


def cells_of(
    known: ExistingRows, sites: Mapping[int, Site], stages: Mapping[str, str]
) -> dict[str, Any]:
    """Return what a network has beside a record as cells by field, that say the same when they are
    brought in again; `stages` is what each adoption stage is called."""
    cells: dict[str, Any] = {OTHERS: "; ".join(known.others)}
    return cells | _support_cells(known) | _trial_cells(known) | _stage_cells(known, sites, stages)


def _support_cells(known: ExistingRows) -> dict[str, Any]:
    one = known.engagement
    if one is None:
        return {}
    return {
        "support_state": one.state.label,
        "support_level": str(one.level) if one.level else "",
        "support_since": known.began_on,
        "support_on": known.stands_since,
        "support_lead": one.lead.email if one.lead else "",
        "support_hours": hours_text(known.minutes) if known.minutes else "",
        "support_hours_on": known.hours_on,
        "support_kinds": "; ".join(known.kinds),
    }


def _trial_cells(known: ExistingRows) -> dict[str, Any]:
    rows = known.trials
    if not rows:
        return {}
    columns: dict[str, list[Any]] = {
        "validation_number": [one.id for one in rows],
        "validation_question": [one.question for one in rows],
        "validation_place": [place_of(one) for one in rows],
        "validation_method": [one.method for one in rows],
        "validation_state": [one.state.label for one in rows],
        "validation_from": [one.from_on for one in rows],
        "validation_to": [one.to_on for one in rows],
        "validation_people": [one.people for one in rows],
        "validation_supports": [_supports(one.is_positive) for one in rows],
        "validation_result": [one.result for one in rows],
    }
    return {
        name: "\n".join(plain(str(v)) if v not in (None, "") else "-" for v in values)
        for name, values in columns.items()
    }


def _supports(is_positive: bool | None) -> str:
    if is_positive is None:
        return "Not known yet"
    return "Yes" if is_positive else "No"


def _stage_cells(
    known: ExistingRows, sites: Mapping[int, Site], stages: Mapping[str, str]
) -> dict[str, Any]:
    rows = [row for number, row in sorted(known.stages.items()) if number in sites]
    if not rows:
        return {}
    reasons = {row.reason for row in rows}
    return {
        "sites": "; ".join(sites[row.site_id].code for row in rows if row.site_id),
        "adoption_stage": "; ".join(stages[row.state.value] for row in rows),
        "adoption_on": "; ".join(row.on.isoformat() for row in rows),
        "adoption_reason": _one_of(reasons),
    }


def _one_of(reasons: set[Term | None]) -> str:
    """Return the reason of all rows where it is one and the same."""
    (reason,) = reasons if len(reasons) == 1 else (None,)
    return reason.label if reason else ""
