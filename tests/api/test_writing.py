"""What programs write: interactions and stages, as their person would, and the trail says by which
token."""

import pytest
from sqlalchemy import select

from portal.accounts.models.tokens import ApiToken, TokenScope
from portal.audit.models import AuditEvent
from portal.clock import today
from portal.innovations.models import Innovation, RecordStatus, Section, Sharing
from portal.innovations.sections.answers import version_of
from portal.innovations.services.drafts import save_draft
from portal.support.models import Interaction
from tests import makers


@pytest.fixture
def record(cast, session):
    row = makers.innovation("Breath counter", of=cast.innovator, sharing=Sharing.PUBLIC)
    session.commit()
    return row


def call(record, **changes):
    return {
        "innovations": [record.id],
        "kind": "call",
        "on": today().isoformat(),
        "minutes": 45,
        "support_kinds": ["EVIDENCE"],
        "note": "Spoke about\nevidence",
        "organisations": ["Northgate Devices"],
        **changes,
    }


def test_an_interaction_is_logged_as_on_its_page(by, cast, record, session):
    program = by(cast.hin, TokenScope.INTERACTIONS, TokenScope.READ)
    answer = program.ask("/interactions", "POST", json=call(record))
    assert answer.status_code == 201, answer.text
    [row] = answer.get_json()["items"]
    assert (row["minutes"], row["logged_by"], row["is_private"]) == (45, "Hana West", True)
    assert row["note"] == "Spoke about\nevidence"
    assert row in program.every("/interactions")
    token = session.scalars(select(ApiToken)).one()
    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "interaction.logged"))
    assert event.one().actor_name == f"Hana West (API token {token.id})"


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"minutes": 50}, 422, "minutes"),
        ({"minutes": "45"}, 422, "minutes"),
        ({"on": "2999-01-01"}, 422, "on"),
        ({"support_kinds": ["NOTHING"]}, 422, "support_kinds"),
        ({"innovations": [2**31 - 1]}, 422, "innovations"),
        ({"next_on": "2026-12-01"}, 422, "next_step"),
        ({"note": "a\x00b"}, 422, "note"),
        ({"more": 1}, 422, "more"),
    ],
)
def test_what_its_page_refuses_is_refused(by, cast, record, session, changes, code, field):
    program = by(cast.hin, TokenScope.INTERACTIONS)
    answer = program.ask("/interactions", "POST", json=call(record, **changes))
    assert (answer.status_code, list(answer.get_json()["errors"])) == (code, [field]), answer.text
    assert session.scalars(select(Interaction)).all() == []


def test_only_a_network_that_supports_it_logs_and_only_by_a_token_for_that(by, cast, record):
    both = (TokenScope.INTERACTIONS, TokenScope.STAGES)
    answers = [
        by(who, *scopes).ask("/interactions", "POST", json=call(record)).status_code
        for who, scopes in (
            (cast.other_hin, both),
            (cast.innovator, both),
            (cast.national, both),
            (cast.hin, (TokenScope.READ, TokenScope.STAGES)),
        )
    ]
    assert answers == [422, 403, 403, 403]


def test_a_token_that_may_only_write_reads_nothing(by, cast, record):
    program = by(cast.hin, TokenScope.INTERACTIONS)
    for path in ("/records", f"/innovations/{record.id}", "/challenges", "/changes"):
        assert program.ask(path).status_code == 403


def test_what_is_sent_twice_under_one_key_is_logged_once(by, cast, record, session):
    program = by(cast.hin, TokenScope.INTERACTIONS)
    key = {"Idempotency-Key": "6f1a"}
    answers = [
        program.ask("/interactions", "POST", json=call(record), headers=key) for _ in range(2)
    ]
    assert [one.status_code for one in answers] == [201, 201]
    assert answers[0].get_json() == answers[1].get_json()
    other = program.ask("/interactions", "POST", json=call(record, minutes=30), headers=key)
    assert other.status_code == 409
    refused = {"Idempotency-Key": "refused"}
    wrong = call(record, minutes=30, on="2999-01-01")
    assert program.ask("/interactions", "POST", json=wrong, headers=refused).status_code == 422
    right = call(record, minutes=30)
    assert program.ask("/interactions", "POST", json=right, headers=refused).status_code == 201
    assert len(session.scalars(select(Interaction)).all()) == 2
    assert (
        by(cast.hin, TokenScope.INTERACTIONS)
        .ask("/interactions", "POST", json=call(record), headers=key)
        .status_code
        == 201
    ), "a key is its token's own"


def stage(program, record, code="PILOT"):
    path = f"/innovations/{record.id}/stage"
    return program.ask(path, "PUT", json={"stage": code})


def other_stage(session):
    from portal.reference.models import Vocabulary
    from portal.reference.queries import terms

    return next(t.code for t in terms(Vocabulary.DEVELOPMENT_STAGE) if t.code != "READY")


def test_the_stage_changes_with_its_history(by, cast, record, session):
    code = other_stage(session)
    answer = stage(by(cast.innovator, TokenScope.STAGES), record, code)
    assert answer.status_code == 200, answer.text
    assert answer.get_json()["stage"]["code"] == code
    session.expire_all()
    row = session.get(Innovation, record.id)
    assert row.stage.code == code
    assert row.name == "Breath counter"
    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "innovation.updated"))
    assert "(API token " in event.one().actor_name


def test_who_may_not_edit_it_changes_no_stage(by, cast, record, session):
    code = other_stage(session)
    codes = [
        stage(by(who, TokenScope.STAGES), record, code).status_code
        for who in (cast.other_innovator, cast.hin, cast.ics)
    ]
    assert codes == [403, 403, 403]
    hidden = makers.innovation("Hidden", of=cast.innovator)
    session.commit()
    assert stage(by(cast.ics, TokenScope.STAGES), hidden, code).status_code == 404


def test_a_draft_that_somebody_writes_is_left_alone(by, cast, record, session):
    code = other_stage(session)
    save_draft(
        innovation=record,
        section=Section.ABOUT,
        answers={"summary": "Half written"},
        version=version_of(record, Section.ABOUT),
        by=cast.innovator.actor,
    )
    draft = makers.innovation("Drafted", of=cast.innovator, status=RecordStatus.DRAFT)
    session.commit()
    program = by(cast.innovator, TokenScope.STAGES)
    assert stage(program, record, code).status_code == 409
    assert stage(program, draft, code).status_code == 409
    assert stage(program, record, "NOWHERE").status_code == 422
