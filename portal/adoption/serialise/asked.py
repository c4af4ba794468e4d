"""What a page about spread is asked: which days, which places."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from portal.adoption.queries.spread import Narrowing
from portal.clock import today
from portal.db import id_from
from portal.reference.models import Hin, Ics, SiteKind
from portal.reference.rules import Quarter

FIRST_DAY = date(2000, 1, 1)


def day_of(args: Mapping[str, str], name: str, otherwise: date) -> date:
    """Return a day of the address, not after today; anything else is `otherwise`."""
    try:
        found = date.fromisoformat(args.get(name, ""))
    except ValueError:
        return otherwise
    return min(max(found, FIRST_DAY), today())


@dataclass(frozen=True, slots=True)
class SitesQuery:
    """The days and places of a page, as its address says them."""

    on: date
    since: date
    """The other day, with which it is compared: the end of the quarter before unless told."""
    hin: str = ""
    ics: str = ""
    kind: str = ""
    cohort: int | None = None

    @classmethod
    def of(cls, args: Mapping[str, str]) -> "SitesQuery":
        """Return what an address asks; what no page can show is left out."""
        on = day_of(args, "on", today())
        since = day_of(args, "since", Quarter.of(on).previous.last)
        kind = args.get("kind", "")
        return cls(
            on,
            min(since, on),
            args.get("hin", ""),
            args.get("ics", ""),
            kind if kind in list(SiteKind) else "",
            id_from(args.get("cohort", "")),
        )

    def narrowing(
        self, leads: Mapping[int, Hin], icss: Sequence[Ics], cohort: set[int] | None = None
    ) -> Narrowing:
        """Return of which places the page tells, of the networks that lead somewhere and the
        systems of the day: codes that nobody has narrow nothing."""
        hins = {hin.code: hin.id for hin in leads.values()}
        ics = next((one for one in icss if one.code == self.ics), None)
        return Narrowing(
            hins.get(self.hin),
            ics.id if ics else None,
            SiteKind(self.kind) if self.kind else None,
            frozenset(cohort) if cohort is not None else None,
        )

    def query(self, **changes: Any) -> str:
        """Return the same question as the query of an address, with changes."""
        said: dict[str, Any] = {
            "on": self.on if self.on != today() else "",
            "since": self.since if self.since != Quarter.of(self.on).previous.last else "",
            "hin": self.hin,
            "ics": self.ics,
            "kind": self.kind,
            "cohort": self.cohort or "",
            **changes,
        }
        kept = {name: str(value) for name, value in said.items() if value not in ("", None)}
        return urlencode(kept)
