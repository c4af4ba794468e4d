"""Innovations: the search, the list, one whole record, and a new stage of development."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from portal.accounts.models.tokens import TokenScope
from portal.accounts.session import current_actor
from portal.api.forms.arguments import NewStage, SearchArguments, Since
from portal.api.models import ChangedNoun
from portal.api.queries.changes import removed_since
from portal.api.queries.records import records
from portal.api.rules import cursor_of, number_at
from portal.api.serialise import rows
from portal.api.serialise.schemas import NewStageAnswer, Records, SearchAnswer, WholeRecord
from portal.api.views.lists import Args, next_of, part_of, with_cursor
from portal.api.views.start import operation
from portal.db import db
from portal.errors import Invalid
from portal.innovations.models import Innovation
from portal.innovations.queries import editable_for, innovation_for, merged_into
from portal.innovations.queries.export import exported
from portal.innovations.services.stages import change_stage
from portal.search import queries, serialise
from portal.search.indexing import asking
from portal.web.filters import Filters

PAGE = "page"


@operation("/innovations", SearchAnswer, asks=SearchArguments, is_open=True, tag="Innovations")
def search(args: Args) -> dict[str, Any]:
    """Search innovations

    As the page of search does: published ones, and with a token those that you may see. Words and
    filters are those of the page; each answer says why it was found and how many each filter has.
    """
    choices = queries.choices()
    filters = serialise.filters_of(choices)
    _refuse_unknown(filters, args)
    wanted = replace(serialise.wanted_of(filters), page=max(1, number_at(args["cursor"], PAGE)))
    found = asking.find(current_actor(), wanted, choices)
    more = found.page * asking.PER_PAGE < found.total
    return {
        "said": serialise.upper_first(serialise.sentence(wanted, found.total, choices)),
        "total": found.total,
        "items": rows.found(found),
        "facets": rows.facets(filters, found),
        "did_you_mean": found.suggestion,
        "next": with_cursor(cursor_of(PAGE, found.page + 1)) if more else None,
    }


def _refuse_unknown(filters: Filters, args: Args) -> None:
    """A page leaves out a value that it does not know; a program would take the answer for that of
    its question."""
    for one in filters.filters:
        asked: Sequence[str] = args[one.name]
        unknown = [value for value in asked if value not in {o.value for o in one.options}]
        if unknown:
            raise Invalid(f"{one.label} has no value {unknown[0]}", field=one.name)


@operation("/innovations/<int:innovation_id>", WholeRecord, is_open=True, tag="Innovations")
def innovation(innovation_id: int) -> dict[str, Any]:
    """Read one whole record

    As its JSON export has it: what you may not see is left out, what is in confidence is named.
    """
    actor = current_actor()
    return exported(actor, innovation_for(actor, innovation_id))


@operation("/records", Records, asks=Since, tag="Innovations")
def record_list(args: Args) -> dict[str, Any]:
    """List the innovations of your page

    Yours if you act for an innovator, all that you may see if you are staff, in the order of their
    numbers. With updated_since only those that changed, and the numbers of those to forget.
    """
    actor, since = current_actor(), args.get("updated_since")
    part = part_of(records(actor, since), Innovation.id, args)
    is_first = not args["cursor"]
    gone = removed_since(actor, ChangedNoun.INNOVATION, since) if since and is_first else []
    return {
        "items": [rows.record(actor, one) for one in part.items],
        "removed": gone,
        "merged": rows.merged(merged_into(actor, gone)),
        "next": next_of(part),
    }


@operation(
    "/innovations/<int:innovation_id>/stage",
    NewStageAnswer,
    sends=NewStage,
    method="PUT",
    scope=TokenScope.STAGES,
    tag="Innovations",
)
def put_stage(sent: Args, innovation_id: int) -> dict[str, Any]:
    """Say at which stage of development an innovation is

    Of a submitted innovation that you may edit, while no draft of the same section waits.
    """
    actor = current_actor()
    row = editable_for(actor, innovation_id)
    change_stage(innovation=row, code=sent["stage"], by=actor)
    db.session.commit()
    return {"id": row.id, "stage": rows.term(row.stage), "changed_at": row.changed_at}
