"""The sites behind a number of a page about spread: rows of a list and of files."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from portal.adoption.queries.lists import Entry
from portal.adoption.queries.picture import claimed
from portal.adoption.queries.spread import Narrowing, Spread
from portal.adoption.rules import spread as rules
from portal.adoption.rules.history import Position
from portal.adoption.rules.money import IN_SERVICE, NOT_STATED
from portal.adoption.rules.spread import MOVE_LABELS, Move
from portal.innovations.models import AdoptionState
from portal.web.downloads import Cell


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


@dataclass(frozen=True, slots=True)
class SiteFilter:
    """Which lines are asked for; "" is any."""

    state: str = ""
    level: int = 0
    band: frozenset[AdoptionState] = frozenset()
    move: str = ""
    money: str = ""
    stalled: bool = False
    claimed: bool = False

    @classmethod
    def of(cls, args: Mapping[str, str]) -> "SiteFilter":
        """Return what an address asks; unknown values ask nothing."""
        level = args.get("level", "")
        return cls(
            state=args["state"] if args.get("state") in list(AdoptionState) else "",
            level=int(level) if level in ("1", "3", "4", "5") else 0,
            move=args["move"] if args.get("move") in list(Move) else "",
            money=args.get("money", "")[:40],
            stalled="stalled" in args,
            claimed="claimed" in args,
        )

    def fits(self, line: SiteLine) -> bool:
        """Whether a line is asked for."""
        return (
            (not self.state or line.state == self.state)
            and line.state.level >= self.level
            and (not self.move or line.move == self.move)
            and (not self.money or self._pays(line))
            and (not self.stalled or line.is_stalled)
            and (not self.claimed or line.is_claimed)
        )

    def _pays(self, line: SiteLine) -> bool:
        return line.state.level >= IN_SERVICE and line.money == self.money

    def words(self, labels: Mapping[str, str]) -> str:
        """Return what is asked for in words, "" for everything."""
        said = [
            labels.get(self.state, "") if self.state else "",
            f"stage {self.level} or above" if self.level else "",
            MOVE_LABELS[Move(self.move)] if self.move else "",
            f"in use, {labels.get(self.money, 'Not stated').lower()}" if self.money else "",
            "no move for two quarters" if self.stalled else "",
            "said by the innovator alone" if self.claimed else "",
        ]
        return ", ".join(filter(None, said))


def site_lines(
    spread: Spread, narrowing: Narrowing, on: date, since: date, wanted: SiteFilter
) -> list[SiteLine]:
    """Return the lines that are asked for, by the name of the place."""
    places = spread.eligible(on, narrowing)
    found, before = spread.of(places, on), spread.positions(since, narrowing)
    moved, stalled = rules.moves(before, found), set(rules.stalled(found, on))
    money, claims = spread.money(on), claimed(spread, found)
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
