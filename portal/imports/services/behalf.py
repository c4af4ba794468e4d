"""Register an innovation for its company, which is asked to take it over."""

from collections.abc import Mapping
from typing import Any

from portal.accounts.models import Actor, Organisation, OrganisationKind
from portal.accounts.queries import organisation_named
from portal.audit.services import note
from portal.db import db
from portal.errors import Forbidden
from portal.imports.policy import can_register_on_behalf
from portal.innovations.models import Innovation, Section
from portal.innovations.rules.duplicates import RecordTexts
from portal.innovations.sections.answers import version_of, version_of_all
from portal.innovations.sections.questions import PARTS
from portal.innovations.services.drafts import register, save_draft
from portal.innovations.services.people import offer_transfer
from portal.innovations.services.submission import submit
from portal.reference.models import Hin


def register_on_behalf(
    *,
    answers: Mapping[str, Any],
    organisation: str,
    organisation_kind: OrganisationKind,
    consent: str,
    email: str,
    by: Actor,
) -> Innovation:
    """Register and submit a record that the actor's organisation keeps until its company takes it
    over; who is named by `email` is asked to.

    Raises Forbidden for all but HIN and national staff, Invalid for what the record refuses.
    """
    if not can_register_on_behalf(by):
        raise Forbidden("HIN and national staff register for companies.")
    maker = _maker(organisation, organisation_kind, by)
    innovation = register(
        name=answers["name"], by=by, organisation_id=maker.id, kept_by_id=by.organisation_id
    )
    innovation.source_note = f"Registered by {by.organisation_name}. Consent: {consent}"
    for section, given in _by_section(answers, by).items():
        version = version_of(innovation, section)
        save_draft(innovation=innovation, section=section, answers=given, version=version, by=by)
    submit(innovation=innovation, version=version_of_all(innovation), by=by)
    summary = f"registered it on behalf of {maker.name}"
    note(innovation, "registered_on_behalf", summary, by=by)
    if email:
        offer_transfer(innovation=innovation, email=email, by=by)
    db.session.flush()
    return innovation


def described(answers: Mapping[str, Any], organisation: str) -> RecordTexts:
    """Return by what an innovation is told from others."""
    text = f"{answers.get('summary') or ''} {answers.get('need') or ''}"
    website = answers.get("website") or ""
    return RecordTexts(answers.get("name") or "", organisation, website, text)


def _by_section(answers: Mapping[str, Any], by: Actor) -> dict[Section, dict[str, Any]]:
    found: dict[Section, dict[str, Any]] = {}
    for section, part in PARTS.items():
        names = {question.name for question in part.questions}
        given = {name: value for name, value in answers.items() if name in names}
        if given:
            found[section] = given
    if by.is_hin and by.hin_id is not None:
        found[Section.ABOUT]["hin"] = db.session.get_one(Hin, by.hin_id).code
    return found


def _maker(name: str, kind: OrganisationKind, by: Actor) -> Organisation:
    """Return the organisation of that name, however it is written; a new one is made."""
    found = organisation_named(name)
    if found is not None:
        return found
    made = Organisation(name=name, kind=kind)
    db.session.add(made)
    db.session.flush()
    note(made, "registered", "was made for a record registered on its behalf", by=by)
    return made
