"""Count a quarter's figures again, with loops over what a test put in.

No SQL and nothing of the product's counting: its quarters, days in England, working days and
levels are worked out here once more, from the words of the definitions.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import pairwise
from statistics import mean, median
from typing import Any
from zoneinfo import ZoneInfo

from portal.proof.models import Validation
from portal.support.models import Engagement, EngagementState

Key = tuple[str, int | None, str]
"""A measure, a HIN or the nation (None), a group or the whole ("")."""
ENDED = {EngagementState.UNSUITABLE, EngagementState.CLOSED}
DECIDED = {
    EngagementState.ENGAGING,
    EngagementState.WAITING,
    EngagementState.CHANGES,
    EngagementState.UNSUITABLE,
}


@dataclass
class Logged:
    """An interaction: of which HIN, with which engagements, by whom, and what it was corrected
    to."""

    hin_id: int
    by_id: int
    engagements: Sequence[Engagement]
    said: dict[str, Any]
    codes: Sequence[str]
    """Kinds of support."""
    interaction: Any
    """The row that was made, for a later correction."""
    told: dict[str, Any]
    """What it said beside its day and hours."""
    logged_at: datetime
    correction: dict[str, Any] | None = None
    corrected_at: datetime | None = None


@dataclass(frozen=True)
class EntryInQuarter:
    """What an interaction adds to a quarter (sign 1) or takes off it (sign -1)."""

    said: dict[str, Any]
    sign: int
    supports: bool
    """Whether its organisations count as supported."""


@dataclass
class SurveyReply:
    """One answer to a survey."""

    hin_id: int
    at: datetime
    marks: dict[str, int]
    comment: str


@dataclass
class World:
    """Everything that was put in."""

    engagements: list[Engagement] = field(default_factory=list)
    interactions: list[Logged] = field(default_factory=list)
    validations: list[Validation] = field(default_factory=list)
    answers: list[SurveyReply] = field(default_factory=list)
    holidays: set[date] = field(default_factory=set)


def day(at: datetime) -> date:
    """Return the day of a moment in England."""
    return at.astimezone(ZoneInfo("Europe/London")).date()


@dataclass
class PlainCount:
    """The figures of the quarter from `first` to `last`, counted on the day `today`."""

    world: World
    first: date
    last: date
    today: date
    is_frozen: bool
    """Count as it was known when the quarter was frozen, on that very day."""
    frozen: dict[date, datetime] = field(default_factory=dict)
    """When each quarter that is frozen was frozen, by its first day."""

    def figures(self) -> dict[Key, float]:
        """Return every figure that is not nothing."""
        found = {**self._interactions(), **self._steps(), **self._validations()}
        found |= self._tally("surveys", (one.hin_id for one in self._answers()))
        if self.is_frozen or self.first <= self.today <= self.last:
            found |= self._people()
        # A count of nothing is no figure; a wait of no days is: it was decided at once.
        return {key: value for key, value in found.items() if value} | self._waits()

    def survey(self, hin_id: int) -> dict[str, float]:
        """Return the mean of each question for a HIN; nothing where nobody answered."""
        marks: dict[str, list[int]] = defaultdict(list)
        for one in self._answers():
            for name, mark in one.marks.items() if one.hin_id == hin_id else ():
                marks[name].append(mark)
        return {name: mean(found) for name, found in marks.items()}

    def words(self, hin_id: int) -> list[str]:
        """Return what innovators let a HIN read, in the order of the alphabet."""
        return sorted(a.comment for a in self._answers() if a.hin_id == hin_id and a.comment)

    def _is_in(self, when: date) -> bool:
        return self.first <= when <= self.last

    def _answers(self) -> list[SurveyReply]:
        return [answer for answer in self.world.answers if self._is_in(day(answer.at))]

    def _interactions(self) -> dict[Key, float]:
        seen: dict[Key, set[int]] = defaultdict(set)
        hours: dict[Key, float] = defaultdict(float)
        for details, counted in (
            (c, one) for c in self.world.interactions for one in self._count(c)
        ):
            counts = counted.said
            kind, length = details.said["kind"].value, counted.sign * counts["minutes"] / 60
            for who in (details.hin_id, None):
                hours["interactions", who, kind] += counted.sign
                hours["interactions", who, ""] += counted.sign
                hours["hours_by_kind", who, kind] += length
                hours["hours_by_person", who, ""] += length
                for code in details.codes:
                    hours["hours_by_support", who, code] += length
                self._shares(who, details, counted, seen, hours)
            hours["hours_by_person", details.hin_id, str(details.by_id)] += length
        return {**{key: len(found) for key, found in seen.items()}, **hours}

    def _shares(self, who, details, counted, seen, hours) -> None:
        """Share the quarters of an hour evenly, what is left over going to the first."""
        each, left = divmod(counted.said["minutes"] // 15, len(details.engagements))
        for position, row in enumerate(details.engagements):
            organisation = row.innovation.organisation
            for group in (str(_level(row, counted.said["on"])), ""):
                hours["hours", who, group] += counted.sign * (each + (position < left)) / 4
                if counted.supports:
                    seen["organisations", who, group].add(organisation.id)
                    if organisation.kind.value == "company":
                        seen["companies", who, group].add(organisation.id)
            if counted.supports and organisation.kind.value != "company":
                for group in (organisation.kind.value, ""):
                    seen["other_organisations", who, group].add(organisation.id)

    def _count(self, details: Logged) -> list[EntryInQuarter]:
        """Return what an interaction and its correction come to in this quarter."""
        rows = [(details.said, details.logged_at, details.corrected_at)]
        if details.correction is not None:
            rows.append((details.correction, details.corrected_at, None))
        if self.first in self.frozen and not self.is_frozen:  # live: by day, as it stands now
            said, _, _ = rows[-1]
            stands = not said.get("is_void") and self._is_in(said["on"])
            return [EntryInQuarter(said, 1, True)] if stands else []
        if self.is_frozen:  # as it was known then
            until = self.frozen[self.first]
            rows = [(s, at, end if end and end <= until else None) for s, at, end in rows]
            rows = [row for row in rows if row[1] <= until]
        return [
            one for number, row in enumerate(rows) for one in self._booked_rows(number, row, rows)
        ]

    def _booked_rows(self, number, row, rows) -> list[EntryInQuarter]:
        said, made_at, corrected_at = row
        if said.get("is_void"):
            return []
        booked, found = self._booked(said, made_at), []
        was_frozen = corrected_at is not None and self._was_frozen(booked, corrected_at)
        if booked == self.first and corrected_at is None:
            before = rows[0] if number else None
            late = before is not None and self._was_frozen(self._booked(*before[:2]), made_at)
            found.append(EntryInQuarter(said, 1, not late))
        if was_frozen and _quarter(day(corrected_at)) == self.first:
            found.append(EntryInQuarter(said, -1, False))
        return found

    def _booked(self, said: dict[str, Any], made_at: datetime) -> date:
        """The quarter of its day, or that in which it was made where the former was frozen."""
        own = _quarter(said["on"])
        return _quarter(day(made_at)) if self._was_frozen(own, made_at) else own

    def _was_frozen(self, quarter: date, at: datetime) -> bool:
        return quarter in self.frozen and self.frozen[quarter] <= at

    def _steps(self) -> dict[Key, float]:
        """Count what was opened, what reached level 4 first, and what somebody closed."""
        opened, partners, closed = [], [], []
        for row in self.world.engagements:
            if self._is_in(day(row.opened_at)):
                opened.append(row.hin_id)
            reached = [day(change.at) for change in row.levels if change.level == 4]
            if reached and self._is_in(min(reached)):
                partners.append(row.hin_id)
            ended = [c.at for c in row.changes if c.by_id and c.state is EngagementState.CLOSED]
            if any(self._is_in(day(at)) for at in ended):
                closed.append(row.hin_id)
        return {
            **self._tally("engagements", opened),
            **self._tally("partnerships", partners),
            **self._tally("closed", closed),
        }

    def _tally(self, measure: str, hins: Iterable[int]) -> dict[Key, float]:
        found: dict[Key, float] = defaultdict(float)
        for hin in hins:
            found[measure, hin, ""] += 1
            found[measure, None, ""] += 1
        return found

    def _validations(self) -> dict[Key, float]:
        found: dict[Key, float] = defaultdict(float)
        for row in self.world.validations:
            ended = row.to_on is not None and row.to_on < self.first
            if row.state.value == "planned" or row.from_on is None:
                continue
            if row.from_on > self.last or ended:
                continue
            setting = row.care_setting.code if row.care_setting else "not said"
            for who in (row.hin_id, None):
                found["validations", who, setting] += 1
                found["validations", who, ""] += 1
                for code in [term.code for term in row.kinds] or ["no kind"]:
                    found["validations_by_support", who, code] += 1
        return found

    def _people(self) -> dict[Key, float]:
        """Who leads how many, and how many of these are overdue, today."""
        found: dict[Key, float] = defaultdict(float)
        for row in self.world.engagements:
            if row.state in ENDED:
                continue
            late = row.due_on is not None and row.due_on < self.today
            for measure in ("load", "overdue") if late else ("load",):
                found[measure, row.hin_id, str(row.lead_id or "nobody")] += 1
                found[measure, row.hin_id, ""] += 1
                found[measure, None, ""] += 1
        return found

    def _waits(self) -> dict[Key, float]:
        """The median of the working days between two steps of which the second is a person's."""
        days: dict[Key, list[int]] = defaultdict(list)
        for row in self.world.engagements:
            steps = sorted(row.changes, key=lambda change: (change.at, change.id))
            for before, after in pairwise(steps):
                measure = _measure(before.state, after.state)
                if not measure or after.by_id is None or not self._is_in(day(after.at)):
                    continue
                length = self._working_days(day(before.at), day(after.at))
                for who in (row.hin_id, None):
                    days[measure, who, ""].append(length)
        return {key: median(found) for key, found in days.items()}

    def _working_days(self, start: date, end: date) -> int:
        count = 0
        while start < end:
            start += timedelta(days=1)
            count += start.isoweekday() <= 5 and start not in self.world.holidays
        return count


def _quarter(on: date) -> date:
    return date(on.year, (on.month - 1) // 3 * 3 + 1, 1)


def _measure(before: EngagementState, after: EngagementState) -> str:
    if before is EngagementState.NEW and after is EngagementState.ASSESSING:
        return "pick_up"
    return "decide" if before is EngagementState.ASSESSING and after in DECIDED else ""


def _level(row: Engagement, on: date) -> int:
    """The level held at the end of a day; before there is one, triage."""
    level, since = 1, None
    for change in sorted(row.levels, key=lambda change: (change.at, change.id)):
        if day(change.at) <= on and (since is None or change.at >= since):
            level, since = change.level, change.at
    return level
