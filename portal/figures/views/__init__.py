"""The figures of a quarter: live or frozen, each with the rows behind it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.accounts.models import Actor
from portal.accounts.session import current_actor
from portal.clock import LONDON, today
from portal.db import db
from portal.errors import Forbidden, NotFound
from portal.figures import policy, queries
from portal.figures.charts import Crossed, crossed, picture
from portal.figures.models import FigureFreeze
from portal.figures.queries.kept import FigureCache
from portal.figures.rules import (
    WHOLE,
    Columns,
    Figure,
    FigureSet,
    Period,
    RowsQuery,
    RowsResult,
    Value,
    groups_of,
    set_of,
    sets,
)
from portal.figures.serialise import definitions, wide
from portal.figures.services import freeze_figures
from portal.reference.models import Hin
from portal.reference.queries import hin_names_on, hins
from portal.reference.rules import Quarter
from portal.text import clean
from portal.web.charts import Bars
from portal.web.downloads import Cell, Table, list_file
from portal.web.paging import Address, cut, page_number

blueprint = Blueprint("figures", __name__, template_folder="../templates")

NATION = "England"
MAX_QUARTERS = 12


@dataclass(frozen=True, slots=True)
class Choice:
    """What the address asks for: the quarter, and whether as it was frozen."""

    quarter: Quarter
    freeze: FigureFreeze | None
    """When it was frozen, if it was."""
    is_frozen: bool
    """Whether the frozen figures are shown."""

    @property
    def label(self) -> str:
        """Say which figures these are."""
        return "Frozen" if self.is_frozen else "Live"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a figure's table: its group, in words, with a value for every column."""

    group: str
    label: str
    values: Sequence[float | None]


@dataclass(frozen=True, slots=True)
class FigureTable:
    """One figure of the page."""

    figure: Figure
    lines: Sequence[Line]
    picture: Bars | None
    """A picture of its groups, where they are many."""
    crossed: Crossed | None
    """A table of networks by groups, for the national team."""

    @property
    def whole(self) -> Line | None:
        """The line of what it comes to in all; none where its groups overlap and have no sum."""
        return next((line for line in self.lines if line.group == WHOLE), None)

    @property
    def is_whole(self) -> bool:
        """Whether it has no groups, so that it is a line and needs no table."""
        return len(self.lines) == 1 and self.lines[0].group == WHOLE

    @property
    def has_values(self) -> bool:
        """Whether anything was counted."""
        return any(value is not None for line in self.lines for value in line.values)


@blueprint.get("/figures")
def index() -> str:
    """Show every figure of a quarter: for a HIN its own and the nation's, for the nation all."""
    actor, choice, kept = _reader(), _choice(), FigureCache()
    found, columns = _values(actor, choice, kept), _columns(actor, choice)
    labels, everywhere = queries.group_labels(found, kept.labels()), _all_columns(actor, choice)
    return render_template(
        "figures/index.html",
        choice=choice,
        quarters=_quarters(kept),
        columns=columns,
        sections=[
            (
                one.heading,
                [_shown(actor, f, found, columns, everywhere, labels) for f in one.figures],
            )
            for one in sets()
        ],
        can_freeze=policy.can_freeze(actor) and not choice.freeze and _is_over(choice.quarter),
        network=_network(actor),
        networks=hins() if actor.is_national else [],
        codes={hin.id: hin.code for hin in hins()},
        actor=actor,
        nation=NATION,
        is_open=request.args.get("open") == "all",
    )


@blueprint.get("/figures/download.<kind>")
def download(kind: str) -> Response:
    """Give the figures that the person may see as CSV or XLSX, the networks side by side; the
    workbook has what each figure counts on a sheet of its own."""
    actor, choice, kept = _reader(), _choice(), FigureCache()
    found, figures = _values(actor, choice, kept), queries.codes_in_order()
    labels = queries.group_labels(found, kept.labels())
    header, rows = wide(figures, found, _all_columns(actor, choice), labels)
    name = f"support-figures-{choice.quarter.code}-{choice.label.lower()}"
    return _file(kind, name, header, rows, choice, {"Definitions": definitions(figures)})


