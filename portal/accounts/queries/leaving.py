"""What hangs on a person who leaves: each room says for its own, once, in `rooms.py`.

Accounts know nothing of cases, records or introductions; the rooms above them contribute a
`Responsibility` each, which says what somebody holds under a membership and passes it on.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select

from portal.accounts.models import Actor, Membership, MembershipState, Role, User
from portal.accounts.queries.acting import acting, people
from portal.db import db

Rows = Callable[[Membership], Select[Any]]
PassOn = Callable[[Membership, User | None, Actor], None]
"""Pass all of it from the member to a colleague, or free it where nobody is named; by whom. Called
while the membership is still active; changes rows, flushes nothing and tells nobody."""


@dataclass(frozen=True, slots=True)
class Responsibility:
    """One kind of thing that a room lets hang on people who act for an organisation."""

    one: str
    """What it is called: "open case"."""
    many: str
    rows: Rows
    """Which of them the member holds now, as SQL."""
    pass_on: PassOn

    def count(self, membership: Membership) -> int:
        """Return how many of them the member holds now."""
        return _counts([(self, membership)])[0]

    def said(self, count: int) -> str:
        """Return a number of them in words: "2 open cases"."""
        return f"{count} {self.one if count == 1 else self.many}"


_responsibilities: tuple[Responsibility, ...] = ()


def come_from(responsibilities: Iterable[Responsibility]) -> None:
    """Ask these from now on: the rooms' own, named in `rooms.py`."""
    global _responsibilities  # noqa: PLW0603  # set once, at start
    _responsibilities = tuple(responsibilities)


def responsibilities() -> Sequence[Responsibility]:
    """Return every kind of thing that may hang on a person."""
    return _responsibilities


def held_by(membership: Membership) -> list[str]:
    """Return what hangs on the member, in words: `["2 open cases", "1 record"]`."""
    return held_by_each([membership])[membership.id]


def held_by_each(memberships: Sequence[Membership]) -> dict[int, list[str]]:
    """Return the same for several, by the number of the membership: one statement."""
    asked = [(kind, row) for row in memberships for kind in _responsibilities]
    found: dict[int, list[str]] = {row.id: [] for row in memberships}
    for (kind, row), count in zip(asked, _counts(asked), strict=True):
        if count:
            found[row.id].append(kind.said(count))
    return found


def _counts(asked: Sequence[tuple[Responsibility, Membership]]) -> Sequence[int]:
    """Return how many of each kind each member holds, all counted in one statement."""
    if not asked:
        return []
    counts = [select(func.count()).select_from(kind.rows(row).subquery()) for kind, row in asked]
    return tuple(db.session.execute(select(*(one.scalar_subquery() for one in counts))).one())


def successors_of(membership: Membership) -> Sequence[User]:
    """Return who may take over from a member: the others who act for the organisation."""
    return people(
        Membership.organisation_id == membership.organisation_id,
        User.id != membership.user_id,
    )


def heir_of(membership: Membership) -> User | None:
    """Return who gets what cannot be without a person when no successor is named: the first of the
    organisation's other leads, else of its other members."""
    others = successors_of(membership)
    leading = people(
        Membership.organisation_id == membership.organisation_id,
        Membership.is_lead,
        User.id != membership.user_id,
    )
    return next(iter([*leading, *others]), None)


def leaves_no_lead(membership: Membership, leaving: Collection[int]) -> bool:
    """Whether nobody leads the organisation once these memberships (ids) have ended."""
    if not membership.is_lead:
        return False
    same = Membership.organisation_id == membership.organisation_id
    return _nobody_else(same & Membership.is_lead, leaving)


def leaves_no_administrator(membership: Membership, leaving: Collection[int]) -> bool:
    """Whether the portal has no administrator once these memberships (ids) have ended."""
    if membership.role is not Role.ADMINISTRATOR:
        return False
    return _nobody_else(Membership.role == Role.ADMINISTRATOR, leaving)


def _nobody_else(condition: object, leaving: Collection[int]) -> bool:
    found = (
        select(Membership.id)
        .join(Membership.user)
        .where(condition, acting(), Membership.id.not_in(leaving))  # type: ignore[arg-type]
        .limit(1)
    )
    return db.session.scalar(found) is None


FIELD = "successor_"
"""What the form fields that ask for a successor begin with; the membership's id follows."""


@dataclass(frozen=True, slots=True)
class Question:
    """What leaving means for one membership, and what is asked about it."""

    membership: Membership
    held: list[str]
    candidates: Sequence[User]
    needs_lead: bool
    """Whether somebody must be named: nobody else leads the organisation."""
    is_refused: bool
    """Whether it cannot end at all: it is the last administrator's."""

    @property
    def field(self) -> str:
        """The form field in which the successor is named."""
        return field_of(self.membership)

    @property
    def label(self) -> str:
        """What is asked."""
        name = self.membership.organisation.name
        return f"Who leads {name} next?" if self.needs_lead else f"Who takes over at {name}?"

    @property
    def required(self) -> str:
        """What to say when nobody is named who must be; nothing where nobody need be."""
        return (
            f"Select who leads {self.membership.organisation.name} next" if self.needs_lead else ""
        )

    @property
    def is_blocked(self) -> bool:
        """Whether somebody else must come first: another administrator, or a colleague to lead."""
        return self.is_refused or (self.needs_lead and not self.candidates)

    @property
    def is_asked(self) -> bool:
        """Whether there is something to pass on, and somebody to name."""
        return bool(self.candidates) and (self.needs_lead or bool(self.held))


def field_of(membership: Membership) -> str:
    """Return the name of the form field that asks who takes over from a member."""
    return f"{FIELD}{membership.id}"


def questions_about(memberships: Sequence[Membership]) -> list[Question]:
    """Return what ending these memberships together means, for each of them."""
    leaving, held = [row.id for row in memberships], held_by_each(memberships)
    return [
        Question(
            membership=row,
            held=held[row.id],
            candidates=successors_of(row),
            needs_lead=leaves_no_lead(row, leaving),
            is_refused=leaves_no_administrator(row, leaving),
        )
        for row in memberships
    ]


def lock_leads_and_administrators(memberships: Iterable[Membership]) -> None:
    """Keep others from ending the memberships of these organisations' people and those of all
    administrators until the transaction ends, where the database can: of two who end each other's
    the second waits and then reads what the first did."""
    organisations = sorted({row.organisation_id for row in memberships})
    db.session.flush()
    db.session.execute(
        select(Membership.id)
        .where(
            Membership.organisation_id.in_(organisations) | (Membership.role == Role.ADMINISTRATOR),
            Membership.state == MembershipState.ACTIVE,
        )
        .order_by(Membership.id)
        .with_for_update()
    )
