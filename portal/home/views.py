"""The home page: what is asked of this person, and the cards and lists that rooms contribute."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, current_app, render_template
from markupsafe import Markup

from portal.accounts.models import Actor
from portal.accounts.queries.acting import memberships_acting
from portal.accounts.session import actor_of, current_actor
from portal.clock import today
from portal.home.queries import AskedRow, Counted, asked, counted
from portal.pages.queries import shown_to
from portal.web.charts import Spark
from portal.web.home import AskRow, AskSource, HomeCard, HomeList
from portal.wording import day_words, is_overdue

blueprint = Blueprint("home", __name__, template_folder="templates")

EXTENSION = "home-contributions"
MAX_ASKS = 10
"""More are a list of their own, on the page of each."""


@dataclass(frozen=True, slots=True)
class Contributions:
    """What all rooms bring to the home page, each in the order of the page."""

    cards: Sequence[HomeCard]
    asks: Sequence[AskSource]
    lists: Sequence[HomeList]


@dataclass(frozen=True, slots=True)
class Ask:
    """One thing that is asked of a person: its title leads to where it is done."""

    title: str
    href: str
    who: str
    due_on: date | None
    is_late: bool


@dataclass(frozen=True, slots=True)
class Card:
    """A number with the list behind it, as it is shown."""

    number: int
    label: str
    href: str
    sub: str
    line: Spark | None


@blueprint.get("/home")
def home() -> str:
    """Show what is asked of this person first, then what there is in their role."""
    actor = current_actor()
    asks, total = _asks(actor) if actor.role else ([], 0)
    return render_template(
        "home/home.html",
        actor=actor,
        asks=asks,
        more_asks=total - len(asks),
        cards=_cards(actor) if actor.role else [],
        lists=_lists(actor) if actor.role else [],
        announcements=shown_to(actor, today()),
        today=today(),
    )


def asks_of(user_id: int) -> list[str]:
    """Return in words what is asked of a person, acting for whom they act; the first of it."""
    words = []
    for membership in memberships_acting(user_id):
        asks, _ = _asks(actor_of(membership.user, membership))
        words += [_in_words(one) for one in asks]
    return words


def _in_words(ask: Ask) -> str:
    if ask.due_on is None:
        return ask.title
    return f"{ask.title} ({'overdue since' if ask.is_late else 'by'} {day_words(ask.due_on)})"


def _contributed() -> Contributions:
    found: Contributions = current_app.extensions[EXTENSION]
    return found


def _asks(actor: Actor) -> tuple[list[Ask], int]:
    """Return what is asked of the actor, as far as it is shown, and how much there is in all."""
    sources = [source for source in _contributed().asks if source.may(actor)]
    rows = asked(actor, [source.rows for source in sources], MAX_ASKS)
    return [_ask(sources[row.source], row) for row in rows], rows[0].total if rows else 0


def _ask(source: AskSource, row: AskedRow) -> Ask:
    ask = AskRow(*row[:-2])
    return Ask(
        source.title(ask), source.href(ask), row.who, row.due_on, is_overdue(row.due_on, today())
    )


def _cards(actor: Actor) -> list[Card]:
    cards = [card for card in _contributed().cards if card.may(actor)]
    counts_of: dict[str, Counted] = {}
    for card in cards:  # several may need the same number
        counts_of |= {card.code: card.count, **card.also}
        if card.own is not None:
            counts_of[f"{card.code}_own"] = card.own
    counts = counted(actor, counts_of)
    for card in cards:
        counts[card.code] += counts.get(f"{card.code}_own", 0)
    return [_card(card, counts, actor) for card in cards]


def _card(card: HomeCard, counts: Mapping[str, int], actor: Actor) -> Card:
    line = card.picture(actor) if card.picture else None
    sub = line.finding if line else card.sub(counts)
    return Card(counts[card.code], card.label(), card.href(), sub, line)


def _lists(actor: Actor) -> list[Markup]:
    return [
        Markup(render_template(one.template, today=today(), **one.values(actor)))  # noqa: S704  # our own template's
        for one in _contributed().lists
        if one.may(actor)
    ]
