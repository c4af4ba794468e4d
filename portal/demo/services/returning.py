"""Write two yearly returns: what companies answered is made up, as are the companies themselves.

No answer is told of a company that the sources name. Nobody has to be in touch with a company for
its part in the story: it is asked as if networks had been.
"""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

from sqlalchemy import select

from portal.accounts import services as accounts
from portal.accounts.models import Actor, OrganisationKind
from portal.clock import PartialDate
from portal.db import db
from portal.demo import queries
from portal.demo.rules.diary import Diary
from portal.demo.rules.draw import number
from portal.demo.rules.returning import Days, given_of, minutes_of, now_and_before
from portal.demo.services.happening import happening
from portal.demo.services.people import People
from portal.demo.services.places import LOADER, Places
from portal.demo.services.programmes import NAME
from portal.impact.models import (
    Cash,
    CompanyReturn,
    Effect,
    EventKind,
    InvestmentKind,
    ReturnCampaign,
    ReturnNetwork,
)
from portal.impact.services import campaigns, estimates, events
from portal.impact.services.answering import Answering, accept, ask_back, hear, save
from portal.programmes.models import Programme

Row = dict[str, str]
EVENTS = (
    (330, "national", EventKind.MILESTONE, "A thousand practices have a breath test", None, ""),
    (240, "hin", EventKind.AGREEMENT, "Shared testing of sensors", None, "a university"),
    (150, "other_hin", EventKind.AWARD, "Award for work with care homes", None, "a journal"),
    (75, "hin", EventKind.HELD, "Open day for practices", 64, "an integrated care system"),
    (20, "hin", EventKind.AWARD, "Award for a network of small companies", None, "a city"),
)
"""Days ago, whose, what, how many took part, and with or by whom."""
LINK = "answers@demo.example"
"""To whom at a company without people the link goes."""
ASKED_AFTER, REMINDED_AFTER = 3, 21
"""Days from the opening: companies are written to on a working day on which it is open."""
UNANSWERED = {"silent", "not_opened", "reminded"}
CHECKED = {"accepted": 5, "asked_back": 4}
"""So many days before today (or after the answer, in the closed one) it was looked at."""


def write(places: Places, people: People) -> None:
    """Write both, the older first, and estimates of the programme that is made up."""
    now, before = now_and_before(places.today)
    rows = queries.returns()
    for row in rows:
        _company(places, row)
    diary = Diary(places.today, "returns")
    for days, year in ((before, "before"), (now, "now")):
        _campaign(places, people, diary, days, [one for one in rows if one["year"] == year])
    _estimates(people, diary)
    _events(people, diary)


def _company(places: Places, row: Row) -> None:
    if row["company"] in places.named:
        return
    with happening(Diary(places.today, row["company"]), 715):
        made = accounts.create_organisation(
            kind=OrganisationKind.COMPANY,
            name=row["company"],
            ics_id=places.ics_now[row["home"]].id,
            is_demo=True,
            by=LOADER,
        )
    places.named[made.name] = made


class Telling:
    """One return, the networks' people, and the days on which things happen."""

    def __init__(
        self, places: Places, people: People, diary: Diary, campaign: ReturnCampaign
    ) -> None:
        self.places, self.people = places, people
        self.diary, self.campaign = diary, campaign
        self.is_over = campaign.closes_on < places.today
        self.last = self.days_ago(campaign.closes_on) if self.is_over else 1
        """Days ago on which all was said and done."""

    def days_ago(self, day: date) -> int:
        """Return how long ago a day was."""
        return (self.places.today - day).days

    def network(self, row: Row) -> Actor:
        """Return somebody of the first network that supported the company."""
        return self.people.of[self.places.place(next(iter(minutes_of(row)))).id][0]

    def who(self, row: Row, asked: CompanyReturn) -> Answering:
        """Return who answers: the network by phone, the company's people, or a link's reader."""
        if row["story"] == "phone":
            return Answering(by=self.network(row))
        theirs = self.people.of.get(asked.organisation_id)
        return Answering(by=theirs[0]) if theirs else Answering(key=asked.keys[-1])


def _campaign(places: Places, people: People, diary: Diary, days: Days, rows: list[Row]) -> None:
    by = people.by_key["national"]
    opened = (places.today - days.opens_on).days
    with happening(diary, opened + 7):
        campaign = campaigns.set_up(
            year=days.year, opens_on=days.opens_on, closes_on=days.closes_on, by=by
        )
        campaign.is_demo = True
    telling = Telling(places, people, diary, campaign)
    asked = [(row, _asked(telling, row)) for row in rows]
    with happening(diary, opened - ASKED_AFTER):
        for row, one in asked:
            _ask(telling, row, one)
    _happen(telling, asked, opened)


