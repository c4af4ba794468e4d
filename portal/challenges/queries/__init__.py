"""Read challenges: the door, what each reader may see, the list and its counts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    Subquery,
    distinct,
    func,
    literal,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import aliased, joinedload, selectinload

from portal.accounts.models import (
    Actor,
    Organisation,
    OrganisationKind,
    User,
)
from portal.accounts.queries.acting import leads
from portal.accounts.queries.alike import built, values_of
from portal.audit.models import AuditEvent
from portal.audit.queries import readable_by, timeline
from portal.challenges.models import (
    Challenge,
    ChallengeState,
    ChallengeSupporter,
    Readers,
    challenge_term,
)
from portal.challenges.policy import audiences, can_edit, can_post, can_see
from portal.challenges.rules import VOCABULARIES
from portal.clock import today
from portal.db import db
from portal.errors import Forbidden, NotFound
from portal.figures.queries.kept import FigureCache
from portal.reference.models import Hin, Ics, Region, Term, Vocabulary
from portal.reference.queries import hin_of_ics
from portal.reference.rules import folded_place

MAX_TIMELINE_ROWS = 50
Rows = Select[*tuple[Any, ...]]
"""A statement over several columns."""


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Return SQL for "the actor may see this row": `policy.can_see`, in the database."""
    out = Challenge.state != ChallengeState.DRAFT
    if can_post(actor):
        return or_(out, Challenge.organisation_id == actor.organisation_id)
    readers = [Readers.PUBLIC, Readers.REGISTERED] if actor.is_signed_in else [Readers.PUBLIC]
    return out & Challenge.readers.in_(readers)


def challenge_for(actor: Actor, challenge_id: int) -> Challenge:
    """Return the challenge if the actor may see it; raises NotFound otherwise. The only door."""
    challenge = db.session.get(
        Challenge,
        challenge_id,
        options=[
            joinedload(Challenge.organisation).joinedload(Organisation.ics).joinedload(Ics.region)
        ],
    )
    if challenge is None or not can_see(actor, challenge):
        raise NotFound("There is no challenge here that you may see.")
    return challenge


def own_challenge_for(actor: Actor, challenge_id: int) -> Challenge:
    """Return a challenge that the actor may change; raises NotFound or Forbidden otherwise."""
    challenge = challenge_for(actor, challenge_id)
    if not can_edit(actor, challenge):
        raise Forbidden("Only the organisation that states a challenge may change it.")
    return challenge


def offered_terms(challenge: Challenge | None = None) -> dict[Vocabulary, list[Term]]:
    """Return the terms that may be chosen today, and retired ones that the challenge holds."""
    held = {term.id for term in challenge.terms} if challenge else set()
    current = or_(Term.retired_on.is_(None), Term.retired_on > today(), Term.id.in_(held))
    found: dict[Vocabulary, list[Term]] = {vocabulary: [] for vocabulary in VOCABULARIES}
    for term in db.session.scalars(
        select(Term)
        .where(Term.vocabulary.in_(VOCABULARIES), current)
        .order_by(Term.position, Term.id)
    ):
        found[term.vocabulary].append(term)
    return found


def history(actor: Actor, challenge: Challenge) -> Sequence[AuditEvent]:
    """Return the newest events of the challenge that the actor may read."""
    organisation_id = actor.organisation_id if can_post(actor) else None
    readable = readable_by(organisation_id=organisation_id, audiences=audiences(actor))
    found = timeline("challenge", challenge.id, readable=readable).limit(MAX_TIMELINE_ROWS)
    return db.session.scalars(found).all()


def leads_of_hin_for(challenge: Challenge) -> Sequence[User]:
    """Return the leads of the HIN in whose area the challenge's organisation is."""
    ics_id = challenge.organisation.ics_id
    hin = hin_of_ics(ics_id) if ics_id else None
    if hin is None:
        return []
    return leads(hin.id)


# Those who have it too -----------------------------------------------------------------------


def supporters(challenge_id: int) -> Sequence[ChallengeSupporter]:
    """Return who joined a challenge because they have it too, first come first."""
    return db.session.scalars(
        select(ChallengeSupporter)
        .where(ChallengeSupporter.challenge_id == challenge_id)
        .options(joinedload(ChallengeSupporter.organisation))
        .order_by(ChallengeSupporter.at, ChallengeSupporter.id)
    ).all()


def supporter_ids(challenge_id: int) -> frozenset[int]:
    """Return the ids of the organisations that joined a challenge."""
    return frozenset(
        db.session.scalars(
            select(ChallengeSupporter.organisation_id).where(
                ChallengeSupporter.challenge_id == challenge_id
            )
        )
    )


