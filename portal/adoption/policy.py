"""Who may read how far something has spread, who curates lists, who updates what. Pure."""

from portal.accounts.models import Actor
from portal.adoption.models import Sheet, SheetState
from portal.innovations.models import Innovation
from portal.innovations.policy import can_edit


def can_read(actor: Actor) -> bool:
    """Whether the actor may read the pages of adoption: HIN, national and ICS staff. Which site
    stands where is not public."""
    return actor.is_staff or actor.is_ics


def can_read_spread(actor: Actor, innovation: Innovation) -> bool:
    """Whether the actor may read how far an innovation has spread that they may see: staff, ICSs
    and its own people."""
    return can_read(actor) or can_edit(actor, innovation)


def can_curate(actor: Actor) -> bool:
    """Whether the actor may make and change groups of products, lists of places and cohorts: one
    list holds for England, so the national team keeps it."""
    return actor.is_national


def can_update(actor: Actor, hin_id: int | None) -> bool:
    """Whether the actor may say where sites stand in the area of a network: its own staff."""
    return actor.is_hin and hin_id is not None and actor.hin_id == hin_id


def can_write(actor: Actor, sheet: Sheet) -> bool:
    """Whether the actor may fill in a sheet now."""
    return can_update(actor, sheet.hin_id) and sheet.state in (SheetState.OPEN, SheetState.ASKED)


def can_read_sheet(actor: Actor, sheet: Sheet) -> bool:
    """Whether the actor may read a sheet: the network it is of, and the national team."""
    return can_update(actor, sheet.hin_id) or actor.is_national


def can_review(actor: Actor, sheet: Sheet) -> bool:
    """Whether the actor may accept a sheet or ask about it: the national team, once it is sent."""
    return actor.is_national and sheet.state is SheetState.SUBMITTED
