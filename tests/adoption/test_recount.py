"""Shares, moves and figures over random histories, beside a plain recount of the same rows."""

import random
from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.adoption.models import EligibleList, EligiblePlace
from portal.adoption.queries import figures as counting
from portal.adoption.queries.picture import page
from portal.adoption.queries.spread import EVERYWHERE, Narrowing, spread_of
from portal.adoption.rules.spread import Move
from portal.figures.rules import WHOLE, Period
from portal.innovations.models import Adoption, AdoptionSource, AdoptionState
from portal.innovations.queries.adoption import moves_between, positions_on
from portal.reference.models import Site, SiteKind, SiteMembership
from portal.reference.queries import icss, lead_hin
from portal.reference.rules import Quarter
from tests import makers
from tests.cast import Cast
from tests.examples import examples

FIRST = date(2025, 4, 1)
QUARTER = Quarter(FIRST)
MERGED = FIRST + timedelta(days=45)
STATES = list(AdoptionState)
ROW = st.tuples(
    st.integers(0, 5),
    st.sampled_from(STATES),
    st.integers(-100, 89),
    st.booleans(),  # corrects the row before at the site
)
STAY = st.tuples(st.integers(-80, 40), st.one_of(st.none(), st.integers(41, 120)), st.booleans())


def _sites(cast: Cast) -> list[Site]:
    """Two trusts, one of them with three sites and one with one; two places change their ICS."""
    found = []
    for number, home in enumerate(["QWU", "QWU", "QOP", "QOP", "QWU", "QOP"]):
        ics, other = makers.ics(home), makers.ics("QOP" if home == "QWU" else "QWU")
        kind = SiteKind.TRUST if number in (0, 3) else SiteKind.TRUST_SITE
        row = Site(
            code=f"RC{number}", kind=kind, name=f"Place {number}", commissioner_ics_id=ics.id
        )
        row.parent_id = None if kind is SiteKind.TRUST else found[0].id
        found.append(makers.put(row))
        held = {"site_id": row.id, "commissioner_ics_id": ics.id}
        if number in (1, 3):
            day = MERGED - timedelta(days=1)
            makers.put(SiteMembership(**held, valid_from=None, valid_to=day))
            held["commissioner_ics_id"] = other.id
            makers.put(SiteMembership(**held, valid_from=MERGED))
        else:
            makers.put(SiteMembership(**held, valid_from=None))
    return found


def _state(rows: list[dict[str, Any]], site: int, on: date) -> AdoptionState:
    """Go through the rows of a site in their order, as a person with a pencil would."""
    gone = {row["corrects"] for row in rows}
    mine = [r for r in rows if r["site"] == site and r["on"] <= on and r["id"] not in gone]
    mine.sort(key=lambda row: (row["on"], row["id"]))
    return mine[-1]["state"] if mine else AdoptionState.STAGE_0


def _move(before: AdoptionState, after: AdoptionState) -> str:
    ended = ("STOPPED", "DECLINED")
    if after in ended:
        return "" if before in ended else "stopped"
    if before.level == 0 and after.level:
        return "new"
    return "up" if after.level > before.level else "down" if after.level < before.level else ""


