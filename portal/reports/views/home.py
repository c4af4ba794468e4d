"""Home pages by role."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import render_template, url_for

from portal.accounts.models import Actor, Role
from portal.accounts.session import current_actor
from portal.reference.queries import today
from portal.reports.queries import homes
from portal.reports.views import blueprint
from portal.support.queries import Queue, queue_counts


@dataclass(frozen=True, slots=True)
class Card:
    """A number with the list behind it."""

    number: int
    label: str
    href: str
    sub: str = ""


@blueprint.get("/home")
def home() -> str:
    """Show what waits for this person, in their role, and the way to each of it."""
    actor = current_actor()
    cards = CARDS[actor.role](actor) if actor.role else []
    return render_template("reports/home.html", actor=actor, cards=cards)


def _innovator(actor: Actor) -> list[Card]:
    found = homes.innovator_figures(actor)
    mine = url_for("innovations.catalogue")
    return [
        Card(found["records"], "Our innovations", mine, f"{found['drafts']} still drafts"),
        Card(found["changes"], "With changes wanted", mine, "A HIN asked for them"),
        Card(found["engaging"], "A HIN is helping with", mine, f"of {found['records']}"),
        Card(found["proven"], "Verified as proven", mine, f"of {found['records']}"),
    ]


def _ics(actor: Actor) -> list[Card]:
    found = homes.ics_figures(actor)
    ours = url_for("challenges.index", state="mine")
    return [
        Card(found["challenges"], "Our open challenges", ours, f"{found['drafts']} drafts"),
        Card(found["matched"], "Challenges with matches", ours, f"of {found['challenges']} open"),
        Card(found["proven"], "Proven innovations", url_for("search.results", proven="yes")),
        Card(found["elsewhere"], "Open challenges elsewhere", url_for("challenges.index")),
    ]


def _hin(actor: Actor) -> list[Card]:
    counts = queue_counts(actor, today())
    ours = counts[Queue.HIN]
    words = {
        Queue.NEW: "New, to pick up",
        Queue.OVERDUE: "Overdue",
        Queue.MINE: "Mine",
        Queue.WAITING: "Waiting for somebody",
    }
    return [
        Card(counts[queue], label, url_for("support.desk", queue=queue.value), f"of {ours} live")
        for queue, label in words.items()
    ]


def _national(actor: Actor) -> list[Card]:
    found = homes.national_figures(actor)
    overdue = url_for("support.desk", queue=Queue.OVERDUE.value)
    return [
        Card(found["pipeline"], "Innovations on the pipeline", url_for("reports.pipeline")),
        Card(
            found["proven"],
            "Proven today",
            url_for("search.results", proven="yes"),
            f"of {found['pipeline']}",
        ),
        Card(found["challenges"], "Open challenges", url_for("challenges.index")),
        Card(found["overdue"], "Engagements overdue", overdue, "in all HINs"),
    ]


def _administrator(actor: Actor) -> list[Card]:
    return []


CARDS: dict[Role, Callable[[Actor], Sequence[Card]]] = {
    Role.INNOVATOR: _innovator,
    Role.ICS: _ics,
    Role.HIN: _hin,
    Role.NATIONAL: _national,
    Role.ADMINISTRATOR: _administrator,
}
