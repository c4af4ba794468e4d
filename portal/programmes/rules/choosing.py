"""What puts a record on the longlist of next programmes: four rules, each with its number. Pure.

The same rules are SQL in `queries.longlist`; a property test holds the two equal.
"""

from dataclasses import dataclass

from portal.db import LabelledEnum

REGIONS_AT_LEAST = 2
"""NHS regions in which sites use it."""
CHALLENGES_AT_LEAST = 2
"""Open challenges with which it has much in common."""
MORE_SITES_AT_LEAST = 2
"""Sites in use now beyond those of the same day a year ago."""


class Rule(LabelledEnum):
    """What puts a record on the longlist."""

    PROVEN = "proven", "Proven"
    REGIONS = "regions", f"In use in {REGIONS_AT_LEAST} regions or more"
    CHALLENGES = "challenges", f"{CHALLENGES_AT_LEAST} or more open challenges match"
    GROWING = "growing", f"In use at {MORE_SITES_AT_LEAST} or more sites more than a year ago"


SHORT = {
    Rule.PROVEN: "proven",
    Rule.REGIONS: "in several regions",
    Rule.CHALLENGES: "several challenges",
    Rule.GROWING: "growing",
}
"""The rules where their numbers stand beside them."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """What is known of a record on a day."""

    is_proven: bool
    regions: int
    sites: int
    sites_before: int
    """Sites in use on the same day a year before."""
    challenges: int


def rules_met(known: Numbers) -> list[Rule]:
    """Return the rules that a record meets; one that meets none is not on the longlist."""
    tests = {
        Rule.PROVEN: known.is_proven,
        Rule.REGIONS: known.regions >= REGIONS_AT_LEAST,
        Rule.CHALLENGES: known.challenges >= CHALLENGES_AT_LEAST,
        Rule.GROWING: known.sites - known.sites_before >= MORE_SITES_AT_LEAST,
    }
    return [rule for rule, is_met in tests.items() if is_met]
