"""Real-world validations: from plan to result, who may read them, and what they count for."""

from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.audit.models import AuditEvent
from portal.errors import Conflict, Forbidden, Invalid, NotFound
from portal.innovations.models import Innovation, Sharing
from portal.proof import queries as proof_queries
from portal.proof.models import Validation, ValidationState
from portal.proof.services import validations
from portal.reference.models import Vocabulary
from portal.reference.queries import today
from portal.reference.rules import Quarter
from portal.support.models import Engagement
from portal.support.queries.figure_rows import rows_behind
from portal.support.queries.figures import live_figures
from portal.support.rules.figures import Measure
from tests import makers
from tests.cast import Cast
from tests.support.conftest import inbox

RESULT = {"is_positive": True, "result": "A third fewer falls.", "numbers": "12 a month, then 8"}


@pytest.fixture
def planned(record: Innovation, engaging: Engagement, cast: Cast) -> Validation:
    """West Midlands plans to try it in a care home."""
    return validations.add_validation(
        innovation=record, by=cast.hin.actor, question="Do falls go down?", site="A home"
    )


@pytest.fixture
def running(planned: Validation, cast: Cast) -> Validation:
    """It began a month ago."""
    return validations.start(
        validation=planned, version=1, on=today() - timedelta(days=30), by=cast.hin.actor
    )


def _complete(row: Validation, cast: Cast, **values: Any) -> Validation:
    told = {"version": row.version, "on": today(), "by": cast.hin.actor, **RESULT, **values}
    return validations.complete(validation=row, **told)


def test_each_step_is_dated_audited_and_told(
    running: Validation, cast: Cast, session: Session
) -> None:
    _complete(running, cast)
    assert [change.state.value for change in running.changes] == ["planned", "running", "completed"]
    assert all(change.by_id == cast.hin.user.id for change in running.changes)
    actions = session.scalars(
        select(AuditEvent.action)
        .where(AuditEvent.action.startswith("validation."))
        .order_by(AuditEvent.id)
    ).all()
    assert actions == ["validation.added", "validation.running", "validation.completed"]
    told = [subject for subject in inbox(session, cast.innovator.user) if "validation" in subject]
    assert len(told) == 3
    assert told[-1].startswith("A real-world validation is completed")


def test_it_is_stopped_only_with_why_and_the_innovator_reads_it(
    running: Validation, cast: Cast, session: Session, as_
) -> None:
    told = {"validation": running, "version": running.version, "on": today(), "by": cast.hin.actor}
    with pytest.raises(Invalid, match="Enter why"):
        validations.stop(why="", **told)
    validations.stop(why="The home closed.", **told)
    assert running.state is ValidationState.STOPPED
    url = f"/innovations/{running.innovation_id}/support/validations/{running.id}"
    assert "The home closed." in as_(cast.innovator).get(url).text
    assert any("was stopped" in subject for subject in inbox(session, cast.innovator.user))


def test_steps_follow_in_their_order(planned: Validation, cast: Cast) -> None:
    with pytest.raises(Conflict, match="is planned"):
        _complete(planned, cast)
    with pytest.raises(Invalid, match="today or in the past"):
        validations.start(
            validation=planned, version=1, on=today() + timedelta(days=1), by=cast.hin.actor
        )


def test_the_second_of_two_people_is_told(running: Validation, cast: Cast) -> None:
    with pytest.raises(Conflict, match="while you were typing"):
        _complete(running, cast, version=1)
    with pytest.raises(Forbidden):
        _complete(running, cast, by=cast.other_hin.actor)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"is_positive": None}, "supports the claim"),
        ({"result": ""}, "Enter the result"),
        ({"on": date(2020, 1, 1)}, "on or after the start"),
    ],
)
def test_a_completed_one_needs_its_result(
    running: Validation, cast: Cast, values: dict[str, Any], words: str
) -> None:
    with pytest.raises(Invalid, match=words):
        _complete(running, cast, **values)


def test_only_kinds_of_support_are_kinds(planned: Validation, cast: Cast) -> None:
    wrong = makers.term(Vocabulary.CARE_SETTING, "ACADEMIA").id
    with pytest.raises(NotFound):
        validations.edit_plan(
            validation=planned, version=planned.version, kinds=[wrong], by=cast.hin.actor
        )