def has_joined(actor: Actor) -> ColumnElement[bool]:
    """Return SQL for "the actor's ICS said that it has this challenge too"."""
    return Challenge.id.in_(
        select(ChallengeSupporter.challenge_id).where(
            ChallengeSupporter.organisation_id == actor.organisation_id
        )
    )


# Importing -----------------------------------------------------------------------------------


def imported(organisation_id: int, key: str) -> Challenge | None:
    """Return the challenge that was imported for an organisation under this key."""
    return db.session.scalar(
        select(Challenge).where(
            Challenge.organisation_id == organisation_id, Challenge.external_key == key
        )
    )


def is_national(organisation_id: int) -> bool:
    """Return whether the organisation is the national team."""
    organisation = db.session.get_one(Organisation, organisation_id)
    return organisation.kind is OrganisationKind.NATIONAL


def stating_organisations() -> dict[str, int]:
    """Return the ids of the organisations that may state challenges, by the names of the
    organisation and of its ICS or HIN and by their code, folded; of two the newer ICS counts.
    Those of an ICS that ended are left out: what followed it states its challenges."""
    found: dict[str, int] = {}
    stating = [OrganisationKind.ICS, OrganisationKind.HIN, OrganisationKind.NATIONAL]
    for organisation in db.session.scalars(
        select(Organisation)
        .where(Organisation.kind.in_(stating))
        .options(joinedload(Organisation.ics), joinedload(Organisation.hin))
        .order_by(Organisation.id)
    ):
        ics = None if organisation.hin else organisation.ics
        if ics is not None and ics.valid_to is not None and ics.valid_to < today():
            continue
        place = organisation.hin or ics
        names = {organisation.name, *((place.code, place.name) if place else ())}
        names |= {ics.ics_name, ics.icb_name} if ics else set()
        found |= {folded_place(name): organisation.id for name in names}
    return found


# The list ------------------------------------------------------------------------------------

StateWanted = str
"""`open`, `closed`, `mine` or `joined`."""


@dataclass(frozen=True, slots=True)
class ChallengesQuery:
    """Which challenges are asked for; an empty filter leaves everything in."""

    state: StateWanted = "open"
    care_settings: Sequence[str] = ()
    """Codes of terms."""
    condition_groups: Sequence[str] = ()
    areas: Sequence[str] = ()
    regions: Sequence[str] = ()
    """Codes of regions; a challenge's region is that of its ICS or its HIN."""
    icss: Sequence[str] = ()


_HinRegion = aliased(Hin)


def _placed(statement: Rows) -> Rows:
    """Join the challenge's organisation, its ICS or HIN, and their region."""
    return (
        statement.join(Organisation, Organisation.id == Challenge.organisation_id)
        .outerjoin(Ics, Ics.id == Organisation.ics_id)
        .outerjoin(_HinRegion, _HinRegion.id == Organisation.hin_id)
        .outerjoin(Region, Region.id == func.coalesce(Ics.region_id, _HinRegion.region_id))
    )


def _in_state(actor: Actor, state: StateWanted) -> ColumnElement[bool]:
    if state == "mine":
        return (
            Challenge.organisation_id == actor.organisation_id
            if can_post(actor)
            else literal(value=False)
        )
    if state == "joined":
        return has_joined(actor) if actor.is_ics else literal(value=False)
    return Challenge.state == ChallengeState(state)


def _has_term(vocabulary: Vocabulary, test: ColumnElement[bool]) -> ColumnElement[bool]:
    return Challenge.id.in_(
        select(challenge_term.c.challenge_id)
        .join(Term, Term.id == challenge_term.c.term_id)
        .where(Term.vocabulary == vocabulary, test)
    )


def _narrowed(wanted: ChallengesQuery) -> ColumnElement[bool]:
    """Return SQL for every filter but the state."""
    tests: list[ColumnElement[bool]] = [true()]
    if wanted.care_settings:
        tests.append(_has_term(Vocabulary.CARE_SETTING, Term.code.in_(wanted.care_settings)))
    if wanted.condition_groups:
        tests.append(_has_term(Vocabulary.CONDITION, Term.group.in_(wanted.condition_groups)))
    if wanted.areas:
        tests.append(_has_term(Vocabulary.AREA, Term.code.in_(wanted.areas)))
    if wanted.regions:
        tests.append(Region.code.in_(wanted.regions))
    if wanted.icss:
        tests.append(Ics.code.in_(wanted.icss))
    narrowed = tests[0]
    for test in tests[1:]:
        narrowed = narrowed & test
    return narrowed


def listed(actor: Actor, wanted: ChallengesQuery) -> Rows:
    """The challenges asked for that the actor may see, with organisation and place loaded."""
    return (
        _placed(select(Challenge))
        .where(visible_to(actor), _in_state(actor, wanted.state), _narrowed(wanted))
        .options(joinedload(Challenge.organisation).joinedload(Organisation.ics))
    )