@blueprint.get("/figures/freeze")
def confirm_freeze() -> str:
    """Ask whether a quarter is to be frozen, having listed what is missing in it."""
    actor, choice = _reader(), _choice()
    if not policy.can_freeze(actor):
        raise Forbidden("Only the national team freezes the figures of a quarter.")
    return render_template(
        "figures/freeze.html",
        quarter=choice.quarter,
        freeze=choice.freeze,
        is_over=_is_over(choice.quarter),
        gaps=queries.gaps(choice.quarter, today()),
    )


@blueprint.post("/figures/freeze")
def freeze() -> Response:
    """Freeze a quarter that is over."""
    actor = _reader()
    quarter = _quarter_named(request.form.get("quarter", "")) or Quarter.of(today())
    freeze_figures(quarter=quarter, by=actor)
    db.session.commit()
    flash(f"The figures of {quarter.label} are frozen.", "success")
    return redirect(url_for("figures.index", quarter=quarter.code, show="frozen"))


@blueprint.get("/figures/<code>")
def rows(code: str) -> str:
    """Show the rows behind a figure: a HIN its own, the national team every HIN's."""
    actor, choice, (figures, figure) = _reader(), _choice(), _figure(code)
    behind = _rows_behind(actor, choice, figures, figure)
    return render_template(
        "figures/rows.html",
        figure=figure,
        heading=figures.heading,
        choice=choice,
        columns=behind.header,
        page=cut(behind.rows, page_number(request.args)),
        address=Address(request.path, request.args.to_dict()),
        group=_group_label(actor, choice, figures, figure),
        network=_network(actor) or (NATION if actor.is_national else ""),
        asked={
            "code": figure.code,
            "quarter": choice.quarter.code,
            "show": choice.label.lower(),
            "network": request.args.get("network"),
            "group": request.args.get("group"),
        },
    )


@blueprint.get("/figures/<code>/download.<kind>")
def download_rows(code: str, kind: str) -> Response:
    """Give the rows behind a figure as CSV or XLSX."""
    actor, choice, (figures, figure) = _reader(), _choice(), _figure(code)
    behind = _rows_behind(actor, choice, figures, figure)
    return _file(kind, f"{figure.code}-{choice.quarter.code}", behind.header, behind.rows, choice)


@blueprint.get("/support/figures", defaults={"rest": ""})
@blueprint.get("/support/figures/<path:rest>")
def moved(rest: str) -> Response:
    """Lead addresses that people kept from before to where the figures are now."""
    _reader()
    path = f"{url_for('figures.index')}/{rest}".rstrip("/")
    query = request.query_string.decode()
    return redirect(f"{path}?{query}" if query else path, 301)


def _reader() -> Actor:
    actor = current_actor()
    if not policy.can_see_figures(actor):
        raise Forbidden("The figures are for staff of the networks and the national team.")
    return actor


def _quarter_named(code: str) -> Quarter | None:
    try:
        return Quarter.named(code)
    except ValueError:
        return None


def _choice() -> Choice:
    """Return the quarter of the address; today's for anything that is none or has not begun."""
    now = Quarter.of(today())
    quarter = min(_quarter_named(request.args.get("quarter", "")) or now, now)
    freeze = queries.freeze_of(quarter)
    return Choice(quarter, freeze, freeze is not None and request.args.get("show") != "live")


def _quarters(kept: FigureCache) -> list[Quarter]:
    """Return the quarters since the oldest row that counts, the newest first."""
    quarter, first = Quarter.of(today()), kept.first_day()
    found = [quarter]
    while first is not None and quarter.first > first and len(found) < MAX_QUARTERS:
        quarter = quarter.previous
        found.append(quarter)
    return found


def _is_over(quarter: Quarter) -> bool:
    return quarter.last < today()


def _figure(code: str) -> tuple[FigureSet, Figure]:
    found = set_of(code)
    if found is None:
        raise NotFound("There is no such figure.")
    return found


