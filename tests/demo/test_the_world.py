"""The demonstration: complete, believable, the same every time, and never in production."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.accounts.models import Membership, Organisation, OrganisationKind, Role, User
from portal.accounts.policy import can_sign_in
from portal.answers.models import Answer, AnswerState
from portal.audit.models import AuditEvent
from portal.challenges.models import Call, CallResult, Challenge, ChallengeState, Readers
from portal.challenges.rules.calls import Phase, phase
from portal.clock import now, today
from portal.db import Base, db
from portal.demo.services import PASSWORD, SIGN_INS, load
from portal.desk.models import Capacity
from portal.figures.rules import Period, sets
from portal.innovations.models import Innovation, RecordStatus, Sharing, StageChange, StatusChange
from portal.innovations.policy import is_proven
from portal.innovations.sections.answers import submitted_answers
from portal.innovations.sections.questions import PARTS
from portal.jobs import Job
from portal.notifications.models import Email, Notification
from portal.proof.models import ValidationState
from portal.proof.queries import facts, validations, verifications
from portal.proof.rules.proven import missing, proven_findings
from portal.reference.models import Site, SiteKind, Vocabulary
from portal.reference.queries import terms
from portal.reference.rules import Quarter
from portal.support.models import (
    BudgetAsk,
    Engagement,
    EngagementState,
    Exemption,
    LevelChange,
    Proposal,
    ProposalKind,
    ProposalState,
)
from portal.support.rules import LIVE
from tests.conftest import make_app
from tests.demo.conftest import loaded
from tests.demonstration import demonstration, shared_folder
from tests.examples import ON_POSTGRESQL
from tests.postgres import fresh_database
from tests.tables import fill

CHANCE = {"fs_uniquifier", "key_hash", "mark", "password", "salt", "stored", "words_hash"}
"""Columns that are random on purpose."""
WHEN_WRITTEN = {("api_change", "at")}
"""Moments of the load itself: programs must hear of the past, too, when it is written."""
BY_JOBS = {"job", "index_change", "match_run", "similar_challenge", "suggestion", "figure_change"}
"""Tables that jobs write, after the load; the last says of every table, theirs too, that it was
written to."""


@pytest.fixture
def session(world: Flask) -> Iterator[Session]:
    """A session on the world."""
    with world.app_context():
        yield db.session


def counts(session: Session) -> dict[str, int]:
    return {
        table.name: session.scalar(select(func.count()).select_from(table)) or 0
        for table in Base.metadata.sorted_tables
    }


def contents() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table but what is random, in an order of their own."""
    return {
        table.name: sorted(
            (
                tuple(
                    str(value)
                    for column, value in zip(table.columns, row, strict=True)
                    if column.name not in CHANCE and (table.name, column.name) not in WHEN_WRITTEN
                )
                for row in db.session.execute(select(table))
            ),
        )
        for table in Base.metadata.sorted_tables
        if table.name not in BY_JOBS
    }


def test_loading_again_finds_the_world_and_changes_nothing(session: Session) -> None:
    before = counts(session)
    assert load() is False
    assert counts(session) == before


@pytest.mark.skipif(
    not ON_POSTGRESQL, reason="where rows have no order of their own, chance shows: on PostgreSQL"
)
def test_two_loads_make_the_same_world(
    request: pytest.FixtureRequest,
    database_url: str,
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
    world: Flask,
) -> None:
    """The one that is kept, as a copy into which nobody has signed in, and one loaded now."""
    shared = shared_folder(request.config, tmp_path_factory)
    kept, anew = tmp_path / "kept", tmp_path / "anew"
    anew.mkdir()
    with demonstration(shared, database_url, kept, "filled") as app, app.app_context():
        first = contents()
    for other in loaded(database_url, anew):
        with other.app_context():
            second = contents()
    assert {name for name in first if first[name] != second[name]} == set()


def test_a_load_that_fails_leaves_nothing(database_url: str, tmp_path: Path) -> None:
    def fail(done: int, total: int) -> None:
        if done == 3:
            raise KeyboardInterrupt

    with fresh_database(database_url, tmp_path / "broken.db") as url:
        app = make_app(url, tmp_path, DEMO=True)
        with app.app_context():
            fill()
            before = counts(db.session)
            with pytest.raises(KeyboardInterrupt):
                load(fail)
            assert counts(db.session) == before
            db.session.commit()
            db.engine.dispose()


def test_everything_is_marked_as_demonstration_data(session: Session) -> None:
    for model in (User, Organisation, Innovation, Challenge):
        assert session.scalars(select(model.id).where(model.is_demo.is_(False))).all() == []


