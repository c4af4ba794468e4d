"""What may be counted in a cell: the same definitions feed the cross-tab and every list."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Measure:
    """A number and what it means."""

    key: str
    """Its name in addresses."""
    label: str
    one: str
    many: str
    """How one and several of what it counts are called."""
    definition: str
    source: str
    parts: int = 1
    """How many of what the rows hold make one: contacts are kept in quarters of an hour."""
    is_support: bool = False
    """Whether only staff, and innovators of their own records, know of any."""


_ALL = (
    Measure(
        "innovations",
        "Innovations",
        "innovation",
        "innovations",
        "Innovations on the national pipeline at the end of the day: submitted and not archived. "
        "Drafts never count.",
        "Dated changes of a record's life; AHSN Network report, quarter 1 of 2021/22, section 1.3",
    ),
    Measure(
        "organisations",
        "Organisations",
        "organisation",
        "organisations",
        "Different organisations that make these innovations. Each counts once, however many "
        "innovations it has here.",
        "The organisation that each record names",
    ),
    Measure(
        "hours",
        "Support hours",
        "support hour",
        "support hours",
        "Hours of contacts about these innovations up to the end of the day, whatever the level, "
        "an event's shared among those it was about; contacts that were withdrawn or corrected are "
        "left out. HIN staff count their own network's, the national team everybody's, an "
        "innovator's people those that they may read about their own.",
        "Interactions that Health Innovation Networks logged",
        parts=4,
        is_support=True,
    ),
    Measure(
        "sites",
        "Sites",
        "site",
        "sites",
        "Different sites at which these innovations are in use on the day. A site is a coded "
        "organisation and, where it was given, the ward, practice or hospital in it; one that "
        "uses several of them counts once.",
        "Dated rows of use",
    ),
    Measure(
        "challenges",
        "Challenges matched",
        "challenge matched",
        "challenges matched",
        "Different open challenges for which one of these innovations stands among the reader's "
        "suggestions. Suggestions are today's, whatever day is asked for.",
        "The newest suggestions of the matching engine",
    ),
)

MEASURES: Mapping[str, Measure] = {measure.key: measure for measure in _ALL}
"""By name, in the order of forms and pages."""
