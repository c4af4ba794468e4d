"""Home pages by role: what waits for this person, and the way to each of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import render_template, url_for

from portal.accounts.models import Actor, Role
from portal.accounts.session import current_actor
from portal.desk.queries.queues import Queue, queue_counts
from portal.home import queries as homes
from portal.introductions.queries.listing import Queue as IntroductionQueue
from portal.introductions.queries.listing import queue_counts as introduction_counts
from portal.pipeline import charts
from portal.pipeline.queries.flow import over_quarters
from portal.pipeline.rules.asked import Asked
from portal.pipeline.rules.days import quarters_until, short
from portal.pipeline.serialise.asked import records_url
from portal.reference.queries import today
from portal.reference.rules import Quarter
from portal.support.queries import ended_for
from portal.support.queries.surveys import surveys_waiting
from portal.web.charts import Spark


@dataclass(frozen=True, slots=True)
class Card:
    """A number with the list behind it."""

    number: int
    label: str
    href: str
    sub: str = ""
    line: Spark | None = None


@dataclass(frozen=True, slots=True)
class HomePage:
    """The cards of a role, and the lists that its template shows below them."""

    cards: list[Card] = field(default_factory=list)
    lists: Mapping[str, Any] = field(default_factory=dict)


@blueprint.get("/home")
def home() -> str:
    """Show what waits for this person, in their role, and the way to each of it."""
    actor = current_actor()
    page = PAGES[actor.role](actor) if actor.role else HomePage()
    return render_template(
        "home/home.html", actor=actor, cards=page.cards, today=today(), **page.lists
    )


def _innovator(actor: Actor) -> HomePage:
    on = today()
    asked = {
        "records": Asked(on, mine=True),
        "changes": Asked(on, changes=True),
        "engaging": Asked(on, mine=True, helped=True),
        "proven": Asked(on, mine=True, proven=True),
    }
    found = homes.innovator_figures(actor, asked)
    of, link = f"of {found['records']}", _links(asked)
    drafts = url_for("innovations.catalogue", state="draft")
    cards = [
        Card(found["records"], "Our innovations", link["records"], "on the pipeline"),
        Card(found["drafts"], "Drafts", drafts, "not yet submitted"),
        Card(found["changes"], "With changes wanted", link["changes"], of),
        Card(found["engaging"], "A HIN is helping with", link["engaging"], of),
        Card(found["proven"], "Verified as proven", link["proven"], of),
        _introductions(actor),
    ]
    return HomePage(
        cards,
        {
            "wanted": homes.wanted_changes(actor),
            "surveys": surveys_waiting(actor),
            "unread": found["unread"],
            "ended": ended_for(actor),
            "helpers": homes.helpers(actor),
            "fitting": homes.fitting(actor),
        },
    )


def _ics(actor: Actor) -> HomePage:
    asked = {"neighbours": Asked(today(), neighbours=True)}
    found = homes.ics_figures(actor, asked)
    ours = url_for("challenges.index", state="mine")
    joined = url_for("challenges.index", state="joined")
    proven = url_for("search.results", proven="yes")
    everyone = url_for("challenges.index")
    cards = [
        Card(found["challenges"], "Our challenges", ours, f"{found['ours_open']} open"),
        Card(found["joined"], "Challenges we joined", joined, "of other ICSs"),
        Card(found["proven"], "Proven innovations", proven, "that you may open"),
        Card(
            found["neighbours"],
            "In use by our neighbours",
            _links(asked)["neighbours"],
            "in other ICSs of our region",
        ),
        Card(found["all_open"], "Open challenges", everyone, "of everybody"),
        _introductions(actor),
    ]
    return HomePage(cards, {"matches": homes.new_matches(actor)})


def _hin(actor: Actor) -> HomePage:
    on = today()
    counts = queue_counts(actor, on)
    asked = {
        "region": Asked(on, our_network=True),
        "beside": Asked(on, also_elsewhere=True),
    }
    found, link = homes.hin_figures(actor, asked), _links(asked)
    cards = [
        Card(
            counts[queue],
            label,
            url_for("desk.desk", queue=queue.value),
            f"of {counts[Queue.HIN]} live",
        )
        for queue, label in QUEUES.items()
    ]
    cards += [
        Card(found["region"], "On our region’s pipeline", link["region"], "they came to us first"),
        Card(
            found["beside"], "Also with another network", link["beside"], "of what is in our triage"
        ),
    ]
    cards.append(_introductions(actor))
    logged = f"{found['quarters'] / 4:g} hours of contacts in {short(Quarter.of(on))}"
    return HomePage(cards, {"logged": logged, "unmet": homes.unmet_needs(actor)})


def _introductions(actor: Actor) -> Card:
    """Return the card of the introductions under way, and how many wait for the reader's side."""
    counts = introduction_counts(actor, today())
    under_way, ours = IntroductionQueue.OPEN, counts[IntroductionQueue.OURS]
    href = url_for("introductions.index", queue=under_way.value)
    return Card(counts[under_way], "Introductions under way", href, f"{ours} waiting for us")


QUEUES = {
    Queue.NEW: "New, to pick up",
    Queue.OVERDUE: "Overdue",
    Queue.MINE: "Mine",
    Queue.WAITING: "Waiting for somebody",
}


def _national(actor: Actor) -> HomePage:
    on = today()
    asked = {"pipeline": Asked(on), "added": Asked(on, added=True)}
    found, link = homes.national_figures(actor, asked), _links(asked)
    growth = charts.growth_spark(over_quarters(quarters_until(on, 8), on))
    overdue = url_for("desk.desk", queue=Queue.OVERDUE.value)
    proven, of = url_for("search.results", proven="yes"), f"of {found['pipeline']}"
    cards = [
        Card(
            found["pipeline"],
            "Innovations on the pipeline",
            link["pipeline"],
            growth.finding if growth else "",
            growth,
        ),
        Card(found["added"], f"Added in {short(Quarter.of(on))}", link["added"], of),
        Card(found["proven"], "Proven today", proven, of),
        Card(found["challenges"], "Open challenges", url_for("challenges.index")),
        Card(found["overdue"], "Engagements overdue", overdue, "in all HINs"),
        Card(
            found["several"],
            "Innovators with more than one network",
            url_for("pipeline.innovators"),
            "over all their innovations",
        ),
    ]
    return HomePage(cards, {"gaps": homes.coverage_gaps(actor)})


def _administrator(actor: Actor) -> HomePage:
    return HomePage()


def _links(asked: Mapping[str, Asked]) -> dict[str, str]:
    return {name: records_url(wanted) for name, wanted in asked.items()}


PAGES: dict[Role, Callable[[Actor], HomePage]] = {
    Role.INNOVATOR: _innovator,
    Role.ICS: _ics,
    Role.HIN: _hin,
    Role.NATIONAL: _national,
    Role.ADMINISTRATOR: _administrator,
}
