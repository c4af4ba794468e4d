"""The list of interactions: what stands in its columns, on the page and in its files."""

from portal.accounts.models import Actor
from portal.db import by_name
from portal.innovations.models import Innovation
from portal.support.models import Interaction, InteractionShare
from portal.support.rules.interactions import as_hours, hours_words
from portal.web.downloads import Cell
from portal.web.listing import Column, Listing

Share = InteractionShare
"""A row of the list: an interaction, as far as it was about one innovation."""


def interactions_for(actor: Actor) -> Listing[Share]:
    """Return the list as a reader has it: networks for who reads several, what to do for who may
    do it. Words stand in files alone."""
    return Listing(
        title="Interactions",
        one="interaction",
        many="interactions",
        columns=(
            Column[Share]("Day", lambda s: s.interaction.on, key="on", order=Interaction.on),
            Column("Network", lambda s: s.interaction.hin.name, on_page=not actor.is_hin),
            Column(
                "Innovation",
                lambda s: _about(s).name,
                key="name",
                order=by_name(Innovation.name),
            ),
            *COLUMNS,
            Column("What to do", lambda s: None, in_file=False, on_page=actor.is_hin),
        ),
        default="-on",
        tie=InteractionShare.id,
        file_path="{path}/download.{kind}",
        is_long=True,
    )


def _about(share: Share) -> Innovation:
    return share.engagement.innovation


def _kinds(share: Share) -> str:
    return ", ".join(term.label for term in share.interaction.kinds)


def _logged_by(share: Share) -> Cell:
    return share.interaction.logged_by.name if share.interaction.logged_by else None


def _standing(share: Share) -> str:
    if share.interaction.corrected_by:
        return "Corrected"
    return "Withdrawn" if share.interaction.is_void else "Counts"


COLUMNS: tuple[Column[Share], ...] = (
    Column("Organisation", lambda s: _about(s).organisation.name, on_page=False),
    Column("Kind of interaction", lambda s: s.interaction.kind.label),
    Column("Kinds of support", _kinds, on_page=False),
    Column(
        "Hours",
        lambda s: as_hours(s.minutes),
        key="hours",
        order=InteractionShare.minutes,
        shown=lambda s: hours_words(s.minutes),
    ),
    Column(
        "Hours of the whole interaction", lambda s: as_hours(s.interaction.minutes), on_page=False
    ),
    Column("Event", lambda s: s.interaction.title, on_page=False),
    Column("Logged by", _logged_by, on_page=False),
    Column("Logged on", lambda s: s.interaction.logged_at, on_page=False),
    Column("Stands", _standing, on_page=False),
    Column("Private", lambda s: s.interaction.is_private, on_page=False),
    Column("Note", lambda s: s.interaction.note, on_page=False),
    Column("Next step", lambda s: s.interaction.next_step, on_page=False),
    Column("Day of the next step", lambda s: s.interaction.next_on, on_page=False),
)
