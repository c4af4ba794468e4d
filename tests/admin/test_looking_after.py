"""An administrator looks after vocabularies and sees what was done and what is being done."""

from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.audit.models import AuditEvent
from portal.jobs import enqueue
from portal.reference import services as reference
from portal.reference.models import Vocabulary
from tests import makers
from tests.cast import Cast, Person
from tests.pages import PageClient

Browser = Callable[[Person], PageClient]


def test_an_adoption_stage_can_be_renamed_and_stays_so(
    session: Session, cast: Cast, as_: Browser
) -> None:
    stage = makers.term(Vocabulary.ADOPTION_STAGE, "STAGE_2")
    page = as_(cast.administrator).post(
        f"/admin/terms/edit/{stage.id}",
        data={"label": "Deciding", "definition": "They weigh it up."},
        follow_redirects=True,
    )
    assert "Deciding" in page.text
    reference.load()
    session.refresh(stage)
    assert stage.label == "Deciding"
    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "term.changed")).one()
    assert event.changes["label"][1] == "Deciding"
    assert event.actor_name == "Ada Price"


def test_a_term_needs_a_label(session: Session, cast: Cast, as_: Browser) -> None:
    stage = makers.term(Vocabulary.ADOPTION_STAGE, "STAGE_2")
    page = as_(cast.administrator).post(f"/admin/terms/edit/{stage.id}", data={"label": "  "})
    assert "Enter the label" in page.text


def test_the_audit_log_is_searched_and_tells_no_contents(
    session: Session, cast: Cast, as_: Browser
) -> None:
    stage = makers.term(Vocabulary.ADOPTION_STAGE, "STAGE_3")
    browser = as_(cast.administrator)
    browser.post(f"/admin/terms/edit/{stage.id}", data={"label": "Secret words"})
    page = browser.get("/admin/audit?q=ada")
    assert "term.changed" in page.text
    assert "Secret words" not in page.text
    assert "No events" in browser.get("/admin/audit?q=nobody").text


def test_jobs_show_how_they_stand(session: Session, cast: Cast, as_: Browser) -> None:
    enqueue("notifications.send")
    browser = as_(cast.administrator)
    assert "Queued" in browser.get("/admin/jobs").text
    assert browser.get("/admin").status_code == 200


def test_everybody_else_is_refused(session: Session, cast: Cast, as_: Browser) -> None:
    for name in ("innovator", "ics", "hin", "national"):
        assert as_(getattr(cast, name)).get("/admin/audit").status_code == 403
