"""The lists of events and of interventions: what stands in their columns."""

from datetime import date

from portal.db import by_name
from portal.programmes.models import Intervention, Programme, ProgrammeEvent
from portal.web.listing import Column, Listing


def events_listing(programme: Programme, day: date) -> Listing[ProgrammeEvent]:
    """Return the list of a programme's events, the latest first."""
    return Listing(
        title=f"Events of {programme.name}",
        one="event",
        many="events",
        columns=(
            Column[ProgrammeEvent](
                "Event", lambda row: row.title, key="title", order=by_name(ProgrammeEvent.title)
            ),
            Column("Kind", lambda row: row.kind.label, on_page=False),
            Column("Day", lambda row: row.on, key="on", order=ProgrammeEvent.on),
            Column("Held by", lambda row: row.hin.name if row.hin else "The programme"),
            Column(
                "People who came",
                lambda row: row.attended,
                shown=lambda row: _came(row, day),
                key="attended",
                order=ProgrammeEvent.attended,
                is_number=True,
            ),
            Column("About", lambda row: row.words, on_page=False),
            Column("Web address", lambda row: row.link, on_page=False),
        ),
        default="-on",
        tie=ProgrammeEvent.id,
        file_path=f"/programmes/{programme.id}/community/download.{{kind}}",
    )


def _came(row: ProgrammeEvent, day: date) -> str:
    if row.attended is not None:
        return f"{row.attended:,}"
    return "Not known" if row.on <= day else "To come"


def interventions_listing(programme: Programme) -> Listing[Intervention]:
    """Return the list of a programme's interventions, by name."""
    return Listing(
        title=f"Interventions of {programme.name}",
        one="intervention",
        many="interventions",
        columns=(
            Column[Intervention](
                "Intervention",
                lambda row: row.name,
                key="name",
                order=by_name(Intervention.name),
            ),
            Column("What is done", lambda row: row.words, on_page=False),
            Column("Priorities", lambda row: ", ".join(one.name for one in row.priorities)),
            Column("Syntheses", _syntheses),
            Column("Found by", lambda row: row.hin.name if row.hin else None, on_page=False),
            Column("Source", lambda row: row.source, on_page=False),
        ),
        default="name",
        tie=Intervention.id,
        file_path=f"/programmes/{programme.id}/evaluation/download.{{kind}}",
    )


def _syntheses(row: Intervention) -> str:
    """Return how each synthesis stands and what it says, in words."""
    return "; ".join(
        f"{one.title}: {(one.result or one.state).label.lower()}" for one in row.syntheses
    )
