"""The figures of a quarter: live or frozen, each with the rows behind it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.accounts.models import Actor
from portal.accounts.session import current_actor
from portal.db import db
from portal.errors import Forbidden, NotFound
from portal.proof.queries import validation_counts
from portal.reference.models import Hin, Vocabulary
from portal.reference.queries import hins, terms, today
from portal.reference.rules import LONDON, Quarter
from portal.support import policy
from portal.support.models import FigureFreeze
from portal.support.queries import figures as queries
from portal.support.queries.figure_rows import rows_behind
from portal.support.queries.person_figures import people_in
from portal.support.rules.figures import DEFINITIONS, PERSONAL, Definition, Figure, Measure
from portal.support.rules.interactions import INTERACTION_WORDS
from portal.support.services.figures import freeze_figures
from portal.support.views import blueprint
from portal.web.downloads import Cell, list_file

HEADER = ("Quarter", "Figures", "Measure", "Of", "Network", "Value", "Unit", "Definition", "Source")
NATION = "England"


@dataclass(frozen=True, slots=True)
class Choice:
    """What the address asks for: the quarter, and whether as it was frozen."""

    quarter: Quarter
    freeze: FigureFreeze | None
    """When it was frozen, if it was."""
    is_frozen: bool
    """Whether the frozen figures are shown."""

    @property
    def words(self) -> str:
        """Say which figures these are."""
        return "Frozen" if self.is_frozen else "Live"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a measure's table: its group, in words, with a value for every column."""

    group: str
    words: str
    values: Sequence[float | None]


@blueprint.get("/support/figures")
def figures() -> str:
    """Show every figure of a quarter: for a HIN its own and the nation's, for the nation all."""
    actor, choice = _reader(), _choice()
    found, columns = _found(actor, choice), _columns(actor)
    words = _group_words(people_in(found))
    return render_template(
        "support/figures.html",
        choice=choice,
        quarters=_quarters(),
        columns=columns,
        tables=[(d, _lines(d.measure, found, columns, words)) for d in DEFINITIONS.values()],
        personal=PERSONAL,
        can_freeze=policy.can_freeze(actor) and not choice.freeze and _is_over(choice.quarter),
        network=_network(actor),
        networks=hins() if actor.is_national else [],
        actor=actor,
        nation=NATION,
    )


@blueprint.get("/support/figures/download.<kind>")
def download_figures(kind: str) -> Response:
    """Give the figures that the person may see, one number on each line, as CSV or XLSX."""
    actor, choice = _reader(), _choice()
    names = {hin.id: hin.name for hin in hins()}
    found = _found(actor, choice)
    words = _group_words(people_in(found))
    rows = [_row(figure, choice, names, words) for figure in found]
    name = f"support-figures-{choice.quarter.code}-{choice.words.lower()}"
    return _file(kind, name, HEADER, rows, choice)


@blueprint.post("/support/figures/freeze")
def freeze() -> Response:
    """Freeze a quarter that is over."""
    actor = _reader()
    quarter = _asked(request.form.get("quarter", "")) or Quarter.of(today())
    freeze_figures(quarter=quarter, by=actor)
    db.session.commit()
    flash(f"The figures of {quarter.label} are frozen.", "success")
    return redirect(url_for("support.figures", quarter=quarter.code, show="frozen"))


@blueprint.get("/support/figures/<measure>")
def figure_rows(measure: str) -> str:
    """Show the rows behind a figure: a HIN its own, the national team every HIN's."""
    actor, choice, definition = _reader(), _choice(), _definition(measure)
    header, rows = _behind(actor, choice, definition.measure)
    return render_template(
        "support/figure.html",
        definition=definition,
        choice=choice,
        head_words=header,
        rows=rows[:MOST],
        total=len(rows),
        group=_words_of(actor, choice, definition.measure),
        network=_network(actor) or (NATION if actor.is_national else ""),
        asked={
            "measure": definition.measure.value,
            "quarter": choice.quarter.code,
            "show": choice.words.lower(),
            "network": request.args.get("network"),
            "group": request.args.get("group"),
        },
    )


@blueprint.get("/support/figures/<measure>/download.<kind>")
def download_rows(measure: str, kind: str) -> Response:
    """Give the rows behind a figure as CSV or XLSX."""
    actor, choice, definition = _reader(), _choice(), _definition(measure)
    header, rows = _behind(actor, choice, definition.measure)
    name = f"{definition.measure.value}-{choice.quarter.code}"
    return _file(kind, name, header, rows, choice)


MOST = 500
"""More rows than this are read in the download."""


def _reader() -> Actor:
    actor = current_actor()
    if not policy.can_see_figures(actor):
        raise Forbidden("The figures are for staff of the networks and the national team.")
    return actor


def _asked(code: str) -> Quarter | None:
    try:
        return Quarter.named(code)
    except ValueError:
        return None