@settings(
    max_examples=examples(20),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(history=st.lists(ROW, max_size=20), stays=st.lists(STAY, min_size=6, max_size=6))
def test_pages_and_figures_equal_a_recount(
    session: Session, cast: Cast, history: list[Any], stays: list[Any]
) -> None:
    nested = session.begin_nested()
    record = makers.innovation(of=cast.innovator, opens=False)
    places = _sites(cast)
    eligible = makers.put(EligibleList(name="Places", innovation_id=record.id))
    listed = []
    for place, (begun, ended, is_out) in zip(places, stays, strict=True):
        until = FIRST + timedelta(days=ended) if ended else None
        since = FIRST + timedelta(days=begun)
        why = "No ward" if is_out else ""
        held = {"site_id": place.id, "valid_from": since, "valid_to": until, "left_out_why": why}
        makers.put(EligiblePlace(list_id=eligible.id, **held))
        listed.append(held)
    rows: list[dict[str, Any]] = []
    for which, state, day, is_correction in history:
        site = places[which].id
        gone = {row["corrects"] for row in rows}
        mine = [row["id"] for row in rows if row["site"] == site and row["id"] not in gone]
        corrects = mine[-1] if is_correction and mine else None
        on = FIRST + timedelta(days=day)
        said = {"innovation_id": record.id, "site_id": site, "state": state, "on": on}
        row = makers.put(Adoption(**said, source=AdoptionSource.HIN, corrects_id=corrects))
        rows.append({"id": row.id, "site": site, "state": state, "on": on, "corrects": corrects})
    since, on = FIRST - timedelta(days=1), QUARTER.last

    def could(day: date) -> set[int]:
        return {
            one["site_id"]
            for one in listed
            if not one["left_out_why"]
            and one["valid_from"] <= day
            and (one["valid_to"] is None or one["valid_to"] >= day)
        }

    spread = spread_of(eligible, [record.id])
    found = page(spread, EVERYWHERE, on, since, icss(on), {})
    sites = could(on)
    states = {site: _state(rows, site, on) for site in sites}
    assert found.england.total == len(sites)
    assert {s: n for s, n in found.england.counts.items() if n} == Counter(states.values())
    assert found.england.at_5.numerator == sum(s.level >= 5 for s in states.values())
    both = sites & could(since)
    moved = Counter(_move(_state(rows, s, since), states[s]) for s in both)
    assert {str(m): n for m, n in found.moves.items() if n} == {m: n for m, n in moved.items() if m}
    trusts = {places[0].id} if sites - {places[3].id} else set()
    trusts |= sites & {places[3].id}
    assert found.totals["eligible"].sites == len(sites)
    assert found.totals["eligible"].trusts == len(trusts)

    def network(place: Site, day: date) -> int:
        stay = next(m for m in place.memberships if (m.valid_to or date.max) >= day)
        hin = lead_hin(stay.commissioner_ics_id or 0, day)
        return hin.id if hin else 0

    west = makers.hin("HI-WM").id
    for day in (since, on):
        here = {p.id for p in places if p.id in could(day) and network(p, day) == west}
        narrowed = spread.positions(day, Narrowing(hin_id=west))
        assert {site for site, _ in narrowed} == here

    period = Period(QUARTER, on + timedelta(days=200))
    values = {(v.code, v.hin_id, v.group): v.value for v in counting.count(period)}
    known = {p.id for p in places if any(r["site"] == p.id for r in rows)}
    used = [p for p in places if p.id in known and _state(rows, p.id, on).level >= 5]
    assert values.get(("ADOPTION_IN_USE", None, WHOLE), 0) == len(used)
    own = sum(network(p, on) == west for p in used)
    assert values.get(("ADOPTION_IN_USE", west, WHOLE), 0) == own
    ups = Counter(
        _move(_state(rows, s, since), _state(rows, s, on))
        for s in known
        if any(r["site"] == s and r["on"] <= on for r in rows)
    )
    for move in Move:
        assert values.get(("ADOPTION_MOVES", None, move.value), 0) == ups[move.value]
    nested.rollback()


def test_a_row_that_is_known_later_changes_no_frozen_number(session: Session, cast: Cast) -> None:
    record = makers.innovation(of=cast.innovator, opens=False)
    (place, *_) = _sites(cast)
    at = datetime.fromisoformat("2025-06-30T09:00:00+00:00")
    said = {"innovation_id": record.id, "site_id": place.id, "source": AdoptionSource.HIN}
    first = makers.put(Adoption(**said, state=AdoptionState.STAGE_6, on=FIRST, at=at))
    later = at + timedelta(days=40)
    state = AdoptionState.STAGE_2
    makers.put(Adoption(**said, state=state, on=FIRST, at=later, corrects_id=first.id))
    day = QUARTER.last + timedelta(days=60)
    frozen = counting.count(Period(QUARTER, day, as_of=at + timedelta(days=1)))
    live = counting.count(Period(QUARTER, day))
    code = "ADOPTION_IN_USE"
    assert [v.value for v in frozen if v.code == code and v.hin_id is None] == [1]
    assert [v.value for v in live if v.code == code] == []


def test_one_pass_over_the_rows_finds_what_two_find(session: Session, cast: Cast) -> None:
    drawn = random.Random(5)  # noqa: S311  # the same rows every time
    records = [makers.innovation(name, of=cast.innovator, opens=False) for name in ("A", "B")]
    places = _sites(cast)
    states, sources = list(AdoptionState), list(AdoptionSource)
    rows: list[Adoption] = []
    for _ in range(120):
        before = drawn.choice(rows) if rows and drawn.random() < 0.2 else None
        is_free = before is not None and all(one.corrects_id != before.id for one in rows)
        about = before if before is not None and is_free else None
        row = Adoption(
            innovation_id=about.innovation_id if about else drawn.choice(records).id,
            site_id=about.site_id if about else drawn.choice(places).id,
            unit=about.unit if about else drawn.choice(["", "Ward 1"]),
            state=drawn.choice(states),
            source=drawn.choice(sources),
            on=FIRST + timedelta(days=drawn.randrange(-120, 120)),
            corrects_id=about.id if about else None,
        )
        rows.append(makers.put(row))
    since, on = FIRST - timedelta(days=1), QUARTER.last
    found = moves_between(since, on)
    before, after = (positions_on(day) for day in (since, on))
    told = {(i, s): (b, r) for i, s, b, r in session.execute(select(found))}
    stood = {(i, s): rank for i, s, rank in session.execute(select(before))}
    expected = {(i, s): (stood.get((i, s)), r) for i, s, r in session.execute(select(after))}
    assert told == expected
    assert len(told) > len(places)
    assert any(was is not None and was != now for was, now in told.values())
