"""An administrator looks after vocabularies and sees what was done and what is being done."""

import re
from collections.abc import Callable
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.accounts.services.organisations import edit_organisation
from portal.admin import rules
from portal.admin.queries.sizes import LARGEST, sizes
from portal.admin.rules import JOBS
from portal.audit.models import AuditEvent
from portal.clock import today
from portal.db import Base
from portal.imports.serialise.innovations import Codes, checked
from portal.innovations.models import Section, Sharing
from portal.jobs import TASKS, JobState, enqueue
from portal.reference import services as reference
from portal.reference.models import Term, Vocabulary
from portal.reference.queries import hin_name_on, terms
from portal.web.paging import PER_PAGE
from tests import makers
from tests.cast import Cast, Person
from tests.imports.test_innovations import ROW
from tests.pages import PageClient

Browser = Callable[[Person], PageClient]


def test_an_adoption_stage_can_be_renamed_and_stays_so(
    session: Session, cast: Cast, as_: Browser
) -> None:
    stage = makers.term(Vocabulary.ADOPTION_STAGE, "STAGE_2")
    page = as_(cast.administrator).post(
        f"/admin/terms/edit/{stage.id}",
        data={"label": "Deciding", "definition": "They weigh it up.", "version": stage.version},
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


def test_two_tabs_change_no_term_unseen(session: Session, cast: Cast, as_: Browser) -> None:
    stage = makers.term(Vocabulary.ADOPTION_STAGE, "STAGE_2")
    browser, page, seen = as_(cast.administrator), f"/admin/terms/edit/{stage.id}", stage.version
    browser.post(page, data={"label": "Deciding", "definition": "", "version": seen})
    for late in ({"version": seen}, {}):
        words = {"label": "Weighing up", "definition": "With the board", **late}
        answer = browser.post(page, data=words)
        assert answer.status_code == 409
        assert 'value="Weighing up"' in answer.text
        assert "With the board" in answer.text
    session.refresh(stage)
    assert stage.label == "Deciding"


def test_the_audit_log_is_searched_and_tells_no_contents(
    session: Session, cast: Cast, as_: Browser
) -> None:
    stage = makers.term(Vocabulary.ADOPTION_STAGE, "STAGE_3")
    browser = as_(cast.administrator)
    browser.post(
        f"/admin/terms/edit/{stage.id}",
        data={"label": stage.label, "definition": "Secret words", "version": stage.version},
    )
    page = browser.get("/admin/audit?q=ada")
    assert "Vocabulary: changed" in page.text
    assert "Secret words" not in page.text
    assert "No events" in browser.get("/admin/audit?q=nobody").text


def test_jobs_show_how_they_stand(session: Session, cast: Cast, as_: Browser) -> None:
    enqueue("notifications.send")
    browser = as_(cast.administrator)
    assert "Queued" in browser.get("/admin/jobs").text
    assert browser.get("/admin").status_code == 200


def test_the_sizes_of_tables_are_shown_largest_first(
    session: Session, cast: Cast, as_: Browser
) -> None:
    browser = as_(cast.administrator)
    assert "/admin/jobs/sizes" in browser.get("/admin/jobs").text
    page = browser.get("/admin/jobs/sizes").text
    found = sizes()
    assert found
    assert len(found.largest) == LARGEST < found.tables
    assert [one.bytes for one in found.largest] == sorted(
        (one.bytes for one in found.largest), reverse=True
    )
    assert sum(one.bytes for one in found.largest) <= found.bytes
    terms = next(one for one in found.largest if one.name == "term")
    assert terms.rows == session.scalar(select(func.count(Term.id)))
    assert re.search(rf">term<.*?{terms.rows:,}", page.replace("\n", " "))


def test_the_audit_log_is_in_words_with_links_filters_and_a_file(
    session: Session, cast: Cast, as_: Browser
) -> None:
    """A record that the administrator may not see has its number alone."""
    stage = makers.term(Vocabulary.ADOPTION_STAGE, "STAGE_3")
    hidden = makers.innovation("Hidden Name", of=cast.innovator)
    public = makers.innovation("Open Name", of=cast.innovator, sharing=Sharing.PUBLIC)
    browser = as_(cast.administrator)
    data = {"label": "Deciding", "version": stage.version}
    browser.post(f"/admin/terms/edit/{stage.id}", data=data)
    page = browser.get("/admin/audit").text
    assert f'<a href="/admin/terms/edit/{stage.id}">Deciding</a>' in page
    assert f'<a href="/innovations/{public.id}">Open Name</a>' in page
    assert f"Innovation {hidden.id}" in page
    assert "Hidden Name" not in page
    assert "Support: opened" in page
    narrow = browser.get("/admin/audit?record=term&when=day").text
    assert "Deciding" in narrow
    assert "Open Name" not in narrow
    lines = browser.get("/admin/audit/download.csv?record=term").text.splitlines()
    assert len(lines) == 2
    assert "Vocabulary: changed,Deciding" in lines[1]
    assert "Hidden Name" not in browser.get("/admin/audit/download.csv").text
    assert "Support: level set" not in browser.get("/admin/audit?q=nothing+like+it").text


def test_a_job_that_failed_is_tried_again_once(session: Session, cast: Cast, as_: Browser) -> None:
    job = enqueue("notifications.send")
    job.state, job.attempts, job.message = JobState.FAILED, 3, "SMTPException: no answer"
    waiting = enqueue("search.apply")
    session.commit()
    browser = as_(cast.administrator)
    page = browser.get("/admin/jobs?state=failed").text
    assert "Send emails" in page
    assert "SMTPException: no answer" in page
    assert '<div class="app-listing">' in page, (
        "on a phone a job is a line or two, not a line a cell"
    )
    assert "Bring the search index up to date</" not in page.partition("<table")[2]
    again = browser.post(f"/admin/jobs/{job.id}/retry", follow_redirects=True)
    assert "waits to be done once more" in again.text
    session.refresh(job)
    assert (job.state, job.attempts) == (JobState.QUEUED, 0)
    assert browser.post(f"/admin/jobs/{job.id}/retry").status_code == 409
    assert browser.post(f"/admin/jobs/{waiting.id}/retry").status_code == 409
    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "job.retried")).one()
    assert event.actor_name == "Ada Price"
    assert "Send emails" in browser.get("/admin/jobs/download.csv").text


