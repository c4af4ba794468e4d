"""The sites behind a number of a page about spread: rows of a list and of files."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from portal.adoption.queries.areas import Leads
from portal.adoption.queries.behind import PairsQuery, pairs, spread_of_places
from portal.adoption.queries.lists import Entry
from portal.adoption.queries.picture import claimed
from portal.adoption.queries.spread import Narrowing, Spread
from portal.adoption.rules import spread as rules
from portal.adoption.rules.history import Position
from portal.adoption.rules.money import IN_SERVICE, NOT_STATED
from portal.adoption.rules.spread import MOVE_LABELS, Move
from portal.adoption.rules.wanted import SiteFilter
from portal.db import db
from portal.innovations.models import AdoptionState
from portal.web.downloads import Cell
from portal.web.paging import Page, paginate_once


@dataclass(frozen=True, slots=True)
class SiteLine:
    """A pair of place and product on a day."""

    place: Entry
    innovation_id: int
    position: Position | None
    before: AdoptionState
    move: Move | None
    money: str
    hin: str
    is_stalled: bool
    is_claimed: bool

    @property
    def state(self) -> AdoptionState:
        """Return where it stands."""
        return rules.state_of(self.position)

    def days(self, on: date) -> int | None:
        """Return for how many days it has stood there."""
        return (on - self.position.since).days if self.position else None


def site_lines(
    spread: Spread, narrowing: Narrowing, on: date, since: date, wanted: SiteFilter
) -> list[SiteLine]:
    """Return the lines that are asked for, by the name of the place."""
    places = spread.eligible(on, narrowing)
    found, before = spread.of(places, on), spread.positions(since, narrowing)
    moved, stalled = rules.moves(before, found), set(rules.stalled(found, on))
    money, claims = spread.money(on), claimed(spread, found, on)
    names = {hin.id: hin.name for hin in spread.areas.hins.values()}
    lines = [
        SiteLine(
            place=place,
            innovation_id=number,
            position=found[pair],
            before=rules.state_of(before.get(pair)),
            move=moved.get(pair),
            money=money.get(pair, NOT_STATED),
            hin=names.get(spread.areas.hin_id(place.site_id, on) or 0, ""),
            is_stalled=pair in stalled,
            is_claimed=pair in claims,
        )
        for place in places
        for number in spread.innovations
        for pair in [(place.site_id, number)]
    ]
    return [line for line in lines if wanted.fits(line)]


def page_of_lines(asked: PairsQuery, leads: Leads, page: int) -> Page[SiteLine]:
    """Return one page of the same lines: counted and cut in SQL, so that what is known of its own
    places alone is read."""
    shown = paginate_once(db.session, pairs(asked), page=page)
    spread = spread_of_places(asked, {site_id for site_id, _ in shown}, leads)
    found = site_lines(spread, asked.narrowing, asked.on, asked.since, SiteFilter())
    lines = {(line.place.site_id, line.innovation_id): line for line in found}
    items = [lines[pair] for site_id, number in shown if (pair := (site_id, number)) in lines]
    return Page(items, shown.total, shown.number, shown.per_page)


HEADER = (
    *("Place", "Code", "Kind", "Network", "Product", "Stage", "Since", "Days", "Last said"),
    *("Before", "Move", "Money"),
)


def file_rows(
    lines: Sequence[SiteLine], labels: Mapping[str, str], names: Mapping[int, str], on: date
) -> list[list[Cell]]:
    """Return the lines as the cells of a file."""
    return [
        [
            line.place.name,
            line.place.code,
            line.place.kind.label,
            line.hin,
            names[line.innovation_id],
            labels[line.state],
            line.position.since if line.position else None,
            line.days(on),
            line.position.said_on if line.position else None,
            labels[line.before],
            MOVE_LABELS[line.move] if line.move else "",
            labels.get(line.money, line.money) if line.state.level >= IN_SERVICE else "",
        ]
        for line in lines
    ]
