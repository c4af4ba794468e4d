"""What the pages of one idea share: its door, its steps, what follows."""

from dataclasses import dataclass

from flask import request, url_for
from werkzeug.wrappers import Response

from portal.accounts.models import Actor
from portal.accounts.session import current_actor
from portal.community.models import Idea
from portal.community.policy import Standing
from portal.community.queries import idea_for, reader
from portal.community.services.moves import NOT_NOW
from portal.errors import Forbidden
from portal.web import steps
from portal.web.forms import PortalForm
from portal.web.steps import Answer

ONE = "/ideas/<int:idea_id>"


@dataclass(frozen=True, slots=True)
class IdeaForReader:
    """An idea with who reads it."""

    idea: Idea
    actor: Actor
    standing: Standing


def seen(idea_id: int) -> IdeaForReader:
    """Return an idea that the person may see; raises Forbidden and NotFound."""
    actor = current_actor()
    standing = reader(actor)
    return IdeaForReader(idea_for(actor, standing, idea_id), actor, standing)


def still(idea: Idea, *, allowed: bool) -> None:
    """Raise Forbidden for a step that is not theirs, or that cannot follow any more; who sends it
    from an older page hears on that page what happened meanwhile, with what they typed."""
    now = str(idea.version)
    if not allowed and (request.method == "GET" or request.form.get("version", now) == now):
        raise Forbidden(NOT_NOW)


def done(idea_id: int, words: str, anchor: str | None = None) -> Response:
    """Commit, say what was done, and go to the page of the idea."""
    return steps.done(words, url_for("community.show", idea_id=idea_id, _anchor=anchor))


def step(form: PortalForm, idea: Idea, heading: str, act: str, before: str = "") -> Answer:
    """Return the page of one step with an idea."""
    return steps.show(
        form,
        heading,
        act,
        back=(url_for("community.show", idea_id=idea.id), "Back to the idea"),
        section=idea.title,
        template="community/step.html",
        before=before,
    )