def _asked(telling: Telling, row: Row) -> CompanyReturn:
    """Return a company's return, with the networks that its story names."""
    company = telling.places.named[row["company"]]
    found = db.session.scalars(
        select(CompanyReturn).where(
            CompanyReturn.campaign_id == telling.campaign.id,
            CompanyReturn.organisation_id == company.id,
        )
    ).one_or_none()
    if found is None:
        found = CompanyReturn(campaign=telling.campaign, organisation=company)
        db.session.add(found)
    places = {code: telling.places.place(code) for code in minutes_of(row)}
    known = {one.hin_id for one in found.networks}
    for code, minutes in minutes_of(row).items():
        if places[code].hin_id not in known:
            found.networks.append(ReturnNetwork(hin=places[code].hin, minutes=minutes))
    db.session.flush()
    return found


def _ask(telling: Telling, row: Row, asked: CompanyReturn) -> None:
    if not campaigns.ask(row=asked):
        campaigns.send_link(row=asked, email=LINK, by=telling.network(row))


def _happen(telling: Telling, asked: list[tuple[Row, CompanyReturn]], opened: int) -> None:
    """Let companies answer between the opening and the end, then networks look at it."""
    acts: list[tuple[int, Callable[[], object]]] = []
    for row, one in asked:
        day = opened - number(f"{row['year']}:{row['company']}:day", 6, 18)
        if row["story"] == "reminded":
            acts.append((opened - REMINDED_AFTER, partial(campaigns.remind, row=one)))
        elif row["story"] not in UNANSWERED:
            acts.append((day, partial(_answer, telling, row, one)))
        looked_at = telling.is_over and row["story"] not in UNANSWERED
        if looked_at or row["story"] in CHECKED:
            days = telling.last + CHECKED.get(row["story"], 5)
            acts.append((days, partial(_check, telling, row, one)))
    if not telling.is_over:
        acts.append((opened - 4, partial(_hear, telling, asked[0][1])))
    for days_ago, act in sorted(acts, key=lambda one: -one[0]):
        with happening(telling.diary, days_ago):
            act()


def _answer(telling: Telling, row: Row, asked: CompanyReturn) -> None:
    save(
        row=asked,
        version=asked.version,
        given=given_of(row, telling.campaign.year),
        hands_in=row["story"] != "begun",
        who=telling.who(row, asked),
    )


def _check(telling: Telling, row: Row, asked: CompanyReturn) -> None:
    by = telling.network(row)
    if row["story"] == "asked_back":
        ask_back(row=asked, version=asked.version, words=row["words"], by=by)
    else:
        accept(row=asked, version=asked.version, by=by)


def _hear(telling: Telling, asked: CompanyReturn) -> None:
    hear(
        row=asked,
        kind=InvestmentKind.GRANT,
        pounds=60_000,
        day=PartialDate(date(telling.campaign.year, 10, 14)),
        by=telling.people.by_key["hin"],
    )


def _estimates(people: People, diary: Diary) -> None:
    """Let two models say different things of one effect, and the national team choose."""
    by = people.by_key["national"]
    programme = db.session.scalars(select(Programme).where(Programme.name == NAME)).one()
    told: dict[str, Any] = {
        "programme_id": programme.id,
        "effect": Effect.APPOINTMENTS,
        "period": "One year (made up)",
        "cash": Cash.NOT,
        "note": "Made up for the demonstration",
        "by": by,
    }
    with happening(diary, 3):
        wide = estimates.save_estimate(
            estimate=None,
            value=4_200.0,
            low=2_900.0,
            high=5_600.0,
            model="Visits of people tested, compared with the year before",
            evaluator="Evaluation team (made up)",
            baseline="The same practices a year before",
            sites=11,
            scaled_sites=220,
            **told,
        )
        estimates.save_estimate(
            estimate=None,
            value=6_000.0,
            model="One visit saved for each test, as the maker reckons",
            evaluator="The maker (made up)",
            **told,
        )
        estimates.use(
            estimate=wide, why="It is compared with the year before and gives its range.", by=by
        )


def _events(people: People, diary: Diary) -> None:
    """Let two networks and the national team tell of the last year; all of it is made up."""
    for days_ago, key, kind, title, people_there, other in EVENTS:
        by = people.by_key[key]
        with happening(diary, 2):
            row = events.tell(
                kind=kind,
                title=f"{title} (made up)",
                day=PartialDate(diary.day(days_ago)),
                hin_id=by.hin_id,
                people=people_there,
                other=other,
                source="Made up for the demonstration",
                by=by,
            )
            row.is_demo = True
