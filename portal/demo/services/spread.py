"""Write how far some innovations have spread over the made-up places, quarter by quarter."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from portal.accounts.models import Actor
from portal.adoption.models import EligibleList, SheetRow
from portal.adoption.services import lists, sheets
from portal.adoption.services.sending import record_money
from portal.db import db
from portal.demo import queries
from portal.demo.rules.diary import Diary
from portal.demo.rules.draw import chance, number, pick
from portal.demo.services.happening import happening
from portal.demo.services.people import People
from portal.demo.services.places import Places
from portal.innovations.models import AdoptionState, Innovation
from portal.innovations.rules.adoption import IN_USE, needs_reason
from portal.innovations.services.adoption import NewStage, record_stages
from portal.reference.models import Site, SiteKind, Vocabulary
from portal.reference.queries import networks, terms
from portal.reference.rules import Quarter

STEPS = 5
"""How many steps `write` yields."""
MADE_UP = "Made up for the demonstration"
WRITTEN = (400, 300, 205, 110, 15)
"""Days before today on which the networks said where their sites stand."""
SPEEDS = {"thopaz": 75, "gammacore": 50, "restore2": 60}
KINDS = {
    "thopaz": SiteKind.TRUST,
    "gammacore": SiteKind.TRUST,
    "restore2": SiteKind.CARE_HOME,
    "elecsys-sflt1-plgf": SiteKind.TRUST_SITE,
    "triage-plgf": SiteKind.TRUST_SITE,
}
PAIR = ("elecsys-sflt1-plgf", "triage-plgf")
NAMES = {
    SiteKind.TRUST: "NHS trusts",
    SiteKind.CARE_HOME: "Care homes",
    SiteKind.TRUST_SITE: "Sites with a maternity unit",
}
MONEY = ("CENTRAL", "FUNDED_SELF", "FUNDED_COMMISSIONER", "UNDER_DISCUSSION", "AWAITING")


@dataclass
class Spreading:
    """An innovation over the places of its list, with where each stood last."""

    key: str
    innovation: Innovation
    places: Sequence[tuple[Site, Actor]]
    """Each with who speaks for its network."""
    states: dict[int, AdoptionState]


def write(places: Places, people: People) -> Iterator[None]:
    """Write lists, the stages of five quarters, money, and a sheet that is half filled in."""
    diary = Diary(places.today, "spread")
    with happening(diary, WRITTEN[0] + 20):
        found, first = _lists(people, diary.day(WRITTEN[0] + 20))
    actors = _speakers(places, people)
    spreading = [_begun(key, innovation, actors) for key, innovation in found.items()]
    yield
    for which, days_ago in enumerate(WRITTEN):
        with happening(diary, days_ago):
            for one in spreading:
                _quarter(one, which, diary.day(days_ago))
        if which:
            yield
    with happening(diary, 5):
        _cohort(spreading[0], people.by_key["national"])
        _sheet(first, people.by_key["hin"], diary.day(5))


def _lists(people: People, since: date) -> tuple[dict[str, Innovation], EligibleList]:
    by, names = (
        people.by_key["national"],
        {r["key"]: r["name"] for r in queries.records("innovations")},
    )
    found = {key: queries.innovation_called(names[key]) for key in KINDS}
    made: dict[str, EligibleList] = {}
    for key in SPEEDS:
        kind = KINDS[key]
        basis = f"{MADE_UP}: every place of this kind."
        made[key] = lists.make_list(name=NAMES[kind], basis=basis, innovation=found[key], by=by)
        lists.add_kind(eligible=made[key], kind=kind, since=since, by=by)
    group = lists.make_group(
        name="PlGF tests",
        definition="Two blood tests that rule out pre-eclampsia.",
        members=[found[key] for key in PAIR],
        since=since,
        by=by,
    )
    both = lists.make_list(name=NAMES[SiteKind.TRUST_SITE], basis=MADE_UP, group=group, by=by)
    lists.add_kind(eligible=both, kind=SiteKind.TRUST_SITE, since=since, by=by)
    site = db.session.scalars(
        select(Site).where(Site.kind == SiteKind.TRUST).order_by(Site.id.desc()).limit(1)
    ).one()
    why = "It does no chest surgery"
    lists.leave_out(eligible=made["thopaz"], site=site, why=why, since=since, by=by)
    return found, made["thopaz"]


def _speakers(places: Places, people: People) -> dict[int, Actor]:
    """Return who speaks for the network of each ICS of today, by the number of the ICS."""
    leads = networks.leads_on(places.today)
    return {
        ics_id: people.of[places.of_hin[hin.id].id][0]
        for ics_id, hin in leads.items()
        if hin.id in places.of_hin
    }


def _begun(key: str, innovation: Innovation, actors: dict[int, Actor]) -> Spreading:
    sites = db.session.scalars(
        select(Site).where(Site.kind == KINDS[key], Site.closed_on.is_(None)).order_by(Site.id)
    )
    spoken = [(one, actors[one.ics_id]) for one in sites if one.ics_id in actors]
    return Spreading(key, innovation, spoken, {})


def _quarter(spread: Spreading, which: int, on: date) -> None:
    """Let the sites move, and say so network by network."""
    reasons = [term.id for term in terms(Vocabulary.ADOPTION_REASON)]
    said: dict[int, tuple[Actor, list[NewStage]]] = {}
    for site, by in spread.places:
        before = spread.states.get(site.id, AdoptionState.STAGE_0)
        after = _next(f"{spread.key}:{site.code}", which, before, SPEEDS.get(spread.key, 55))
        if after is before and site.id not in spread.states:
            continue
        why = pick(f"{spread.key}:{site.code}:{which}", reasons)
        stage = NewStage(
            site_id=site.id,
            state=after,
            on=on,
            reason_id=why if needs_reason(before, after) else None,
            note=MADE_UP,
            is_indicative=chance(f"{spread.key}:{site.code}:{which}:seen", 6),
        )
        said.setdefault(by.organisation_id or 0, (by, []))[1].append(stage)
        spread.states[site.id] = after
    for by, stages in said.values():
        record_stages(innovation=spread.innovation, stages=stages, by=by)
        _pay(spread, stages, on, by)


def _next(key: str, which: int, before: AdoptionState, speed: int) -> AdoptionState:
    """Return where a site stands a quarter later: some are never asked, few fall or stop."""
    if chance(f"{key}:never", 12):
        return before
    if before in (AdoptionState.STOPPED, AdoptionState.DECLINED):
        return before
    luck = f"{key}:{which}"
    if before.level >= 4 and chance(f"{luck}:stop", 3):
        return AdoptionState.STOPPED
    if before.level == 0 and chance(f"{luck}:silent", 18):
        return AdoptionState.NO_ANSWER
    if not chance(f"{luck}:move", speed):
        return before
    step = number(f"{luck}:step", 1, 2)
    return AdoptionState(f"STAGE_{min(7, before.level + step)}")


def _pay(spread: Spreading, stages: Sequence[NewStage], on: date, by: Actor) -> None:
    """Say of most sites that begin to use it how their money stands."""
    codes = {site.id: site.code for site, _ in spread.places}
    for stage in stages:
        key = f"{spread.key}:{codes[stage.site_id]}:money"
        if stage.state is AdoptionState.STAGE_5 and chance(key, 80):
            record_money(
                innovation=spread.innovation,
                site_id=stage.site_id,
                code=pick(f"{key}:which", MONEY),
                on=on,
                by=by,
                note=MADE_UP,
            )


def _cohort(spread: Spreading, by: Actor) -> None:
    """Keep those that use the first product under a name."""
    lists.make_cohort(
        name="The first to use it",
        definition=f"{MADE_UP}: trusts that used {spread.innovation.name} first.",
        site_ids=[site_id for site_id, state in spread.states.items() if state.level >= IN_USE],
        innovation=spread.innovation,
        by=by,
    )


def _sheet(eligible: EligibleList, by: Actor, on: date) -> None:
    """Open the sheet of the day's quarter of one network, and fill in half of it."""
    quarter = Quarter.of(on)
    if by.hin_id is None:
        return
    sheet = sheets.open_sheet(eligible=eligible, hin_id=by.hin_id, quarter=quarter, by=by)
    rows = db.session.scalars(
        select(SheetRow.id).where(SheetRow.sheet_id == sheet.id).order_by(SheetRow.id)
    ).all()
    sheets.leave_unchanged(sheet=sheet, row_ids=rows[: len(rows) // 2], by=by)