def _values(actor: Actor, choice: Choice, kept: FigureCache) -> list[Value]:
    if choice.is_frozen and choice.freeze is not None:
        found = queries.frozen_values(choice.freeze)
    else:
        found = kept.live(choice.quarter, today())
    return policy.for_reader(found, actor)


def _network(actor: Actor) -> Hin | None:
    """Return the HIN whose detail is shown: one's own, or the one that the nation asks for."""
    if actor.is_hin:
        return next((hin for hin in hins() if hin.id == actor.hin_id), None)
    return next((hin for hin in hins() if hin.code == request.args.get("network")), None)


def _all_columns(actor: Actor, choice: Choice) -> list[tuple[int | None, str]]:
    """Return every network whose figures the reader may see, and the nation."""
    if actor.is_hin:
        return _columns(actor, choice)
    return [*_called(hins(), choice), (None, NATION)]


def _columns(actor: Actor, choice: Choice) -> list[tuple[int | None, str]]:
    """Return the columns of every table: the HIN's, if one is shown, and the nation's."""
    network = _network(actor)
    return [*_called([network] if network else [], choice), (None, NATION)]


def _called(networks: Sequence[Hin], choice: Choice) -> list[tuple[int, str]]:
    """Return networks by what they were called at the end of the quarter that is shown."""
    names = hin_names_on(networks, min(choice.quarter.last, today())) if networks else {}
    return list(names.items())


def _lines(
    figure: Figure,
    found: Sequence[Value],
    columns: Columns,
    labels: Mapping[str, str],
) -> list[Line]:
    values = {(v.group, v.hin_id): v.value for v in found if v.code == figure.code}
    return [
        Line(group, labels.get(group, group), [values.get((group, hin)) for hin, _ in columns])
        for group in groups_of(figure, found, labels)
    ]


def _shown(
    actor: Actor,
    figure: Figure,
    found: Sequence[Value],
    columns: Columns,
    everywhere: Columns,
    labels: Mapping[str, str],
) -> FigureTable:
    """Return a figure as the page shows it: its table, and a picture where the table is long."""
    lines = _lines(figure, found, columns, labels)
    values = {line.label: line.values[0] or 0.0 for line in lines if line.group}
    every = crossed(figure, found, everywhere, labels) if actor.is_national else None
    return FigureTable(figure, lines, picture(figure, columns[0][1], values), every)


def _group_label(actor: Actor, choice: Choice, figures: FigureSet, figure: Figure) -> str:
    """Return what the group asked for is called, as far as the reader may know it."""
    group = clean(request.args.get("group", WHOLE))
    if figure.is_personal:
        return (
            queries.people_in(_values(actor, choice, FigureCache())).get(group, "") if group else ""
        )
    return figures.labels().get(group, "")


def _file(
    kind: str,
    name: str,
    header: Sequence[str],
    rows: Sequence[Sequence[Cell]],
    choice: Choice,
    also: Mapping[str, Table] | None = None,
) -> Response:
    frozen = choice.freeze.frozen_at.astimezone(LONDON) if choice.freeze else None
    as_of = f"{frozen:%d %B %Y}" if choice.is_frozen and frozen else "today"
    about = {"Quarter": choice.quarter.label, "Figures": choice.label, "As of": as_of}
    return list_file(name, kind, header, rows, about, also)


def _rows_behind(actor: Actor, choice: Choice, figures: FigureSet, figure: Figure) -> RowsResult:
    """Return the rows behind a figure, of the HIN shown, narrowed to the group asked for."""
    network = _network(actor)
    if actor.is_hin and network is None:
        raise Forbidden("Your network has no figures.")
    group = clean(request.args.get("group", WHOLE))
    if figure.is_personal and not actor.is_hin:
        group = WHOLE  # people by themselves are their own network's to see
    as_of = choice.freeze.frozen_at if choice.is_frozen and choice.freeze else None
    period = Period(choice.quarter, today(), as_of)
    return figures.rows(RowsQuery(figure, period, network.id if network else None, group))
