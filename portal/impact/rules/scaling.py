"""A modelled result of some sites, scaled to more of them, with its arithmetic. Pure."""

from dataclasses import dataclass

from portal.impact.models import Effect, Estimate
from portal.programmes.rules.numbers import plain, rounded

MONEY = frozenset({Effect.POUNDS, Effect.POUNDS_PER_SITE})


def amount(effect: Effect, value: float) -> str:
    """Return an amount with the unit of its effect: "£8,500,000", "34,900 bed days avoided"."""
    if effect in MONEY:
        words = "" if effect is Effect.POUNDS else " at each site"
        return f"£{plain(value)}{words}"
    return f"{plain(value)} {effect.label}"


def words_of(estimate: Estimate) -> str:
    """Return an estimate as people read it, with its qualifier and range."""
    if estimate.number is None:
        return "Not known"
    qualifier = estimate.published.qualifier if estimate.published else ""
    found = f"{qualifier} {amount(estimate.effect, estimate.number)}".strip()
    if estimate.low is None or estimate.high is None:
        return found
    pounds = "£" if estimate.effect in MONEY else ""
    low, high = (f"{pounds}{plain(one)}" for one in (estimate.low, estimate.high))
    return f"{found} ({low} to {high})"


@dataclass(frozen=True, slots=True)
class Scaling:
    """How a result becomes one of more sites."""

    words: str
    """The sum, with its numbers."""
    contradiction: str = ""
    """What does not fit what was published; "" where it does, or nothing was."""


def scaling(estimate: Estimate) -> Scaling | None:
    """Return the arithmetic that scales an estimate; None where it was not scaled.

    Where the number of sites is not given, the number on which the published result must rest is
    worked out instead: value × sites scaled to ÷ published result.
    """
    number, to = estimate.number, estimate.scaled_sites
    printed = estimate.scaled.value if estimate.scaled else None
    if number is None or to is None:
        return None
    if estimate.sites:
        return _scaled(number, estimate.sites, to, printed)
    if not printed:
        return None
    rests_on = rounded(number * to / printed)
    return Scaling(
        f"{plain(number)} × {to:,} sites ÷ {plain(printed)} as published = about {rests_on:,}"
        " sites: the source does not say at how many sites the result was found, and this is how"
        " many it must rest on."
    )


def _scaled(number: float, sites: int, to: int, printed: float | None) -> Scaling:
    found = number * to / sites
    words = f"{plain(number)} ÷ {sites:,} sites × {to:,} sites = {plain(rounded(found))}"
    if printed is None or rounded(found) == rounded(printed):
        return Scaling(words)
    return Scaling(words, f"Published as {plain(printed)}: the arithmetic gives another number.")