def test_no_two_trusts_or_networks_of_practices_have_one_name(session: Session) -> None:
    for kind in (SiteKind.TRUST, SiteKind.PCN):
        names = session.scalars(select(Site.name).where(Site.kind == kind)).all()
        assert len(names) == len(set(names))


def test_the_makers_all_hins_and_todays_icss_are_there(session: Session) -> None:
    kinds = dict(
        session.execute(select(Organisation.kind, func.count()).group_by(Organisation.kind)).all()
    )
    assert kinds[OrganisationKind.HIN] == 15
    assert kinds[OrganisationKind.ICS] == 36
    assert kinds[OrganisationKind.COMPANY] > 70
    owners = session.scalars(select(Innovation.owner_id)).all()
    assert None not in owners


def test_every_role_has_people_and_leads(session: Session) -> None:
    leads = dict(
        session.execute(
            select(Membership.role, func.count())
            .where(Membership.is_lead)
            .group_by(Membership.role)
        ).all()
    )
    assert set(leads) == set(Role)
    assert leads[Role.HIN] == 15


def test_every_engagement_state_and_level_is_there(session: Session) -> None:
    assert set(session.scalars(select(Engagement.state))) == set(EngagementState)
    assert set(session.scalars(select(Engagement.level))) == {None, 1, 2, 3, 4}
    moves = select(func.count(LevelChange.id)).group_by(LevelChange.engagement_id)
    assert max(session.scalars(moves)) > 1
    several = select(func.count(Engagement.id)).group_by(Engagement.innovation_id)
    assert max(session.scalars(several)) >= 3


def test_some_triage_is_overdue_and_some_is_not(session: Session) -> None:
    waiting = select(Engagement.due_on).where(
        Engagement.state.in_([EngagementState.NEW, EngagementState.ASSESSING])
    )
    days = [day for day in session.scalars(waiting) if day is not None]
    assert min(days) < today() <= max(days)


def test_every_stage_sharing_and_life_is_there(session: Session) -> None:
    stages = {term.id for term in terms(Vocabulary.DEVELOPMENT_STAGE)}
    assert set(session.scalars(select(StageChange.stage_id))) == stages
    assert set(session.scalars(select(Innovation.sharing))) == set(Sharing)
    assert set(session.scalars(select(Innovation.status))) == set(RecordStatus)
    archived = session.scalars(
        select(StatusChange.why).where(StatusChange.status == RecordStatus.ARCHIVED)
    )
    assert all(archived.all())


def test_the_newest_stage_is_that_of_the_record(session: Session) -> None:
    for innovation in session.scalars(
        select(Innovation).where(Innovation.status != RecordStatus.DRAFT)
    ):
        newest = session.scalars(
            select(StageChange)
            .where(StageChange.innovation_id == innovation.id)
            .order_by(StageChange.at.desc())
            .limit(1)
        ).one()
        assert newest.stage_id == innovation.stage_id


def test_nothing_is_proven_that_does_not_meet_the_rules(session: Session) -> None:
    found = session.scalars(select(Innovation).where(Innovation.is_proven_until.is_not(None)))
    proven = found.all()
    assert len(proven) == 87
    for innovation in proven:
        assert is_proven(innovation, today())
        assert missing(proven_findings(facts(innovation, today()))) == [], innovation.name
        [status] = verifications(innovation.id)
        assert all(finding["is_met"] for finding in status.findings)
        assert status.verified_at < now()


def test_validations_run_and_end(session: Session) -> None:
    states = {
        validation.state
        for innovation_id in session.scalars(select(Innovation.id))
        for validation in validations(innovation_id)
    }
    assert {ValidationState.RUNNING, ValidationState.COMPLETED} <= states


def test_challenges_are_open_closed_and_drafted_for_every_readership(session: Session) -> None:
    states = dict(
        session.execute(select(Challenge.state, func.count()).group_by(Challenge.state)).all()
    )
    assert states[ChallengeState.OPEN] + states[ChallengeState.CLOSED] == 44
    assert states[ChallengeState.CLOSED] >= 5
    assert states[ChallengeState.DRAFT] >= 2
    assert set(session.scalars(select(Challenge.readers))) == set(Readers)
    year = now() - timedelta(days=375)
    assert all(at is None or at > year for at in session.scalars(select(Challenge.opened_at)))


def test_nothing_happened_today_or_more_than_two_years_and_a_month_ago(session: Session) -> None:
    first, last = session.execute(select(func.min(AuditEvent.at), func.max(AuditEvent.at))).one()
    assert first > now() - timedelta(days=770)
    assert last < now()
    for model in (StageChange, StatusChange, LevelChange):
        assert session.scalar(select(func.max(model.at))) <= last


