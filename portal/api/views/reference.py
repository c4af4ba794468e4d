"""Reference data with its dates, and the nation's figures."""

from typing import Any

from portal.accounts.session import current_actor
from portal.api.forms.arguments import DayArguments, QuarterArguments, TermsArguments
from portal.api.queries import national, places
from portal.api.serialise import reference as serialise
from portal.api.serialise import reference_schemas as schemas
from portal.api.views.lists import Args
from portal.api.views.start import operation
from portal.clock import today
from portal.figures.queries import codes_in_order


@operation("/reference/icss", schemas.IcsList, is_open=True, tag="Reference data")
def icss() -> dict[str, Any]:
    """List integrated care systems

    Every one that there is or was, with the days between which it held, the names that it had, and
    what it became.
    """
    return {"items": serialise.icss(places.every_ics(), places.successions())}


@operation("/reference/hins", schemas.HinList, is_open=True, tag="Reference data")
def hins() -> dict[str, Any]:
    """List Health Innovation Networks

    With the names that they had, and the systems that they serve, each with its days.
    """
    return {"items": serialise.hins(places.every_hin(), places.service_areas())}


@operation(
    "/reference/terms", schemas.TermList, asks=TermsArguments, is_open=True, tag="Reference data"
)
def vocabulary_terms(args: Args) -> dict[str, Any]:
    """List the terms of vocabularies

    All that records hold as codes; retired terms stay, with the day on which they were.
    """
    return {"items": [serialise.term(one) for one in places.every_term(args.get("vocabulary"))]}


@operation("/reference/bank-holidays", schemas.HolidayList, is_open=True, tag="Reference data")
def bank_holidays() -> dict[str, Any]:
    """List bank holidays in England

    By which the portal counts working days.
    """
    return {"items": places.every_bank_holiday()}


@operation(
    "/figures/pipeline", schemas.PipelineAnswer, asks=DayArguments, is_open=True, tag="Figures"
)
def pipeline(args: Args) -> dict[str, Any]:
    """Count the nation's pipeline by stage

    Every submitted innovation of the nation, at the end of a day.
    """
    day = args.get("day") or today()
    return serialise.pipeline(day, national.pipeline_on(day))


@operation(
    "/figures/national", schemas.FiguresAnswer, asks=QuarterArguments, is_open=True, tag="Figures"
)
def national_figures(args: Args) -> dict[str, Any]:
    """Read the nation's figures of a quarter

    Once they are settled (frozen); see the list of quarters.
    """
    return serialise.figures(national.national_figures(national.quarter_named(args["quarter"])))


@operation("/figures/quarters", schemas.QuarterList, is_open=True, tag="Figures")
def quarters() -> dict[str, Any]:
    """List the quarters whose figures are settled"""
    found = national.frozen_quarters()
    return {"items": [{"quarter": one.code, "label": one.label} for one in found]}


@operation("/figures/definitions", schemas.DefinitionList, is_open=True, tag="Figures")
def definitions() -> dict[str, Any]:
    """Read what each figure counts"""
    return {"items": [serialise.definition(one) for one in codes_in_order()]}


@operation("/figures", schemas.FiguresAnswer, asks=QuarterArguments, tag="Figures")
def figures(args: Args) -> dict[str, Any]:
    """Read the figures of a quarter that you may see

    HIN staff their network's and the nation's, the national team all; settled ones where the
    quarter is frozen, as counted now otherwise.
    """
    quarter = national.quarter_named(args["quarter"])
    return serialise.figures(national.own_figures(current_actor(), quarter))
