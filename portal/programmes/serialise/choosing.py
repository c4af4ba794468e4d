"""The lists by which the next programmes are chosen: what stands in their columns."""

from typing import Any

from flask import url_for

from portal.clock import day_of
from portal.db import by_name
from portal.innovations.models import Innovation
from portal.programmes.models import Answer, MandateCriterion, Proposal
from portal.programmes.queries.longlist import RecordNumbers, numbers_of
from portal.programmes.queries.mandate import MandateAnswers
from portal.programmes.rules.choosing import SHORT, rules_met
from portal.programmes.rules.mandate import standing
from portal.programmes.rules.proposals import asked, scoring
from portal.web.listing import Column, Listing


def longlist_listing(known: RecordNumbers) -> Listing[Any]:
    """Return the longlist over the columns of its statement: what meets most rules comes first."""
    return Listing(
        title="Longlist of next programmes",
        one="innovation",
        many="innovations",
        columns=(
            Column[Any](
                "Innovation",
                lambda row: row.Innovation.name,
                key="name",
                order=by_name(Innovation.name),
                href=lambda row: url_for("innovations.overview", innovation_id=row.Innovation.id),
                tags=lambda row: ["In a programme"] if row.in_programme else [],
            ),
            Column(
                "What puts it there",
                lambda row: "; ".join(rule.label for rule in rules_met(numbers_of(row))),
                on_page=False,
            ),
            Column(
                "Rules met",
                lambda row: len(rules_met(numbers_of(row))),
                key="rules",
                order=known.rules,
                is_number=True,
            ),
            *_numbers(known),
            Column(
                "Network",
                lambda row: row.Innovation.hin and row.Innovation.hin.name,
                on_page=False,
            ),
            Column("Number", lambda row: row.Innovation.id, on_page=False),
        ),
        default="-rules",
        tie=Innovation.id,
        file_path="/programmes/longlist/download.{kind}",
        is_costly=True,
    )


def reasons(row: Any) -> str:
    """Return the rules that put a record on the longlist, in few words: "Proven, growing"."""
    return ", ".join(SHORT[rule] for rule in rules_met(numbers_of(row))).capitalize()


def _numbers(known: RecordNumbers) -> tuple[Column[Any], ...]:
    of = known.columns
    return (
        Column(
            "Proven until",
            lambda row: row.Innovation.is_proven_until if row.is_proven else None,
            on_page=False,
        ),
        Column("Regions", lambda row: row.regions, "regions", of["regions"], is_number=True),
        Column("Sites", lambda row: row.sites, "sites", of["sites"], is_number=True),
        Column(
            "A year ago", lambda row: row.sites_before, "before", of["sites_before"], is_number=True
        ),
        Column(
            "Challenges",
            lambda row: row.challenges,
            "challenges",
            of["challenges"],
            is_number=True,
        ),
    )


def mandate_listing(known: MandateAnswers, year: str) -> Listing[Any]:
    """Return the list of tested records: whether each would qualify, and each test of the year."""
    return Listing(
        title=f"Tests of the mandate {year}",
        one="record",
        many="records",
        columns=(
            Column[Any](
                "Innovation",
                lambda row: row.Innovation.name,
                key="name",
                order=by_name(Innovation.name),
                href=lambda row: url_for("programmes.mandate_of", innovation_id=row.Innovation.id),
            ),
            Column(
                "Standing",
                lambda row: standing(known.tests, _answers(known, row)).label,
                key="standing",
                order=known.rank,
                is_tag=True,
            ),
            *(_answer_column(one) for one in known.tests),
            Column("Number", lambda row: row.Innovation.id, on_page=False),
        ),
        default="standing",
        tie=Innovation.id,
        file_path="/programmes/mandate/download.{kind}",
    )


def _answers(known: MandateAnswers, row: Any) -> dict[int, Answer]:
    found = {one.id: getattr(row, one.code) for one in known.tests}
    return {key: answer for key, answer in found.items() if answer is not None}


def _answer_column(criterion: MandateCriterion) -> Column[Any]:
    code = criterion.code
    return Column(criterion.name, lambda row: (getattr(row, code) or Answer.NOT_KNOWN).label)


def proposals_listing() -> Listing[Proposal]:
    """Return the list of proposals, the newest first."""
    return Listing(
        title="Proposals of next programmes",
        one="proposal",
        many="proposals",
        columns=(
            Column[Proposal](
                "Proposal",
                lambda row: row.title,
                key="title",
                order=by_name(Proposal.title),
                href=lambda row: url_for("programmes.proposal", proposal_id=row.id),
            ),
            Column("State", _state, is_tag=True),
            Column("Assessed by", _handed_in),
            Column("Put forward", lambda row: day_of(row.at), key="at", order=Proposal.at),
            Column(
                "Result (%)",
                lambda row: round(row.decisions[-1].result) if row.decisions else None,
                is_number=True,
            ),
            Column("Number of the record", lambda row: row.innovation_id, on_page=False),
        ),
        default="-at",
        tie=Proposal.id,
        file_path="/programmes/proposals/download.{kind}",
    )


def _state(row: Proposal) -> str:
    return row.decisions[-1].outcome.label if row.decisions else "Open"


def _handed_in(row: Proposal) -> str:
    """How many handed scores in; those with a conflict are not waited for."""
    waited = [one for one in asked(row.assessors) if not one.has_conflict]
    return f"{len(scoring(row.assessors))} of {len(waited)}"
