"""What the forms of programmes share: where they lie, how they are shown, where they lead."""

from typing import Any

from flask import url_for

from portal.accounts.session import current_actor
from portal.errors import Forbidden
from portal.programmes import policy
from portal.programmes.models import Programme
from portal.programmes.queries import programme_for
from portal.web import steps
from portal.web.forms import PortalForm
from portal.web.steps import Answer

ONE = "/programmes/<int:programme_id>"


def edited(programme_id: int) -> Programme:
    """Return a programme that the reader may change; raises NotFound, Forbidden."""
    actor = current_actor()
    programme = programme_for(actor, programme_id)
    if not policy.can_edit(actor):
        raise Forbidden("The national team sets programmes up.")
    return programme


def written(programme_id: int) -> Programme:
    """Return a programme of which the reader writes: staff. Raises NotFound, Forbidden."""
    actor = current_actor()
    programme = programme_for(actor, programme_id)
    if not policy.can_write(actor):
        raise Forbidden("People of networks and of the national team write here.")
    return programme


def show(
    form: PortalForm, programme: Programme | None, heading: str, act: str, **names: Any
) -> Answer:
    """Show a form on a page of its own."""
    if programme is None:
        back = (url_for("programmes.index"), "Back to programmes")
    else:
        back = (
            url_for("programmes.show", programme_id=programme.id),
            "Back to the programme",
        )
    return steps.show(
        form,
        heading,
        act,
        back=back,
        section=programme.name if programme else "Programmes",
        template="programmes/step.html",
        programme=programme,
        **names,
    )


def done(programme: Programme, words: str, endpoint: str = "programmes.show", **at: Any) -> Answer:
    """Commit, say what was done, and lead back to a page of the programme."""
    return steps.done(words, url_for(endpoint, programme_id=programme.id, **at))