def test_every_kind_of_job_has_words() -> None:
    assert set(JOBS) == {kind for kind in TASKS if kind.partition(".")[0] != "test"}


def test_everybody_else_is_refused(session: Session, cast: Cast, as_: Browser) -> None:
    for name in ("innovator", "ics", "hin", "national"):
        assert as_(getattr(cast, name)).get("/admin/audit").status_code == 403


def test_a_term_is_added_moved_retired_and_loading_leaves_it_so(
    session: Session, cast: Cast, as_: Browser
) -> None:
    browser, url = as_(cast.administrator), "/admin/terms/care_setting"
    before = [term.code for term in terms(Vocabulary.CARE_SETTING)]
    added = {"label": "Hospital at home", "definition": "", "group": ""}
    assert browser.post(f"{url}/add", data=added).status_code == 302
    term = makers.term(Vocabulary.CARE_SETTING, "HOSPITAL_AT_HOME")
    browser.post(f"/admin/terms/edit/{term.id}/up")
    gone = makers.term(Vocabulary.CARE_SETTING, before[0])
    browser.post(f"/admin/terms/edit/{gone.id}/retire")
    reference.load()
    session.expire_all()
    expected = [*before[1:-1], "HOSPITAL_AT_HOME", before[-1]]
    assert [one.code for one in terms(Vocabulary.CARE_SETTING)] == expected
    browser.post(f"/admin/terms/edit/{gone.id}/bring-back")
    session.expire_all()
    assert gone.code in {one.code for one in terms(Vocabulary.CARE_SETTING)}


