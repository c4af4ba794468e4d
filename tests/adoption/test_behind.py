"""The pairs behind a number, as SQL finds them and as the rules do, over random histories."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.adoption.models import EligibleList, EligiblePlace, Funding
from portal.adoption.queries.areas import Areas, Leads, hin_on, ics_on, lies_with
from portal.adoption.queries.behind import PairsQuery, pairs
from portal.adoption.queries.spread import EVERYWHERE, Narrowing, spread_of
from portal.adoption.rules.spread import Move
from portal.adoption.rules.wanted import SiteFilter
from portal.adoption.serialise.sites import page_of_lines, site_lines
from portal.adoption.services.lists import make_cohort
from portal.innovations.models import Adoption, AdoptionSource, AdoptionState
from portal.reference.models import HinServiceArea, Site, SiteKind, SiteMembership, Vocabulary
from portal.reference.queries import hins, icss
from portal.reference.rules import Quarter
from tests import makers
from tests.cast import Cast
from tests.examples import examples

FIRST = date(2025, 4, 1)
ON, SINCE = Quarter(FIRST).last, FIRST - timedelta(days=1)
DAYS = st.integers(-250, 100)
ROW = st.tuples(
    st.integers(0, 3),  # which site
    st.integers(0, 1),  # which product
    st.sampled_from(["", "", "Ward 1"]),
    st.sampled_from([*AdoptionState, AdoptionState.STAGE_3, AdoptionState.STAGE_6]),
    DAYS,
    st.sampled_from([AdoptionSource.HIN, AdoptionSource.HIN, AdoptionSource.INNOVATOR]),
    st.sampled_from(["", "", "", "corrects", "confirms"]),
)
MONEY = st.tuples(st.integers(0, 3), st.integers(0, 1), st.integers(0, 2), DAYS, st.booleans())
STAY = st.tuples(st.integers(0, 3), st.integers(-200, 80), st.integers(0, 200), st.booleans())
LAIN = st.tuples(st.integers(0, 3), st.integers(0, 1), st.integers(-200, 80), st.integers(0, 90))
WANTED = [
    SiteFilter(),
    *(SiteFilter(state=state) for state in AdoptionState),
    *(SiteFilter(level=level) for level in (1, 3, 4, 5)),
    *(SiteFilter(move=move) for move in Move),
    *(SiteFilter(money=code) for code in ("NOT_STATED", "CENTRAL", "NOT_ADOPTED", "no such")),
    SiteFilter(stalled=True),
    SiteFilter(claimed=True),
    SiteFilter(level=3, stalled=True),
]


@contextmanager
def undone(session: Session) -> Iterator[None]:
    nested = session.begin_nested()
    try:
        yield
    finally:
        nested.rollback()


def _sites(lain: list[Any]) -> list[Site]:
    """Four places of no fixed address: stays overlap, leave gaps, or are not recorded at all."""
    systems = [makers.ics("QWU"), makers.ics("QOP")]
    kinds = [SiteKind.TRUST, SiteKind.TRUST_SITE, SiteKind.PRACTICE, SiteKind.PRACTICE]
    found = [
        makers.put(
            Site(code=f"RB{n}", kind=kind, name=f"Place {n}", commissioner_ics_id=systems[n % 2].id)
        )
        for n, kind in enumerate(kinds)
    ]
    for which, system, begun, lasted in lain:
        day = FIRST + timedelta(days=begun)
        held = {"site_id": found[which].id, "commissioner_ics_id": systems[system].id}
        makers.put(SiteMembership(**held, valid_from=day, valid_to=day + timedelta(days=lasted)))
    return found


def _listed(list_id: int, places: list[Site], stays: list[Any]) -> None:
    taken: dict[int, list[tuple[date, date]]] = {}
    for which, begun, lasted, is_out in stays:
        since = FIRST + timedelta(days=begun)
        until = since + timedelta(days=lasted)
        held = taken.setdefault(which, [])
        if any(since <= other and one <= until for one, other in held):
            continue  # a place is on a list once on any day
        held.append((since, until))
        makers.put(
            EligiblePlace(
                list_id=list_id,
                site_id=places[which].id,
                valid_from=since,
                valid_to=until,
                left_out_why="No ward" if is_out else "",
            )
        )


def _history(records: list[int], places: list[Site], rows: list[Any]) -> None:
    put: list[Adoption] = []
    for which, product, unit, state, day, source, about in rows:
        row = Adoption(
            innovation_id=records[product],
            site_id=places[which].id,
            unit=unit,
            state=state,
            source=source,
            on=FIRST + timedelta(days=day),
        )
        mine = [o for o in put if (o.innovation_id, o.site_id) == (row.innovation_id, row.site_id)]
        gone = {one.corrects_id for one in put}
        free = [one for one in mine if one.id not in gone]
        if about == "corrects" and free:
            row.corrects_id = free[-1].id
        if about == "confirms" and free:
            row.confirms_id = free[-1].id
        put.append(makers.put(row))


def _money(records: list[int], places: list[Site], rows: list[Any]) -> None:
    codes = [
        makers.term(Vocabulary.FUNDING_STATUS, code).id
        for code in ("CENTRAL", "NOT_ADOPTED", "NOT_STATED")
    ]
    last: Funding | None = None
    for which, product, code, day, is_correction in rows:
        row = Funding(
            innovation_id=records[product],
            site_id=places[which].id,
            status_id=codes[code],
            on=FIRST + timedelta(days=day),
        )
        is_about = (
            last is not None
            and (last.innovation_id, last.site_id) == (row.innovation_id, row.site_id)
            and is_correction
        )
        row.corrects_id = last.id if last is not None and is_about else None
        last = makers.put(row)


@settings(
    max_examples=examples(12),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    rows=st.lists(ROW, max_size=30),
    money=st.lists(MONEY, max_size=8),
    stays=st.lists(STAY, min_size=4, max_size=10),
    lain=st.lists(LAIN, max_size=8),
)
def test_sql_finds_the_pairs_that_the_rules_find(
    session: Session, cast: Cast, rows: list[Any], money: list[Any], stays: list[Any], lain: Any
) -> None:
    with undone(session):
        records = [makers.innovation(name, of=cast.innovator).id for name in ("A", "B")]
        places = _sites(lain)
        eligible = makers.put(EligibleList(name="Places", innovation_id=records[0]))
        _listed(eligible.id, places, stays)
        _history(records, places, rows)
        _money(records, places, money)
        west, north = makers.ics("QWU"), makers.hin("HI-WM")
        first = frozenset({places[0].id, places[2].id})
        kept = make_cohort(name="Kept", definition="", site_ids=first, by=cast.national.actor)
        asked = [(one, EVERYWHERE, None) for one in WANTED]
        for narrowing in (
            Narrowing(ics_id=west.id),
            Narrowing(hin_id=north.id),
            Narrowing(kind=SiteKind.PRACTICE),
        ):
            asked += [(SiteFilter(), narrowing, None), (SiteFilter(move=Move.UP), narrowing, None)]
        asked += [(SiteFilter(move=Move.NEW), Narrowing(cohort=first), kept.id)]
        spread = spread_of(eligible, records)
        for wanted, narrowing, cohort_id in asked:
            question = PairsQuery(eligible.id, records, ON, SINCE, narrowing, cohort_id, wanted)
            told = [(*row,) for row in session.execute(pairs(question))]
            expected = site_lines(spread, narrowing, ON, SINCE, wanted)
            assert told == [(one.place.site_id, one.innovation_id) for one in expected], wanted
            shown = page_of_lines(question, Leads(), 1)
            assert list(shown) == expected
            assert (shown.total, shown.number) == (len(expected), 1)


@settings(
    max_examples=examples(12),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(lain=st.lists(LAIN, max_size=12), leads=st.lists(LAIN, max_size=6), days=st.lists(DAYS))
def test_sql_and_python_say_alike_where_a_place_lay(
    session: Session, cast: Cast, lain: list[Any], leads: list[Any], days: list[int]
) -> None:
    with undone(session):
        places = _sites(lain)
        numbers = [one.id for one in places]
        networks, systems = hins()[:4], [one for one in icss() if one.code in ("QWU", "QOP")]
        for held in session.scalars(
            select(HinServiceArea).where(HinServiceArea.ics_id.in_([one.id for one in systems]))
        ).all():
            session.delete(held)
        session.flush()
        begun: set[tuple[int, date]] = set()
        for which, system, since, lasted in leads:
            day = FIRST + timedelta(days=since)
            if (system, day) in begun:
                continue  # one network leads in an ICS at any day
            begun.add((system, day))
            makers.put(
                HinServiceArea(
                    hin_id=networks[which].id,
                    ics_id=systems[system].id,
                    is_lead=True,
                    valid_from=day,
                    valid_to=day + timedelta(days=lasted),
                )
            )
        areas = Areas(
            select(Site.id).where(Site.id.in_(numbers)), [(one.id, one.ics_id) for one in places]
        )
        for on in (ON, SINCE, *(FIRST + timedelta(days=day) for day in days)):
            rows = session.execute(
                select(Site.id, ics_on(on), hin_on(on)).where(Site.id.in_(numbers))
            )
            told = {number: (ics, hin) for number, ics, hin in rows}
            assert told == {n: (areas.ics_id(n, on), areas.hin_id(n, on)) for n in numbers}
            for network in networks:
                there = select(Site.id).where(Site.id.in_(numbers), lies_with(network.id, on))
                assert set(session.scalars(there)) == {
                    n for n in numbers if areas.hin_id(n, on) == network.id
                }