def test_every_decision_is_on_the_audit_trail_with_who_made_it(session: Session) -> None:
    for engagement in session.scalars(
        select(Engagement).where(Engagement.state.in_(sorted(LIVE - {EngagementState.NEW})))
    ):
        event = session.scalars(
            select(AuditEvent)
            .where(
                AuditEvent.noun == "innovation",
                AuditEvent.noun_id == engagement.innovation_id,
                AuditEvent.action == "engagement.assessing",
            )
            .limit(1)
        ).one()
        assert event.actor_id is not None
        assert event.organisation_id is not None


def test_people_have_messages_and_no_email_waits(session: Session) -> None:
    assert session.scalars(select(Email.id)).all() == []
    assert session.scalars(select(Job.id).where(Job.kind == "notifications.send")).all() == []
    unread = select(Notification.user_id).where(Notification.read_at.is_(None))
    users = select(User.id).where(User.email == SIGN_INS["hin"])
    assert set(session.scalars(users)) <= set(session.scalars(unread))
    assert session.scalars(select(Notification.id).where(Notification.read_at.is_not(None))).first()


def test_demo_sign_ins_are_refused_in_production(session: Session) -> None:
    for email in SIGN_INS.values():
        user = session.scalars(select(User).where(User.email == email)).one()
        assert can_sign_in(user, production=False)
        assert not can_sign_in(user, production=True)


@pytest.mark.parametrize(
    ("settings", "words"),
    [({"PRODUCTION": True}, "This is production"), ({"DEMO": False}, "Set DEMO=1")],
)
@pytest.mark.parametrize("command", ["load", "serve"])
def test_the_commands_refuse_production_and_databases_that_are_not_for_a_demo(
    world: Flask,
    monkeypatch: pytest.MonkeyPatch,
    settings: dict[str, bool],
    words: str,
    command: str,
) -> None:
    for name, value in settings.items():
        monkeypatch.setitem(world.config, name, value)
    result = world.test_cli_runner().invoke(args=["demo", command])
    assert result.exit_code == 1
    assert words in result.output


def test_each_sign_in_works_through_the_page(world: Flask) -> None:
    for email in SIGN_INS.values():
        client = world.test_client()
        typed = {"email": email, "password": PASSWORD}
        assert client.post("/account/sign-in", data=typed).status_code == 302
        page = client.get("/account")
        assert page.status_code == 200
        assert "Demonstration data." in page.text


def test_no_table_is_left_without_rows_by_accident(session: Session) -> None:
    """New rooms add tables: whoever adds one decides here whether the demo shows it."""
    empty = {name for name, count in counts(session).items() if not count}
    unused = {
        *("email", "job", "user_session", "invitation", "transfer", "duplicate_decision"),
        *("suggestion", "match_run", "new_match", "index_change", "ics_name"),
        *(
            "introduction_attachment",
            "evidence_file",
            "validation_report",
            "task_file",
            "challenge_file",
            "partnership_review",
        ),  # the demo brings no files of its own
        # Made by a job once the demonstration is served.
        "report_pdf",
        *("visit_salt", "visit_mark", "visit_count", "campaign_guest", "idea_file"),
        # What people leave behind by using the portal, and the job that reminds them.
        *("due_date_reminder", "enquiry_reminder", "figure_freeze", "frozen_figure"),
        *("saved_search", "saved_search_result", "search_mark", "search_click", "search_count"),
        *("search_gap", "match_feedback", "unmet_need", "similar_challenge"),
        # What the pages write while they are used: forms sent and kept, codes, files, questions.
        *("sent_form", "kept_form", "recovery_code", "passkey", "stored_file", "former_label"),
        *("identity", "used_state", "attempt_count", "file_use", "data_copy"),
        # Programs come with tokens that people make, and are told where they ask to be.
        *("api_token", "api_request", "webhook", "webhook_message"),
        "site_file",  # no file of the directory is read: the places are made up
        # A spreadsheet is brought in once the jobs are done.
        *("import", "import_file", "import_row", "import_memory", "directory_file"),
        # Records are compared, and two are made one, once the jobs are done.
        *("duplicate_pair", "duplicate_look", "merge", "moved_row"),
        # Made once the jobs are done, or by who takes data out; ratings are by the rule alone.
        *("export_file", "open_data_file", "rating_override"),
        *(
            "answer_file",
            "answer_reminder",
            "programme_file",
            "report_remark",
        ),  # no file comes with it; a job reminds
        # What jobs write at night, and what administrators set.
        *("audit_seal", "retention_run", "retention_days"),
    }
    missing = empty - unused
    assert not missing, f"write rows of these in portal/demo, or say here why not: {missing}"


