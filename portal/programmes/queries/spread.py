"""How far the products of a programme have spread, by adoption's own rules."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from portal.adoption.queries.lists import sites_of_cohorts
from portal.adoption.queries.picture import AreaRow, area_row, in_service
from portal.adoption.queries.spread import Narrowing, Spread, spreads_of
from portal.adoption.rules.money import split
from portal.programmes.queries.lists import CountedList
from portal.reference.models import Hin
from portal.text import folded_for_sorting


@dataclass(frozen=True, slots=True)
class MoneyLine:
    """How many sites that have it in use have their money at one status."""

    label: str
    counts: Sequence[int]
    """Of England, and of the network that was asked for."""


@dataclass(frozen=True, slots=True)
class ListSpread:
    """How far it has spread over one list of the programme: England, and perhaps a network."""

    counted: CountedList
    areas: Sequence[AreaRow]
    money: Sequence[MoneyLine]

    @property
    def england(self) -> AreaRow:
        """Return the row of all places of the list, or of its cohort."""
        return self.areas[0]

    @property
    def in_service(self) -> list[int]:
        """Return how many have it in use, in part or everywhere: the sums of the money."""
        return [sum(line.counts[n] for line in self.money) for n in range(len(self.areas))]


def read(counted: Sequence[CountedList]) -> dict[int, Spread]:
    """Return what is known of the places of some lists, by the number of the list: five
    statements, none where there is no list."""
    if not counted:
        return {}
    return spreads_of({one.row.list_id: list(one.products) for one in counted})


def networks(spreads: Mapping[int, Spread]) -> list[Hin]:
    """Return the networks by which the lists may be narrowed, by name."""
    found = {hin.id: hin for spread in spreads.values() for hin in spread.areas.hins.values()}
    return sorted(found.values(), key=lambda hin: (folded_for_sorting(hin.name), hin.id))


def narrowings(counted: Sequence[CountedList], hin: Hin | None) -> dict[int, Narrowing]:
    """Return of which places each list tells, by the number of the list: those of its cohort where
    it names one, and of a network where one is asked for."""
    cohorts = sites_of_cohorts({one.row.cohort_id for one in counted if one.row.cohort_id})
    return {
        one.row.list_id: Narrowing(
            hin_id=hin.id if hin else None,
            cohort=frozenset(cohorts[one.row.cohort_id]) if one.row.cohort_id else None,
        )
        for one in counted
    }


def spread_of_lists(
    counted: Sequence[CountedList],
    spreads: Mapping[int, Spread],
    hin: Hin | None,
    on: date,
    labels: Mapping[str, str],
) -> list[ListSpread]:
    """Return how far it has spread over each list on a day, in England and in a network."""
    england = narrowings(counted, None)
    return [
        _list_spread(one, spreads[one.row.list_id], england[one.row.list_id], hin, on, labels)
        for one in counted
    ]


def _list_spread(
    counted: CountedList,
    spread: Spread,
    england: Narrowing,
    hin: Hin | None,
    on: date,
    labels: Mapping[str, str],
) -> ListSpread:
    asked = [("", "England", england)]
    if hin is not None:
        asked.append((hin.code, hin.name, Narrowing(hin_id=hin.id, cohort=england.cohort)))
    found = [spread.positions(on, narrowing) for _, _, narrowing in asked]
    money = spread.money(on)
    splits = [split(in_service(positions), money) for positions in found]
    return ListSpread(
        counted,
        [
            area_row(code, name, positions, on)
            for (code, name, _), positions in zip(asked, found, strict=True)
        ],
        _money(splits, labels),
    )


def _money(splits: Sequence[Mapping[str, int]], labels: Mapping[str, str]) -> list[MoneyLine]:
    """Every status that some site has, in the order of the vocabulary."""
    there = {code for one in splits for code in one}
    codes = [code for code in labels if code in there]
    codes += sorted(there - set(codes))
    return [
        MoneyLine(labels.get(code, code), [one.get(code, 0) for one in splits]) for code in codes
    ]