def _choice() -> Choice:
    """Return the quarter of the address; today's for anything that is none or has not begun."""
    now = Quarter.of(today())
    asked = _asked(request.args.get("quarter", "")) or now
    quarter = min(asked, now)
    freeze = queries.freeze_of(quarter)
    return Choice(quarter, freeze, freeze is not None and request.args.get("show") != "live")


def _quarters() -> list[Quarter]:
    """Return the quarters since the first engagement, the newest first, twelve at most."""
    quarter, first = Quarter.of(today()), queries.first_quarter()
    found = [quarter]
    while first is not None and quarter.first > first and len(found) < 12:
        quarter = quarter.previous
        found.append(quarter)
    return found


def _is_over(quarter: Quarter) -> bool:
    return quarter.last < today()


def _definition(measure: str) -> Definition:
    if measure not in set(Measure):
        raise NotFound("There is no such figure.")
    return DEFINITIONS[Measure(measure)]


def _found(actor: Actor, choice: Choice) -> list[Figure]:
    if choice.is_frozen and choice.freeze is not None:
        found = queries.frozen_figures(choice.freeze)
    else:
        found = queries.live_figures(choice.quarter, today())
    return queries.for_reader(found, actor)


def _network(actor: Actor) -> Hin | None:
    """Return the HIN whose detail is shown: one's own, or the one that the nation asks for."""
    if actor.is_hin:
        return next((hin for hin in hins() if hin.id == actor.hin_id), None)
    return next((hin for hin in hins() if hin.code == request.args.get("network")), None)


def _columns(actor: Actor) -> list[tuple[int | None, str]]:
    """Return the columns of every table: the HIN's, if one is shown, and the nation's."""
    network = _network(actor)
    own = [(network.id, network.name)] if network else []
    return [*own, (None, NATION)]


def _lines(
    measure: Measure,
    found: Sequence[Figure],
    columns: Sequence[tuple[int | None, str]],
    words: Mapping[str, str],
) -> list[Line]:
    values = {(f.group, f.hin_id): f.value for f in found if f.measure is measure}
    groups = sorted({group for group, _ in values if group}, key=lambda g: _order(g, words))
    groups += [""] if ("", None) in values or not groups else []
    return [
        Line(group, words.get(group, group), [values.get((group, hin)) for hin, _ in columns])
        for group in groups
    ]


def _order(group: str, words: Mapping[str, str]) -> int:
    return list(words).index(group) if group in words else len(words)


def _words_of(actor: Actor, choice: Choice, measure: Measure) -> str:
    """Return what the group asked for is called, as far as the reader may know it."""
    group = request.args.get("group", "")
    people = people_in(_found(actor, choice)) if measure in PERSONAL else {}
    return people.get(group, "") if people else _group_words().get(group, "")


def _group_words(people: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return what the groups of figures are called, in their order."""
    return {
        **(people or {}),
        **{str(level): f"Level {level}" for level in range(1, 5)},
        **{kind.value: words for kind, words in INTERACTION_WORDS.items()},
        **{term.code: term.label for term in terms(Vocabulary.SUPPORT_KIND)},
        **{term.code: term.label for term in terms(Vocabulary.CARE_SETTING)},
        validation_counts.NO_SETTING: "No care setting given",
        validation_counts.NO_KIND: "No kind of support given",
        "": "In all",
    }


def _row(
    figure: Figure, choice: Choice, names: Mapping[int, str], words: Mapping[str, str]
) -> tuple[Cell, ...]:
    definition = DEFINITIONS[figure.measure]
    return (
        choice.quarter.code,
        choice.words,
        definition.name,
        words.get(figure.group, figure.group),
        names.get(figure.hin_id, NATION) if figure.hin_id else NATION,
        figure.value,
        definition.unit,
        definition.wording,
        definition.source,
    )


def _file(
    kind: str,
    name: str,
    header: Sequence[str],
    rows: Sequence[Sequence[Cell]],
    choice: Choice,
) -> Response:
    frozen = choice.freeze.frozen_at.astimezone(LONDON) if choice.freeze else None
    as_of = f"{frozen:%d %B %Y}" if choice.is_frozen and frozen else "today"
    about = {"Quarter": choice.quarter.label, "Figures": choice.words, "As of": as_of}
    return list_file(name, kind, header, rows, about)


def _behind(
    actor: Actor, choice: Choice, measure: Measure
) -> tuple[Sequence[str], list[Sequence[Cell]]]:
    """Return the rows behind a measure, of the HIN shown, narrowed to the group asked for."""
    network = _network(actor)
    if actor.is_hin and network is None:
        raise Forbidden("Your network has no figures.")
    hin_id, group = network.id if network else None, request.args.get("group", "")
    if measure in PERSONAL and not actor.is_hin:
        group = ""  # people by themselves are their own network's to see
    as_of = choice.freeze.frozen_at if choice.is_frozen and choice.freeze else None
    return rows_behind(measure, choice.quarter, hin_id, group, as_of, today())
