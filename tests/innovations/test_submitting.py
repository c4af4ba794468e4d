"""Registering, drafting and submitting, as services."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.audit.models import AuditEvent
from portal.clock import today
from portal.errors import Conflict, Forbidden, Invalid
from portal.innovations.models import (
    Innovation,
    RecordStatus,
    Section,
    SharingChange,
    StageChange,
    StandardHeld,
    StatusChange,
)
from portal.innovations.sections.answers import (
    SectionState,
    state_of,
    still_needed,
    version_of,
    version_of_all,
)
from portal.innovations.services.drafts import register, save_draft
from portal.innovations.services.submission import pick_up_by, submit
from portal.notifications.models import Email, Notification
from tests.cast import Cast, Person

ABOUT = {
    "name": "Breathe Easy",
    "summary": "Coaches people with COPD at home.",
    "category": "DIGITAL",
    "stage": "PROTOTYPE",
    "ics": "QWU",
}
NEED = {"need": "People wait too long.", "care_settings": ["URGENT_EMERGENCY", "ACUTE_INPATIENT"]}


def draft(innovation: Innovation, section: Section, by: Person, **answers: Any) -> None:
    save_draft(
        innovation=innovation,
        section=section,
        answers=answers,
        version=version_of(innovation, section),
        by=by.actor,
    )


def ready(by: Person) -> Innovation:
    """A record with everything that the first submission needs, still a draft."""
    innovation = register(name=ABOUT["name"], summary=ABOUT["summary"], by=by.actor)
    draft(innovation, Section.ABOUT, by, **ABOUT)
    draft(innovation, Section.NEED, by, **NEED)
    return innovation


def submitted(by: Person) -> Innovation:
    """A record on the pipeline."""
    innovation = ready(by)
    submit(innovation=innovation, version=version_of_all(innovation), by=by.actor)
    return innovation


def test_registering_starts_a_draft_that_is_dated_and_audited(session: Session, cast: Cast) -> None:
    innovation = register(name="Breathe Easy", summary="Coaches.", by=cast.innovator.actor)
    assert innovation.status is RecordStatus.DRAFT
    assert innovation.organisation_id == cast.innovator.organisation.id
    assert state_of(innovation, Section.ABOUT) is SectionState.DRAFT
    assert state_of(innovation, Section.NEED) is SectionState.NOT_STARTED
    assert session.scalars(select(StatusChange.status)).all() == [RecordStatus.DRAFT]
    assert len(session.scalars(select(SharingChange)).all()) == 1
    assert "innovation.registered" in session.scalars(select(AuditEvent.action)).all()


def test_only_innovators_register(session: Session, cast: Cast) -> None:
    for person in (cast.ics, cast.hin, cast.national, cast.administrator):
        with pytest.raises(Forbidden):
            register(name="Not ours", by=person.actor)


def test_the_hin_follows_the_ics_unless_one_was_chosen(session: Session, cast: Cast) -> None:
    innovation = register(name="Breathe Easy", by=cast.innovator.actor)

    def about() -> dict[str, Any]:
        return next(c.draft for c in innovation.copies if c.section is Section.ABOUT)

    draft(innovation, Section.ABOUT, cast.innovator, ics="QWU")
    assert about()["hin"] == "HI-WM"
    draft(innovation, Section.ABOUT, cast.innovator, ics="QOP")
    assert about()["hin"] == "HI-MAN"
    draft(innovation, Section.ABOUT, cast.innovator, ics="QWU", hin="HI-EAST")
    draft(innovation, Section.ABOUT, cast.innovator, summary="Coaches people.")
    assert about()["hin"] == "HI-EAST"


def test_nothing_is_submitted_while_something_is_needed(session: Session, cast: Cast) -> None:
    innovation = register(name="Breathe Easy", by=cast.innovator.actor)
    names = [question.name for _, question in still_needed(innovation)]
    assert names == ["summary", "category", "stage", "nation", "need", "care_settings"]
    with pytest.raises(Invalid, match="Enter a summary"):
        submit(innovation=innovation, version=version_of_all(innovation), by=cast.innovator.actor)
    assert innovation.status is RecordStatus.DRAFT


def test_the_first_submission_puts_it_on_the_pipeline(session: Session, cast: Cast) -> None:
    innovation = submitted(cast.innovator)
    assert innovation.status is RecordStatus.SUBMITTED
    assert innovation.submitted_at is not None
    assert innovation.hin is not None
    assert innovation.hin.code == "HI-WM"
    assert [t.code for t in innovation.terms] == ["ACUTE_INPATIENT", "URGENT_EMERGENCY"]
    assert session.scalars(select(StatusChange.status).order_by(StatusChange.id)).all() == [
        RecordStatus.DRAFT,
        RecordStatus.SUBMITTED,
    ]
    assert [row.stage.code for row in session.scalars(select(StageChange))] == ["PROTOTYPE"]
    due = pick_up_by(innovation)
    assert due is not None
    assert due > today()


def test_the_owner_hears_which_hin_looks_and_by_when(session: Session, cast: Cast) -> None:
    submitted(cast.innovator)
    mine = Notification.user_id == cast.innovator.user.id
    told = session.scalars(select(Notification).where(mine)).one()
    assert told.subject == "Breathe Easy is on the innovation pipeline"
    assert "Health Innovation West Midlands looks at it first, by " in told.body
    assert cast.innovator.user.email in session.scalars(select(Email.address)).all()


def test_the_trail_says_what_changed_from_what_to_what(session: Session, cast: Cast) -> None:
    innovation = submitted(cast.innovator)
    draft(innovation, Section.ABOUT, cast.innovator, stage="READY")
    submit(innovation=innovation, version=version_of_all(innovation), by=cast.innovator.actor)
    event = session.scalars(
        select(AuditEvent).where(AuditEvent.action == "innovation.updated")
    ).one()
    assert event.changes == {"about.stage": ["PROTOTYPE", "READY"]}
    assert event.actor_name == "Ida Brown"
    stages = session.scalars(select(StageChange).order_by(StageChange.id))
    assert [row.stage.code for row in stages] == ["PROTOTYPE", "READY"]


def test_a_draft_does_not_disturb_what_others_see(session: Session, cast: Cast) -> None:
    innovation = submitted(cast.innovator)
    draft(innovation, Section.ABOUT, cast.innovator, name="Breathe Better", stage="READY")
    session.expire_all()
    assert innovation.name == "Breathe Easy"
    assert innovation.stage is not None
    assert innovation.stage.code == "PROTOTYPE"
    submit(innovation=innovation, version=version_of_all(innovation), by=cast.innovator.actor)
    assert innovation.name == "Breathe Better"


def test_a_draft_that_says_what_is_seen_already_is_no_draft(session: Session, cast: Cast) -> None:
    innovation = submitted(cast.innovator)
    draft(innovation, Section.ABOUT, cast.innovator, name="Breathe Better")
    draft(innovation, Section.ABOUT, cast.innovator, name="Breathe Easy")
    assert state_of(innovation, Section.ABOUT) is SectionState.SUBMITTED


def test_one_section_can_be_submitted_without_the_others(session: Session, cast: Cast) -> None:
    innovation = submitted(cast.innovator)
    draft(innovation, Section.COSTS, cast.innovator, cost="12.50", cost_basis="per patient")
    draft(innovation, Section.PLANS, cast.innovator, plans="A trial.")
    submit(
        innovation=innovation,
        version=version_of_all(innovation),
        by=cast.innovator.actor,
        sections=[Section.COSTS],
    )
    assert str(innovation.cost) == "12.50"
    assert innovation.plans == ""
    assert state_of(innovation, Section.PLANS) is SectionState.DRAFT


def test_the_second_of_two_who_typed_at_once_is_refused(session: Session, cast: Cast) -> None:
    innovation = submitted(cast.innovator)
    old = version_of(innovation, Section.PLANS)
    draft(innovation, Section.PLANS, cast.innovator, plans="Mine")
    with pytest.raises(Conflict):
        save_draft(
            innovation=innovation,
            section=Section.PLANS,
            answers={"plans": "Theirs"},
            version=old,
            by=cast.colleague.actor,
        )


def test_what_is_submitted_is_what_was_read(session: Session, cast: Cast) -> None:
    innovation = submitted(cast.innovator)
    read = version_of_all(innovation)
    draft(innovation, Section.PLANS, cast.colleague, plans="Not read by Ida")
    with pytest.raises(Conflict):
        submit(innovation=innovation, version=read, by=cast.innovator.actor)
    assert innovation.plans == ""


def test_a_stranger_changes_nothing(session: Session, cast: Cast) -> None:
    innovation = submitted(cast.innovator)
    for person in (cast.other_innovator, cast.ics, cast.hin, cast.national, cast.administrator):
        with pytest.raises(Forbidden):
            draft(innovation, Section.PLANS, person, plans="Mine now")
        with pytest.raises(Forbidden):
            submit(innovation=innovation, version=version_of_all(innovation), by=person.actor)


def test_rows_of_a_list_keep_their_ids_through_a_submission(session: Session, cast: Cast) -> None:
    innovation = submitted(cast.innovator)
    first = {"kind": "REAL_WORLD", "type": None, "title": "One", "result": "", "on": "2025-02-28"}
    draft(innovation, Section.EVIDENCE, cast.innovator, items=[{"id": None, "link": "", **first}])
    submit(innovation=innovation, version=version_of_all(innovation), by=cast.innovator.actor)
    row = innovation.evidence[0]
    items = [
        {"id": row.id, "link": "", **first, "title": "One, again"},
        {"id": None, "link": "", **first, "title": "Two", "on": None},
    ]
    draft(innovation, Section.EVIDENCE, cast.innovator, items=items)
    submit(innovation=innovation, version=version_of_all(innovation), by=cast.innovator.actor)
    assert [(e.title, e.id == row.id) for e in innovation.evidence] == [
        ("One, again", True),
        ("Two", False),
    ]
    draft(innovation, Section.EVIDENCE, cast.innovator, items=items[:1])
    submit(innovation=innovation, version=version_of_all(innovation), by=cast.innovator.actor)
    assert len(innovation.evidence) == 1


def test_changing_a_standard_drops_its_check(session: Session, cast: Cast) -> None:
    innovation = submitted(cast.innovator)
    item = {"id": None, "standard": "DTAC", "status": "yes", "reference": "A1"}
    other = {"id": None, "standard": "CE_UKCA_CLASS_I", "status": "yes", "reference": ""}
    draft(innovation, Section.STANDARDS, cast.innovator, items=[item, other])
    submit(innovation=innovation, version=version_of_all(innovation), by=cast.innovator.actor)
    for row in innovation.standards:
        row.checked_by, row.checked_on, row.valid_until = cast.hin.user, today(), today()
    session.flush()
    ids = [row.id for row in innovation.standards]
    changed = [{**item, "id": ids[0], "status": "working_towards"}, {**other, "id": ids[1]}]
    draft(innovation, Section.STANDARDS, cast.innovator, items=changed)
    submit(innovation=innovation, version=version_of_all(innovation), by=cast.innovator.actor)
    checked = {row.standard.code: row.checked_on for row in session.scalars(select(StandardHeld))}
    assert checked == {"DTAC": None, "CE_UKCA_CLASS_I": today()}


def test_submitting_answers_the_change_that_was_wanted(session: Session, cast: Cast) -> None:
    innovation = submitted(cast.innovator)
    plans = next(copy for copy in innovation.copies if copy.section is Section.PLANS)
    plans.change_wanted = "Say when the trial starts."
    draft(innovation, Section.PLANS, cast.innovator, plans="In May.")
    submit(innovation=innovation, version=version_of_all(innovation), by=cast.innovator.actor)
    assert plans.change_wanted == ""


def test_what_is_in_confidence_is_named_in_the_trail_without_its_words(
    session: Session, cast: Cast
) -> None:
    innovation = submitted(cast.innovator)
    draft(innovation, Section.COSTS, cast.innovator, price_note="Half price for five trusts")
    submit(innovation=innovation, version=version_of_all(innovation), by=cast.innovator.actor)
    assert innovation.price_note == "Half price for five trusts"
    trail = [event.changes for event in session.scalars(select(AuditEvent))]
    assert any("costs.price_note" in changes for changes in trail)
    assert "Half price" not in str(trail)
