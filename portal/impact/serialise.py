"""The list of company returns: its columns, on the page and in files."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from flask import url_for
from sqlalchemy import ColumnElement, SQLColumnExpression, case

from portal.accounts.models import Actor, Organisation
from portal.db import by_name
from portal.impact.models import CompanyReturn
from portal.impact.queries.returns import pounds_of, reported_before
from portal.impact.rules.checks import ReportedYear, marks, words
from portal.impact.rules.totals import network_shares
from portal.programmes.rules.numbers import plain
from portal.web.listing import Column, Listing

T = TypeVar("T")


def reported(row: CompanyReturn) -> ReportedYear:
    """Return what a return reports, as far as it is checked."""
    return ReportedYear(
        jobs=(row.jobs_created or 0.0) + (row.jobs_safeguarded or 0.0),
        pounds=sum(one.pounds for one in row.investments),
        has_evidence=bool(row.evidence),
    )


def marks_of(row: CompanyReturn, before: CompanyReturn | None) -> list[str]:
    """Return the rules, in words, that make an answer worth a second look."""
    if row.handed_in_at is None:
        return []
    earlier = reported(before) if before else None
    return [words(mark) for mark in marks(reported(row), earlier, row.organisation.size)]


def marks_on_page(rows: Sequence[CompanyReturn]) -> Mapping[int, list[str]]:
    """Return what is marked at each return of a page. Two statements."""
    before = reported_before(rows)
    return {row.id: marks_of(row, before.get(row.id)) for row in rows}


def shares_words(row: CompanyReturn) -> str:
    """Return how a company's credit is shared among networks: "West Midlands 60%, …"."""
    shares = network_shares({one.hin_id: one.minutes for one in row.networks})
    return ", ".join(
        f"{one.hin.name} {plain(round(float(shares[one.hin_id]) * 100, 1))}%"
        for one in row.networks
    )


def returns_listing(_actor: Actor) -> Listing[CompanyReturn]:
    """Return the list, by company; drafts say nothing of what is in them."""
    return Listing(
        title="Company returns",
        one="company",
        many="companies",
        columns=(
            Column[CompanyReturn](
                "Company",
                lambda row: row.organisation.name,
                key="company",
                order=by_name(Organisation.name),
                href=lambda row: url_for("impact.show", return_id=row.id),
            ),
            Column("Year", lambda row: row.campaign.label, on_page=False),
            Column(
                "State",
                lambda row: row.state.label,
                key="state",
                order=CompanyReturn.state,
                is_tag=True,
            ),
            *_NUMBERS,
            Column("Shared credit", shares_words, on_page=False),
            Column("Handed in", lambda row: row.handed_in_at, on_page=False),
            Column("May be published", lambda row: _told(row, row.may_publish), on_page=False),
            Column("Evidence", lambda row: _told(row, row.evidence), on_page=False),
        ),
        default="company",
        tie=CompanyReturn.id,
        file_path="/impact/returns/download.{kind}",
    )


def _once_told(column: SQLColumnExpression[Any]) -> ColumnElement[Any]:
    """Return SQL for a number once it was handed in: not even the order tells of a draft."""
    return case((CompanyReturn.handed_in_at.is_not(None), column))


_NUMBERS: tuple[Column[CompanyReturn], ...] = (
    Column(
        "Jobs created",
        lambda row: _told(row, row.jobs_created),
        key="created",
        order=_once_told(CompanyReturn.jobs_created),
        shown=lambda row: _jobs(_told(row, row.jobs_created)),
        is_number=True,
    ),
    Column(
        "Jobs safeguarded",
        lambda row: _told(row, row.jobs_safeguarded),
        key="safeguarded",
        order=_once_told(CompanyReturn.jobs_safeguarded),
        shown=lambda row: _jobs(_told(row, row.jobs_safeguarded)),
        is_number=True,
    ),
    Column(
        "Investment (£)",
        lambda row: sum(one.pounds for one in row.investments) if row.handed_in_at else None,
        key="pounds",
        order=_once_told(pounds_of()),
        shown=lambda row: (
            f"{sum(one.pounds for one in row.investments):,}" if row.handed_in_at else ""
        ),
        is_number=True,
    ),
    Column("Share owed (%)", lambda row: _told(row, row.share_owed), is_number=True, on_page=False),
)


def _told(row: CompanyReturn, given: T) -> T | None:
    """Return what a company gave once it has handed its answer in: a draft is its own."""
    return given if row.handed_in_at is not None else None


def _jobs(jobs: float | None) -> str:
    return "" if jobs is None else plain(jobs)
