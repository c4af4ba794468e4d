"""The records behind one number: the same conditions as the counts, as a list."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    and_,
    cast,
    exists,
    func,
    literal,
    select,
    union_all,
)
from sqlalchemy.orm import contains_eager, joinedload

from portal.accounts.models import Actor, Organisation
from portal.clock import end_of
from portal.db import by_name, db
from portal.figures.dimensions import Day
from portal.innovations.models import Innovation, ProvenStatus, SectionCopy, Use
from portal.innovations.queries import counted_for, own_counted_for, role_counted_for
from portal.innovations.queries.on_day import (
    is_counted_on,
    is_live_at,
    is_live_on,
    is_proven_on,
    is_used_in,
    stage_id_at,
    stands_on,
    use_is_in_use_on,
    used_in_ics,
)
from portal.merging import holder_at, is_of, moment_of
from portal.pipeline.queries.moments import is_stale_on, was_added
from portal.pipeline.queries.network import hins_known_to, names_hins_to, waits_beside_others
from portal.pipeline.rules.records_query import NOT_SAID, Move, RecordsQuery
from portal.reference.models import Hin, Ics, Region, Term, Vocabulary
from portal.reference.rules import Quarter
from portal.support.models import Engagement, EngagementState
from portal.support.queries import on_day as engaged

SORTABLE: Mapping[str, Any] = {
    "name": by_name(Innovation.name),
    "organisation": by_name(Organisation.name),
    "added": Innovation.submitted_at,
}


def listed(actor: Actor, query: RecordsQuery) -> Select[Innovation, int]:
    """Return the records behind a number that the reader may open, each with the id of the stage
    that it stood at on the day asked for."""
    return (
        select(Innovation, stage_id_at(end_of(query.on)).label("stage_id"))
        .join(Innovation.organisation)
        .where(_counted_for(actor, query), *_conditions(actor, query))
        .options(contains_eager(Innovation.organisation), joinedload(Innovation.hin))
    )


def counted(actor: Actor, query: RecordsQuery) -> Select[int]:
    """Return the statement that counts the records behind a number."""
    return _count(_counted_for(actor, query), *_conditions(actor, query))


def counted_for_role(actor: Actor, query: RecordsQuery) -> Select[int]:
    """Return the statement that counts those of them that everybody in the actor's role may
    open."""
    return _count(role_counted_for(actor), *_conditions(actor, query))


def own_of_neighbours(actor: Actor, on: date) -> Select[int]:
    """Return the statement that counts what neighbours use on a day and only the actor may open,
    as it is their own."""
    only_own = own_counted_for(actor) & ~role_counted_for(actor)
    # Record by record, as these are few: there are more uses than records.
    its = is_of(Use, "innovation_id", Innovation.id, moment_of(on))
    here = used_in_ics(on).in_(_neighbours_of(actor))
    used = exists(select(Use.id).where(its, here, use_is_in_use_on(on))).correlate(Innovation)
    return _count(only_own, is_live_on(on), used)


def count(actor: Actor, query: RecordsQuery) -> int:
    """Return how many records are behind a number, in one statement."""
    return db.session.scalar(counted(actor, query)) or 0


def _count(*clauses: ColumnElement[bool]) -> Select[int]:
    return select(func.count()).select_from(Innovation).where(*clauses)


def _counted_for(actor: Actor, asked: RecordsQuery) -> ColumnElement[bool]:
    """Return SQL for "a number tells the actor of this row", as short as what is asked allows."""
    if asked.tells_of_own:
        return own_counted_for(actor)  # all of them are counted for their own people
    if asked.since:
        return counted_for(actor)
    return is_counted_on(actor, asked.on)


def _conditions(actor: Actor, asked: RecordsQuery) -> list[ColumnElement[bool]]:
    found = _between(asked) if asked.since else [is_live_on(asked.on)]
    found += _about(asked) + _for_home(actor, asked)
    if asked.proven:
        found.append(is_proven_on(asked.on))
    if asked.stale:
        found.append(is_stale_on(asked.on))
    if asked.added:
        found.append(was_added(Quarter.of(asked.on).first, asked.on))
    if asked.needs_engagements:
        found += _worked_with(actor, asked)
    if asked.proved_in:
        found.append(proved_in(asked.proved_in, asked.on))
    if asked.used_in:
        found.append(used_in(asked.used_in, asked.on))
    return found


# Stage, and what the record is about


def _between(asked: RecordsQuery) -> list[ColumnElement[bool]]:
    """Return what holds between two days: a move, or a stage that was left or come to."""
    start, end = end_of(asked.since or asked.on), end_of(asked.on)
    found = _moved(asked) if asked.move else []
    if asked.left:
        gone = is_live_at(end) & func.coalesce(_stands_at(asked.left, end), False)
        found.append(is_live_at(start) & _stands_at(asked.left, start) & ~gone)
    if asked.came:
        was = is_live_at(start) & func.coalesce(_stands_at(asked.came, start), False)
        found.append(is_live_at(end) & _stands_at(asked.came, end) & ~was)
    return found or [is_live_at(end)]


def _moved(asked: RecordsQuery) -> list[ColumnElement[bool]]:
    start, end = end_of(asked.since or asked.on), end_of(asked.on)
    before, after = _position_at(start), _position_at(end)
    stood = is_live_at(start) & is_live_at(end)
    moves = {
        Move.ENTERED: ~is_live_at(start) & is_live_at(end),
        Move.ARCHIVED: is_live_at(start) & ~is_live_at(end),
        Move.ADVANCED: stood & (after > before),
        Move.STEPPED_BACK: stood & (after < before),
        Move.STAYED: stood & (after == before),
    }
    found: list[ColumnElement[bool]] = [moves[asked.move]] if asked.move else []
    if asked.stage_before:
        found.append(_stands_at(asked.stage_before, start))
    return found


def _position_at(moment: Any) -> ColumnElement[int]:
    position = select(Term.position).where(Term.id == stage_id_at(moment)).correlate(Innovation)
    return func.coalesce(position.scalar_subquery(), 0)


def _stands_at(code: str, moment: Any) -> ColumnElement[bool]:
    if code == NOT_SAID:
        return stage_id_at(moment).is_(None)
    return stage_id_at(moment) == (
        select(Term.id)
        .where(Term.vocabulary == Vocabulary.DEVELOPMENT_STAGE, Term.code == code)
        .scalar_subquery()
    )


def _about(asked: RecordsQuery) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if asked.stage:
        found.append(_stands_at(asked.stage, end_of(asked.on)))
    if asked.hin:
        said = Innovation.hin.has(Hin.code == asked.hin)
        found.append(Innovation.hin_id.is_(None) if asked.hin == NOT_SAID else said)
    if asked.category:
        said = Innovation.category.has(Term.code == asked.category)
        found.append(Innovation.category_id.is_(None) if asked.category == NOT_SAID else said)
    if asked.condition_group:
        found.append(_holds(Vocabulary.CONDITION, Term.group, asked.condition_group))
    if asked.care_setting:
        found.append(_holds(Vocabulary.CARE_SETTING, Term.code, asked.care_setting))
    if asked.organisation:
        found.append(Innovation.organisation_id == asked.organisation)
    return found


def _holds(vocabulary: Vocabulary, column: Any, value: str) -> ColumnElement[bool]:
    of_vocabulary = Term.vocabulary == vocabulary
    if value == NOT_SAID:
        return ~Innovation.terms.any(of_vocabulary)
    return Innovation.terms.any(and_(of_vocabulary, column == value))


# What the home pages ask


def _for_home(actor: Actor, asked: RecordsQuery) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if asked.changes:
        found.append(Innovation.copies.any(SectionCopy.change_wanted != ""))
    if asked.helped:
        # Record by record: one's own are few of all that a HIN helps with.
        its = Engagement.innovation_id == Innovation.id
        is_engaging = Engagement.state == EngagementState.ENGAGING
        helping = exists(select(Engagement.id).where(its, is_engaging)).correlate(Innovation)
        found += [names_hins_to(actor), helping]
    if asked.our_network:
        found.append(Innovation.hin_id == actor.hin_id)
    if asked.neighbours:
        found.append(used_by_neighbours(actor, asked.on))
    return found


def used_by_neighbours(actor: Actor, on: date) -> ColumnElement[bool]:
    """Return SQL for "in use on the day in another ICS of the region of the actor's ICS"."""
    record = holder_at(Use, "innovation_id", moment_of(on))
    here = is_used_in(_neighbours_of(actor), on)
    return Innovation.id.in_(select(record).where(here, use_is_in_use_on(on)))


def _neighbours_of(actor: Actor) -> Select[int]:
    own = select(Ics.region_id).where(Ics.id == actor.ics_id).scalar_subquery()
    return select(Ics.id).where(Ics.region_id == own, Ics.id != actor.ics_id)


# Regions


def proved_in(region: str, on: date) -> ColumnElement[bool]:
    """Return SQL for "a HIN of this region verified it as proven, and that stood on the day"."""
    return exists(
        select(ProvenStatus.id)
        .join(Hin, Hin.id == ProvenStatus.hin_id)
        .join(Region, Region.id == Hin.region_id)
        .where(
            is_of(ProvenStatus, "innovation_id", Innovation.id, moment_of(on)),
            Region.code == region,
            stands_on(on),
        )
        .correlate(Innovation)
    )


def used_in(region: str, on: date) -> ColumnElement[bool]:
    """Return SQL for "an organisation in this region used it on the day"."""
    return exists(
        select(Use.id)
        .join(Ics, Ics.id == used_in_ics(on))
        .join(Region, Region.id == Ics.region_id)
        .where(
            is_of(Use, "innovation_id", Innovation.id, moment_of(on)),
            Region.code == region,
            use_is_in_use_on(on),
        )
        .correlate(Innovation)
    )


# Who works with it


def _worked_with(actor: Actor, asked: RecordsQuery) -> list[ColumnElement[bool]]:
    day = asked.on
    found, hins = [names_hins_to(actor)], engaged.supporter_count_on(day)
    if asked.hins is not None:
        found.append(hins == asked.hins)
    if asked.worked_with:
        found.append(hins > 0)
    if asked.several:
        found.append(hins > 1)
    if asked.ours_and_others:
        found += [_works_by(Engagement.hin_id == actor.hin_id, day), hins > 1]
    if asked.also_elsewhere:
        found.append(waits_beside_others(actor, day))
    return found + [_works(code, day) for code in asked.pair]


def _works(hin: str, day: Day) -> ColumnElement[bool]:
    return _works_by(Engagement.hin.has(Hin.code == hin), day)


def _works_by(hin: ColumnElement[bool], day: Day) -> ColumnElement[bool]:
    # Not record by record: a network works with few of all.
    record = holder_at(Engagement, "innovation_id", moment_of(day))
    return Innovation.id.in_(select(record).where(engaged.is_live_on(day), hin))


def hins_of(
    actor: Actor, innovation_ids: Sequence[int], on: date
) -> dict[int, list[tuple[Engagement, int | None, bool]]]:
    """Return, by record, the engagements that were live on the day, each with its level then and
    whether its HIN led with the record, of those records whose HINs the reader may know."""
    found: dict[int, list[tuple[Engagement, int | None, bool]]] = {}
    leads = engaged.is_leading_on(on)
    record = holder_at(Engagement, "innovation_id", moment_of(on))
    rows = db.session.execute(
        select(Engagement, engaged.level_on(on), leads, record)
        .join(Innovation, Innovation.id == record)
        .where(
            record.in_(innovation_ids),
            engaged.is_live_on(on),
            hins_known_to(actor),
        )
        .options(joinedload(Engagement.hin))
        .order_by(leads.desc(), Engagement.opened_at, Engagement.id)
    )
    for engagement, level, is_leading, record_id in rows:
        found.setdefault(record_id, []).append((engagement, level, bool(is_leading)))
    return found


_CODED = {
    "stage": Vocabulary.DEVELOPMENT_STAGE,
    "stage_before": Vocabulary.DEVELOPMENT_STAGE,
    "left": Vocabulary.DEVELOPMENT_STAGE,
    "came": Vocabulary.DEVELOPMENT_STAGE,
    "category": Vocabulary.CATEGORY,
    "care_setting": Vocabulary.CARE_SETTING,
}


def labels_of(query: RecordsQuery) -> dict[tuple[str, str], str]:
    """Return the words for the codes that are asked for, by field and code, in one statement."""
    legs: list[Select[str, str, str]] = [
        select(
            literal(name).label("field"), Term.code.label("code"), Term.label.label("label")
        ).where(Term.vocabulary == vocabulary, Term.code == getattr(query, name))
        for name, vocabulary in _CODED.items()
    ]
    codes = [query.hin, *query.pair]
    legs.append(select(literal("hin"), Hin.code, Hin.name).where(Hin.code.in_(codes)))
    regions = [query.proved_in, query.used_in]
    legs.append(select(literal("region"), Region.code, Region.name).where(Region.code.in_(regions)))
    number = cast(Organisation.id, String)
    legs.append(
        select(literal("organisation"), number, Organisation.name).where(
            Organisation.id == query.organisation
        )
    )
    found = union_all(*legs).subquery()
    return {(name, code): label for name, code, label in db.session.execute(select(found))}