def with_terms(statement: Rows) -> Rows:
    """Load the terms of the challenges too, for downloads."""
    return statement.options(selectinload(Challenge.terms))


def options() -> Mapping[str, list[tuple[str, str]]]:
    """Return what each filter may take, as `{filter: [(value, label)]}`; kept until it changes."""
    found: Mapping[str, list[tuple[str, str]]]
    found = FigureCache().settled(("filters of challenges",), _options)
    return found


def _options() -> Mapping[str, list[tuple[str, str]]]:
    terms = {"care_setting": Vocabulary.CARE_SETTING, "area": Vocabulary.AREA}
    legs: list[Rows] = [
        select(literal(name).label("filter"), Term.code, Term.label, Term.position).where(
            Term.vocabulary == vocabulary
        )
        for name, vocabulary in terms.items()
    ]
    legs.append(
        select(literal("condition"), Term.group, Term.group, func.min(Term.position))
        .where(Term.vocabulary == Vocabulary.CONDITION)
        .group_by(Term.group)
    )
    legs.append(select(literal("region"), Region.code, Region.name, literal(0)))
    legs.append(select(literal("ics"), Ics.code, Ics.name, literal(0)).where(_states_challenges()))
    found = union_all(*legs).subquery()
    rows = db.session.execute(select(found).order_by(found.c.position, found.c.label))
    return _by_filter(rows)


def _states_challenges() -> ColumnElement[bool]:
    """Only ICSs that have ever stated a challenge are offered: today's 36 and past ones."""
    return Ics.id.in_(
        select(Organisation.ics_id).join(Challenge, Challenge.organisation_id == Organisation.id)
    )


def _by_filter(rows: Iterable[Row[Any]]) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {
        name: [] for name in ("care_setting", "condition", "area", "region", "ics")
    }
    for row in rows:
        found[row.filter].append((row.code, row.label))
    return found


def counts(actor: Actor, wanted: ChallengesQuery) -> dict[tuple[str, str], int]:
    """Return how many challenges each option would show, as `{(filter, value): count}`.

    An option is counted under all *other* filters; `("state", …)` counts the four states. One
    statement, built once for all who act alike where no filter narrows it.
    """
    if wanted == ChallengesQuery(wanted.state):
        made = built(
            actor, ("counts of challenges", wanted.state), lambda one: _counts(one, wanted)
        )
        found = db.session.execute(made, values_of(actor))
    else:
        found = db.session.execute(_counts(actor, wanted))
    return {(name, value): count for name, value, count in found}


def _counts(actor: Actor, wanted: ChallengesQuery) -> Rows:
    legs = [_state_count(actor, wanted, state) for state in ("open", "closed", "mine", "joined")]
    for name, cleared in (
        ("care_setting", replace(wanted, care_settings=())),
        ("condition", replace(wanted, condition_groups=())),
        ("area", replace(wanted, areas=())),
    ):
        legs.append(_term_counts(name, _ids(actor, cleared)))
    legs.append(_place_counts("region", Region.code, actor, replace(wanted, regions=())))
    legs.append(_place_counts("ics", Ics.code, actor, replace(wanted, icss=())))
    return select(union_all(*legs).subquery())


def _ids(actor: Actor, wanted: ChallengesQuery) -> Subquery:
    return (
        _placed(select(Challenge.id))
        .where(visible_to(actor), _in_state(actor, wanted.state), _narrowed(wanted))
        .subquery()
    )


def _state_count(actor: Actor, wanted: ChallengesQuery, state: StateWanted) -> Rows:
    ids = _ids(actor, replace(wanted, state=state))
    return select(
        literal("state").label("filter"), literal(state).label("value"), func.count().label("count")
    ).select_from(ids)


def _term_counts(name: str, ids: Subquery) -> Rows:
    value = Term.group if name == "condition" else Term.code
    return (
        select(literal(name), value, func.count(distinct(ids.c.id)))
        .select_from(ids)
        .join(challenge_term, challenge_term.c.challenge_id == ids.c.id)
        .join(Term, Term.id == challenge_term.c.term_id)
        .where(Term.vocabulary == Vocabulary(name))
        .group_by(value)
    )


def _place_counts(name: str, column: Any, actor: Actor, wanted: ChallengesQuery) -> Rows:
    return (
        _placed(select(literal(name), column, func.count()).select_from(Challenge))
        .where(visible_to(actor), _in_state(actor, wanted.state), _narrowed(wanted))
        .where(column.is_not(None))
        .group_by(column)
    )


def is_open() -> ColumnElement[bool]:
    """Return SQL for "it is out and not closed"."""
    return Challenge.state == ChallengeState.OPEN


def number(*clauses: ColumnElement[bool]) -> Select[int]:
    """Return the statement that counts challenges."""
    return select(func.count()).select_from(Challenge).where(*clauses)
