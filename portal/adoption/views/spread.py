"""How far something has spread over the places that could use it."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import render_template, url_for
from werkzeug.wrappers import Response

from portal.adoption import charts, policy
from portal.adoption.queries.picture import BANDS, SpreadPage, page
from portal.adoption.rules.spread import MOVE_LABELS
from portal.adoption.views import blueprint
from portal.adoption.views.steps import LIST, Topic, case_of, topic_for
from portal.clock import today
from portal.figures.queries.kept import FigureCache
from portal.innovations.rules.adoption import STATES
from portal.reference.models import SiteKind
from portal.web.downloads import Cell, csv_response


@blueprint.get(LIST)
def spread(list_id: int) -> str:
    """Show a list's sites by stage, over areas, quarters, kinds and money, as at any day."""
    case = topic_for(list_id)
    asked, told = case.asked, _told(case)
    found = told.found
    sites = url_for("adoption.sites", list_id=list_id)

    def link(**changes: object) -> str:
        return f"{sites}?{asked.query(**changes)}"

    return render_template(
        "adoption/spread.html",
        case=case,
        eligible=case.eligible,
        asked=asked,
        found=found,
        link=link,
        bands=BANDS,
        states=STATES,
        move_labels=MOVE_LABELS,
        kinds=told.kinds,
        hins=told.hins,
        picture=charts.bands_picture(found.england, found.areas),
        map=charts.systems_picture(found.systems) if found.systems else None,
        money=charts.money_picture([(m.label, m.after) for m in found.money], found.in_service),
        spark_=charts.quarters_spark(found.quarters),
        can_curate=policy.can_curate(case.actor),
        today=today(),
    )


@blueprint.get(f"{LIST}/spread.csv")
def spread_csv(list_id: int) -> Response:
    """Download the numbers of the networks, every state in a column of its own."""
    case = topic_for(list_id)
    asked, found = case.asked, _told(case).found
    header = [
        *("Area", "Code", "Could use it"),
        *(case.labels[state] for state in STATES),
        *("At stage 3 or above", "At stage 5 or above", "Said this quarter"),
    ]
    rows: list[list[Cell]] = [
        [
            *(row.name, row.code, row.total),
            *(row.counts[state] for state in STATES),
            *(row.at_3.numerator, row.at_5.numerator, row.answered.numerator),
        ]
        for row in (found.england, *found.areas)
    ]
    return csv_response(f"spread-{list_id}-{asked.on}.csv", header, rows)


@dataclass(frozen=True, slots=True)
class NetworkName:
    """A network that may be chosen."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class ListPicture:
    """What a page about a list shows, and what it may be narrowed to."""

    found: SpreadPage
    kinds: Sequence[SiteKind]
    hins: Sequence[NetworkName]


def _told(topic: Topic) -> ListPicture:
    """Return what the rows of a list say, the same for everybody who may open it: of thousands of
    places it takes a second or two, so it is kept until a row changes."""
    labels = tuple(topic.labels.items())
    key = ("spread", topic.eligible.id, tuple(topic.names), labels, topic.asked)
    found: ListPicture = FigureCache().answer(key, lambda: _counted(topic))
    return found


def _counted(topic: Topic) -> ListPicture:
    case = case_of(topic)
    asked, held = case.asked, {one.kind for one in case.spread.places}
    networks = (NetworkName(hin.code, hin.name) for hin in case.spread.areas.hins.values())
    return ListPicture(
        page(case.spread, case.narrowing, asked.on, asked.since, case.icss, case.labels),
        [kind for kind in SiteKind if kind in held],
        sorted(networks, key=lambda hin: hin.name),
    )
