"""Turn the codes of a draft into rows: terms, ICSs, HINs and organisations."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from portal.accounts.models import Organisation, OrganisationKind
from portal.clock import partial_date
from portal.db import by_name, db
from portal.errors import Invalid
from portal.innovations.models import EvidenceFile, Nation, StandardStatus
from portal.innovations.sections.questions import Kind, Question
from portal.reference.models import Hin, Ics, Site, Term, Vocabulary

USERS_OF_INNOVATIONS = (
    OrganisationKind.NHS_TRUST,
    OrganisationKind.ICS,
    OrganisationKind.CHARITY,
    OrganisationKind.UNIVERSITY,
    OrganisationKind.HIN,
)
"""The kinds of organisation that may be chosen as using an innovation. Companies are not listed:
that one is here may tell of a record that is not shared. Any other is entered by name."""


class Codes:
    """The terms that some answers name, read in one statement."""

    def __init__(self, pairs: Iterable[tuple[Question, Any]]) -> None:
        wanted = {
            code
            for question, answer in pairs
            if question.vocabulary is not None
            for code in (answer if question.is_many else [answer])
            if code
        }
        found = db.session.scalars(select(Term).where(Term.code.in_(wanted)))
        self._terms = {(term.vocabulary, term.code): term for term in found}

    def value(self, question: Question, answer: Any) -> Any:
        """Return what the row holds for an answer; raises Invalid for a code that is none."""
        if question.is_many:
            terms = [self._term(question, code) for code in answer or []]
            return sorted(terms, key=lambda term: (term.position, term.id))
        if answer is None or answer == "":
            return question.blank
        if question.kind is Kind.TERM:
            return self._term(question, answer)
        return _CONVERT.get(question.kind, _same)(answer)

    def _term(self, question: Question, code: str) -> Term:
        term = self._terms.get((question.vocabulary or Vocabulary.CATEGORY, code))
        if term is None:
            raise Invalid(f"{question.label}: there is no “{code}”", field=question.name)
        return term


def _same(answer: Any) -> Any:
    return answer


def _ics(code: str) -> Ics:
    ics = db.session.scalar(select(Ics).where(Ics.code == code))
    if ics is None:
        raise Invalid(f"There is no ICS with the code “{code}”", field="ics")
    return ics


def _hin(code: str) -> Hin:
    hin = db.session.scalar(select(Hin).where(Hin.code == code))
    if hin is None:
        raise Invalid(f"There is no HIN with the code “{code}”", field="hin")
    return hin


def _site(code: str) -> Site:
    site = db.session.scalar(select(Site).where(Site.code == code))
    if site is None:
        raise Invalid(f"There is no place with the code “{code}”", field="directory_site")
    return site


def _organisation(organisation_id: int) -> Organisation:
    organisation = db.session.get(Organisation, organisation_id)
    if organisation is None or organisation.kind not in USERS_OF_INNOVATIONS:
        raise Invalid("Select an organisation from the list", field="organisation")
    return organisation


def _files(ids: Sequence[int]) -> list[EvidenceFile]:
    found = db.session.scalars(select(EvidenceFile).where(EvidenceFile.id.in_(ids)))
    return sorted(found, key=lambda file: file.id)


_CONVERT: Mapping[Kind, Any] = {
    Kind.ICS: _ics,
    Kind.HIN: _hin,
    Kind.ORGANISATION: _organisation,
    Kind.SITE: _site,
    Kind.POUNDS: Decimal,
    Kind.DAY: partial_date,
    Kind.STATUS: StandardStatus,
    Kind.NATION: Nation,
    Kind.FILES: _files,
}


def organisations_in_use() -> Sequence[Organisation]:
    """Return the organisations that may be named as using an innovation, by name."""
    return db.session.scalars(
        select(Organisation)
        .where(Organisation.kind.in_(USERS_OF_INNOVATIONS), Organisation.merged_into_id.is_(None))
        .order_by(by_name(Organisation.name), Organisation.id)
    ).all()
