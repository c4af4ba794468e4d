"""What the views can show: groupings, moves between two days, and the records behind a number.

Pure. One `RecordsQuery` describes exactly the records behind one number, so that every number can
be a link to its list.
"""

from dataclasses import dataclass
from datetime import date

from portal.db import LabelledEnum

NOT_SAID = "none"
"""The value of a group that a record does not say."""


class Grouping(LabelledEnum):
    """What the pipeline can be broken down by."""

    HIN = "hin", "HIN"
    CATEGORY = "category", "Category"
    CONDITION_GROUP = "condition_group", "Condition group"
    CARE_SETTING = "care_setting", "Care setting"

    @property
    def field(self) -> str:
        """Return the field of the minimum dataset that it is."""
        return "first_hin" if self is Grouping.HIN else self.value

    @property
    def is_many(self) -> bool:
        """Whether a record may hold several values, and then counts once in each."""
        return self in {Grouping.CONDITION_GROUP, Grouping.CARE_SETTING}


class Move(LabelledEnum):
    """What became of a record between two days; every record that was on the pipeline at the end
    of either day made exactly one of them."""

    ENTERED = "entered", "Entered"
    ADVANCED = "advanced", "Advanced"
    STAYED = "stayed", "At the same stage"
    STEPPED_BACK = "stepped_back", "Stepped back"
    ARCHIVED = "archived", "Archived"


def move_between(before: int | None, after: int | None) -> Move | None:
    """Return the move from one stage's position to another's; None stands for "not on the
    pipeline", and gives None when it was there on neither day."""
    if before is None:
        return None if after is None else Move.ENTERED
    if after is None:
        return Move.ARCHIVED
    if after == before:
        return Move.STAYED
    return Move.ADVANCED if after > before else Move.STEPPED_BACK


@dataclass(frozen=True, slots=True)
class RecordsQuery:
    """Exactly the records behind one number. Everything empty asks for all on the pipeline."""

    on: date
    """As at the end of this day."""
    stage: str = ""
    """Code of the stage that it stood at."""
    hin: str = ""
    category: str = ""
    condition_group: str = ""
    care_setting: str = ""
    proven: bool = False
    stale: bool = False
    added: bool = False
    """First came on the pipeline in the quarter of `on`."""
    since: date | None = None
    """With `move`: the first of the two days."""
    move: Move | None = None
    stage_before: str = ""
    """With `move`: code of the stage that it stood at on `since`."""
    organisation: int = 0
    """Id of the organisation that makes it."""
    left: str = ""
    """Code of a stage that it stood at on `since` and no longer on `on`."""
    came: str = ""
    """Code of a stage that it stands at on `on` and did not on `since`."""
    mine: bool = False
    """The reader's own: of their organisation, owned or worked on by them."""
    changes: bool = False
    """A HIN asked for changes that nobody submitted yet."""
    helped: bool = False
    """A HIN is engaging with it."""
    our_network: bool = False
    """It came to the reader's HIN first."""
    neighbours: bool = False
    """In use in another ICS of the region of the reader's ICS."""
    hins: int | None = None
    """Exactly so many HINs work with it."""
    worked_with: bool = False
    """One HIN or more works with it."""
    several: bool = False
    """More than one HIN works with it."""
    pair: tuple[str, ...] = ()
    """Codes of HINs that all work with it."""
    proved_in: str = ""
    """Code of the region whose HIN verified it."""
    used_in: str = ""
    """Code of the region where it is in use."""
    ours_and_others: bool = False
    """The reader's HIN works with it, and another one as well."""
    also_elsewhere: bool = False
    """In the triage of the reader's HIN, while another HIN works with it."""

    @property
    def tells_of_own(self) -> bool:
        """Whether the answer holds the reader's own records alone."""
        return self.mine or self.changes

    @property
    def needs_engagements(self) -> bool:
        """Whether the answer tells who works with whom."""
        return bool(
            self.hins is not None
            or self.worked_with
            or self.several
            or self.pair
            or self.ours_and_others
            or self.also_elsewhere
        )