UNANSWERED = {
    **dict.fromkeys(("about.website", "costs.patients_a_year"), "no source prints it"),
    "costs.payback_months": "no source prints it",
    **dict.fromkeys(
        ("need.benefits_note", "need.inequalities_note"), "the coded answers are there"
    ),
    "about.postcode": "the ICS is given",
    **dict.fromkeys(
        ("costs.price_note", "plans.commercial_plans"), "in confidence: none is made up"
    ),
    "evidence.files": "the demonstration brings no files of its own",
}
"""Questions that no record of the demonstration answers, and why."""


def test_every_question_of_the_record_is_answered_somewhere(session: Session) -> None:
    open_ones = {
        f"{part.section.value}.{one.name}" for part in PARTS.values() for one in part.questions
    }
    for row in session.scalars(select(Innovation)):
        for part in PARTS.values():
            said = submitted_answers(row, part)
            lines = said["items"] if part.is_list else [said]
            open_ones -= {
                f"{part.section.value}.{name}"
                for line in lines
                for name, answer in line.items()
                if answer not in (None, "", [])
            }
    missing = open_ones - set(UNANSWERED)
    assert not missing, (
        f"answer these in demo/services/answers.py, or say in UNANSWERED here why not: {missing}"
    )
    assert set(UNANSWERED) - open_ones == set()


NOT_COUNTED = {"gateway_visitors": "nobody has visited yet"}
"""Figures that are nought everywhere in the demonstration, and why."""


def test_every_figure_counts_something(session: Session) -> None:
    """One that is declared and that no `count` counts would read 0 for ever."""
    quarters = [Quarter.of(today())]
    while len(quarters) < 9:
        quarters.append(quarters[-1].previous)
    found = {
        value.code
        for one in sets()
        for quarter in quarters
        for value in one.count(Period(quarter, today()))
        if value.value
    }
    missing = {figure.code for one in sets() for figure in one.figures} - found - set(NOT_COUNTED)
    assert not missing, (
        "the room's `count` gives no value of these, or nothing of the demonstration does: see"
        f" NOT_COUNTED here: {missing}"
    )


def test_calls_and_answers_are_there_at_every_phase_and_state(session: Session) -> None:
    calls = session.scalars(select(Call).order_by(Call.id)).all()
    phases = {phase(call, today()) for call in calls}
    assert phases == {Phase.OPEN, Phase.CLOSED, Phase.ENDED}
    left = [(call.closes_on - today()).days for call in calls if phase(call, today()) is Phase.OPEN]
    assert sorted(left) == [2, 20]
    assert {call.result for call in calls} >= {CallResult.TRIAL, CallResult.CANCELLED}
    answers = session.scalars(select(Answer).order_by(Answer.id)).all()
    assert {one.state for one in answers} == set(AnswerState)
    assert all(one.is_demo for one in answers)
    for one in (one for one in answers if one.state is AnswerState.DECLINED):
        assert one.innovation.name in one.decision_words


@pytest.mark.parametrize(
    ("person", "asked"),
    [
        ("innovator", "Finish your answer to “Noticing serious illness in care home residents”"),
        ("ics", "Assess the answers to “Maternity care that is still on paper”"),
        ("ics", "Tell everybody who answered “Preventing brain injury"),
        ("hin", "Pass on an answer to “Where does mental illness go untreated?”, or say why not"),
        ("hin_colleague", "Assess the answers to “Maternity care that is still on paper”"),
        ("fifth_ics", "Answer the questions about the call"),
    ],
)
def test_home_leads_each_to_calls_and_answers(world: Flask, person: str, asked: str) -> None:
    client = world.test_client()
    client.post("/account/sign-in", data={"email": SIGN_INS[person], "password": PASSWORD})
    assert asked in client.get("/home?asks=all").text


def test_every_hin_is_in_touch_with_most_and_late_with_a_few(session: Session) -> None:
    rows = session.execute(
        select(Engagement.due_on).where(Engagement.state == EngagementState.ENGAGING)
    ).all()
    late = [due for (due,) in rows if due is not None and due < today()]
    assert all(due is not None for (due,) in rows)
    assert 0.02 < len(late) / len(rows) < 0.2


def test_networks_arrange_their_work_in_every_way(session: Session) -> None:
    assert set(session.scalars(select(Proposal.state))) == set(ProposalState)
    assert set(session.scalars(select(Proposal.kind))) == set(ProposalKind)
    waits = {one.to_hin.code for one in session.scalars(select(Proposal)) if not one.answered_at}
    assert {"HI-WM", "HI-MAN"} <= waits
    [exemption] = session.scalars(select(Exemption))
    assert exemption.engagement.due_on == exemption.until
    assert len(set(session.scalars(select(Capacity.cases)))) > 3
    asks = session.scalars(select(BudgetAsk).where(BudgetAsk.answered_at.is_(None))).all()
    assert len(asks) >= 2
    assert session.scalars(select(LevelChange.suggested)).all().count(None) == 0