def test_from_plan_to_result_on_its_pages(
    as_, record: Innovation, engaging: Engagement, cast: Cast, session: Session
) -> None:
    browser = as_(cast.hin)
    base = f"/innovations/{record.id}/support/validations"
    kind = makers.term(Vocabulary.SUPPORT_KIND, "EVIDENCE")
    plan = {"version": "0", "question": "Do falls go down?", "site": "A home", "kinds": kind.id}
    page = browser.post(f"{base}/add", data=plan, follow_redirects=True)
    assert "The validation is planned" in page.text
    row = proof_queries.validations(record.id)[0]
    day = {f"from_on-{part}": getattr(today(), part) for part in ("day", "month", "year")}
    page = browser.post(f"{base}/{row.id}/start", data={"version": row.version, **day})
    assert page.status_code == 302
    session.expire_all()
    end = {f"to_on-{part}": getattr(today(), part) for part in ("day", "month", "year")}
    done = {"version": row.version, "result": "A third fewer.", **end}
    page = browser.post(f"{base}/{row.id}/complete", data=done)
    assert "Select whether the result supports the claim" in page.text
    done |= {"is_positive": "yes", "people": "1,200", "file": (BytesIO(b"Report"), "report.txt")}
    page = browser.post(f"{base}/{row.id}/complete", data=done, follow_redirects=True)
    for words in ("A third fewer.", "counts towards proven", "1,200", "report.txt", kind.label):
        assert words in page.text
    assert browser.get(f"{base}/{row.id}/report").data == b"Report"
    done |= {"file": (BytesIO(b"Report"), "report.txt")}
    assert browser.post(f"{base}/{row.id}/complete", data=done).status_code == 409


def test_a_new_report_takes_the_place_of_the_old(running: Validation, cast: Cast) -> None:
    _complete(running, cast, file=(BytesIO(b"First"), "first.txt"))
    _complete(running, cast, file=(BytesIO(b"Second"), "second.txt"))
    assert running.report is not None
    assert running.report.name == "second.txt"


def test_ics_staff_read_a_published_result_and_nothing_else(
    as_, running: Validation, record: Innovation, cast: Cast, session: Session
) -> None:
    record.sharing = Sharing.HINS_AND_ICSS
    session.flush()
    _complete(running, cast)
    url = f"/innovations/{record.id}/support/validations/{running.id}"
    assert as_(cast.ics).get(url).status_code == 403
    assert as_(cast.other_hin).get(url).status_code == 200
    _complete(running, cast, is_published=True)
    page = as_(cast.ics).get(url)
    assert "A third fewer falls." in page.text
    assert "Hana West" not in page.text
    assert as_(cast.other_innovator).get(url).status_code == 404


def test_another_hin_or_record_does_not_change_a_validation(
    as_, planned: Validation, cast: Cast
) -> None:
    url = f"/innovations/{planned.innovation_id}/support/validations/{planned.id}"
    assert as_(cast.other_hin).get(f"{url}/edit").status_code == 403
    assert as_(cast.innovator).get(f"{url}/edit").status_code == 403
    other = makers.innovation("Another", of=cast.innovator)
    elsewhere = f"/innovations/{other.id}/support/validations/{planned.id}"
    assert as_(cast.hin).get(elsewhere).status_code == 404


def test_the_figures_count_them_by_setting_and_by_kind_of_support(
    record: Innovation, engaging: Engagement, cast: Cast
) -> None:
    setting = makers.term(Vocabulary.CARE_SETTING, "ACADEMIA")
    kinds = [makers.term(Vocabulary.SUPPORT_KIND, code) for code in ("EVIDENCE", "SIGNPOSTING")]
    told = {"question": "?", "from_on": date(2026, 5, 1), "state": ValidationState.RUNNING}
    for given in ([kind.id for kind in kinds], [kinds[0].id], []):
        validations.add_validation(
            innovation=record,
            by=cast.hin.actor,
            kinds=given,
            care_setting_id=setting.id if given else None,
            **told,
        )
    quarter = Quarter(date(2026, 4, 1))
    found = {
        (f.measure, f.group): f.value for f in live_figures(quarter, today()) if f.hin_id is None
    }
    by_kind = {group: v for (m, group), v in found.items() if m is Measure.VALIDATIONS_BY_SUPPORT}
    assert by_kind == {"EVIDENCE": 2, "SIGNPOSTING": 1, "no kind": 1}
    assert found[Measure.VALIDATIONS, "ACADEMIA"] == 2
    for group, value in by_kind.items():
        measure = Measure.VALIDATIONS_BY_SUPPORT
        _, rows = rows_behind(measure, quarter, None, group, None, today())
        assert len(rows) == value