def test_a_long_list_of_terms_is_in_pages_and_keeps_its_place(
    session: Session, cast: Cast, as_: Browser
) -> None:
    browser, url = as_(cast.administrator), "/admin/terms/condition"
    found = terms(Vocabulary.CONDITION)
    first, second = found[0], found[PER_PAGE]
    page = browser.get(url).text
    assert f"Showing 1 to {PER_PAGE} of {len(found)} terms" in page
    assert f'id="term-{first.id}"' in page
    assert f'id="term-{second.id}"' not in page
    for what, number in (("retire", "?page=2"), ("bring-back", "?page=2"), ("up", "")):
        sent = browser.post(f"/admin/terms/edit/{second.id}/{what}")
        assert sent.headers["Location"] == f"{url}{number}#term-{second.id}"


def test_a_term_is_found_by_words_and_nothing_moves_among_what_was_found(
    session: Session, cast: Cast, as_: Browser
) -> None:
    last = terms(Vocabulary.CONDITION)[-1]
    page = as_(cast.administrator).get("/admin/terms/condition", query_string={"q": last.code}).text
    assert f'id="term-{last.id}"' in page
    assert "Retire" in page
    assert "Move up" not in page


def test_two_terms_of_a_list_are_never_called_alike(
    session: Session, cast: Cast, as_: Browser
) -> None:
    browser = as_(cast.administrator)
    one, other = terms(Vocabulary.CARE_SETTING)[:2]
    twin = {"label": one.label.upper() + " ", "definition": "", "group": ""}
    problem = "Enter a label that no other term of this list has"
    assert problem in browser.post("/admin/terms/care_setting/add", data=twin).text
    twin["version"] = other.version
    assert problem in browser.post(f"/admin/terms/edit/{other.id}", data=twin).text


def test_lists_whose_order_means_something_are_only_renamed(
    session: Session, cast: Cast, as_: Browser
) -> None:
    browser = as_(cast.administrator)
    level = terms(Vocabulary.SUPPORT_LEVEL)[1]
    for what in ("retire", "bring-back", "up"):
        assert browser.post(f"/admin/terms/edit/{level.id}/{what}").status_code == 409
    assert "Add a term" not in browser.get("/admin/terms/support_level").text


def test_a_file_may_say_any_label_that_a_term_ever_had(
    session: Session, cast: Cast, as_: Browser
) -> None:
    browser = as_(cast.administrator)
    term = makers.term(Vocabulary.CATEGORY, "DIGITAL")
    first = term.label
    for label in ("Digital product", "Software"):
        data = {"label": label, "definition": "", "version": term.version}
        browser.post(f"/admin/terms/edit/{term.id}", data=data)
        session.refresh(term)
    session.expire_all()
    for said in (first, "digital  product", "Software", "digital"):
        row, wrong = checked(1, {**ROW, "category": said}, Codes())
        assert wrong == []
        assert row is not None
        assert row.answers[Section.ABOUT]["category"] == "DIGITAL"


def test_a_renamed_hin_has_one_name_everywhere_and_its_old_one_before(
    session: Session, cast: Cast
) -> None:
    organisation, old = cast.hin.organisation, cast.hin.organisation.name
    edit_organisation(
        organisation=organisation,
        version=organisation.version,
        by=cast.hin.actor,
        name="Innovation West Midlands",
    )
    hin = organisation.hin
    assert hin is not None
    assert hin.name == organisation.name == "Innovation West Midlands"
    assert hin_name_on(hin, today()) == "Innovation West Midlands"
    assert hin_name_on(hin, today() - timedelta(days=1)) == old
    assert hin_name_on(hin, date(2020, 1, 1)) != old
    reference.load()
    session.refresh(hin)
    assert hin.name == "Innovation West Midlands"


def test_what_the_audit_log_tells_of_is_in_words(session: Session, cast: Cast) -> None:
    """Whatever a room notes: its table is the noun. A row that is alone has no number."""
    for noun in {*Base.metadata.tables, "capacity", "figures", "match", "proven", "template"}:
        said = rules.action_words(f"{noun}.changed_by_hin")
        assert said.endswith(": changed by HIN"), said
        assert not re.search(r"_|\b(Hin|Ics|hin|ics)\b", said), said
    assert rules.noun_words("hin_enquiry") == "Question to a HIN"
    assert rules.action_words("introduction.declined_by_hin") == "Introduction: declined by the HIN"
    assert rules.subject_words("retention", 0) == "How long things are kept"
    assert rules.subject_words("engagement", 12) == "Support 12"
