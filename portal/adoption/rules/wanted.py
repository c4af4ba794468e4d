"""Which of the sites behind a number are asked for. Pure; `queries.behind` is the same in SQL."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from portal.adoption.rules.money import IN_SERVICE
from portal.adoption.rules.spread import MOVE_LABELS, Move
from portal.innovations.models import AdoptionState


class Line(Protocol):
    """What the rule reads of a pair of place and product."""

    @property
    def state(self) -> AdoptionState: ...
    @property
    def move(self) -> Move | None: ...
    @property
    def money(self) -> str: ...
    @property
    def is_stalled(self) -> bool: ...
    @property
    def is_claimed(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class SiteFilter:
    """Which lines are asked for; "" is any."""

    state: str = ""
    level: int = 0
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

    @property
    def states(self) -> frozenset[AdoptionState]:
        """Return where a line that is asked for may stand."""
        least = max(self.level, IN_SERVICE if self.money else 0)
        return frozenset(
            state
            for state in AdoptionState
            if (not self.state or state == self.state) and state.level >= least
        )

    def fits(self, line: Line) -> bool:
        """Whether a line is asked for."""
        return (
            line.state in self.states
            and (not self.move or line.move == self.move)
            and (not self.money or line.money == self.money)
            and (not self.stalled or line.is_stalled)
            and (not self.claimed or line.is_claimed)
        )

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
