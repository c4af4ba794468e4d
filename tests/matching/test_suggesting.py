"""Opening or changing a challenge, or an innovation, brings the suggestions up to date."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from portal.challenges.models import ChallengeState
from portal.clock import now, today
from portal.innovations.models import Innovation, RecordStatus, Sharing
from portal.jobs import Job, JobState, run
from portal.matching import indexing, services, tasks
from portal.matching.engine import ENGINE_VERSION
from portal.matching.models import MatchRun, Readership, Suggestion
from portal.reference.models import Vocabulary
from portal.reference.queries import terms
from tests import makers
from tests.matching.world import innovation, matched


def names(session, challenge, whom=Readership.ICS):
    return session.scalars(
        select(Innovation.name)
        .join(Suggestion, Suggestion.innovation_id == Innovation.id)
        .where(Suggestion.challenge_id == challenge.id, Suggestion.readership == whom)
        .order_by(Suggestion.rank, Innovation.name)
    ).all()


def kinds(session):
    queued = (Job.state == JobState.QUEUED) & Job.kind.startswith("matching.")
    return sorted(session.scalars(select(Job.kind).where(queued)))


def test_an_open_challenge_is_matched_with_reasons_version_and_time(cast, session):
    innovation(cast, "HeartLine")
    fits = innovation(cast, "SteadyHome")
    challenge = makers.challenge(of=cast.ics)
    matched(session)
    best = session.scalars(
        select(Suggestion).where(Suggestion.readership == Readership.ICS, Suggestion.rank == 1)
    ).one()
    assert best.innovation_id == fits.id
    assert best.engine_version == ENGINE_VERSION
    assert {"Residents", "care homes"} <= {w for one in best.reasons["shared"] for w in one["need"]}
    assert session.get(MatchRun, challenge.id).matched_at <= now()


@pytest.mark.parametrize(
    ("values", "proven"),
    [
        ({"status": RecordStatus.DRAFT}, True),
        ({"status": RecordStatus.ARCHIVED}, True),
        ({}, False),
        ({"is_proven_until": date(2020, 1, 1)}, False),
    ],
    ids=["draft", "archived", "never proven", "lapsed"],
)
def test_what_is_not_submitted_or_not_proven_today_is_never_suggested(
    cast, session, values, proven
):
    innovation(cast, proven=proven, **values)
    challenge = makers.challenge(of=cast.ics)
    matched(session)
    assert names(session, challenge, Readership.ICS) == []
    assert names(session, challenge, Readership.STAFF) == []


def test_what_is_shared_with_hins_only_is_on_the_list_of_staff_alone(cast, session):
    innovation(cast, sharing=Sharing.HINS)
    challenge = makers.challenge(of=cast.hin)
    matched(session)
    assert names(session, challenge, Readership.ICS) == []
    assert names(session, challenge, Readership.STAFF) == ["SteadyHome"]


def test_coded_facts_in_common_raise_a_suggestion(cast, session):
    setting, area = terms(Vocabulary.CARE_SETTING)[0], terms(Vocabulary.AREA)[0]
    challenge = makers.challenge(of=cast.ics)
    challenge.terms = [setting, area]
    plain = innovation(cast, "SteadyHome")
    coded = innovation(cast, "Twin", summary=plain.summary)
    coded.terms = [setting, area]
    matched(session)
    assert names(session, challenge) == ["Twin", "SteadyHome"]


def test_a_draft_is_matched_for_its_authors_and_told_to_no_innovator(cast, as_, session):
    row = innovation(cast)
    challenge = makers.challenge("Falls", of=cast.ics, state="draft", readers="public")
    matched(session)
    assert names(session, challenge) == ["SteadyHome"]
    url = f"/innovations/{row.id}/challenges"
    assert "No open challenge fits yet" in as_(cast.innovator).get(url).text
    challenge.state = ChallengeState.OPEN
    matched(session)
    assert names(session, challenge) == ["SteadyHome"]


def test_the_job_is_queued_in_the_transaction_of_the_change_and_once(cast, session):
    challenge = makers.challenge(of=cast.ics)
    session.rollback()
    session.commit()
    assert kinds(session) == []
    challenge = makers.challenge(of=cast.ics)
    session.commit()
    challenge.changed_at = now()
    session.commit()
    assert kinds(session) == ["matching.challenge"]


def test_reading_or_touching_something_else_queues_nothing(cast, session):
    row = innovation(cast)
    challenge = makers.challenge(of=cast.ics)
    matched(session)
    row.source_note = "Checked"
    challenge.contact_name = "Somebody"
    session.commit()
    assert kinds(session) == []


def test_a_proven_innovation_takes_its_place_on_every_open_challenge(cast, session):
    falls = makers.challenge(of=cast.ics)
    late = innovation(cast, "FallSense", proven=False)
    innovation(cast, "WardNotes")
    matched(session)
    assert names(session, falls) == []
    makers.proven(late)
    matched(session)
    assert names(session, falls) == ["FallSense"]


def test_a_hidden_or_withdrawn_innovation_leaves_the_list_and_others_close_up(cast, session):
    challenge = makers.challenge(of=cast.ics)
    first, second = innovation(cast, "FallSense"), innovation(cast, "SteadyHome")
    matched(session)
    assert set(names(session, challenge)) == {"FallSense", "SteadyHome"}
    first.sharing = Sharing.HINS
    second.is_proven_until = today() - timedelta(days=1)
    matched(session)
    assert names(session, challenge) == []
    assert names(session, challenge, Readership.STAFF) == ["FallSense"]
    ranks = session.scalars(
        select(Suggestion.rank).where(Suggestion.readership == Readership.STAFF)
    ).all()
    assert ranks == [1]


def test_placing_one_gives_the_same_list_as_matching_all(cast, session):
    challenge = makers.challenge(of=cast.ics)
    for name in ("FallSense", "HeartLine", "WardNotes"):
        innovation(cast, name)
    matched(session)
    innovation(cast, "SteadyHome")
    matched(session)
    placed = names(session, challenge)
    services.ask_for_refresh()
    matched(session)
    assert names(session, challenge) == placed


def test_a_worker_reads_only_what_changed_and_at_night_everything(cast, session, monkeypatch):
    read = []

    def noting(ids):
        read.append(sorted(ids))
        return solutions(ids)

    solutions = indexing.solutions
    monkeypatch.setattr(indexing, "solutions", noting)
    makers.challenge(of=cast.ics)
    first, second = innovation(cast, "FallSense"), innovation(cast, "SteadyHome")
    matched(session)
    read.clear()
    first.summary, first.changed_at = "Finds falls sooner.", now()
    matched(session)
    assert read == [[first.id]]
    second.status = RecordStatus.ARCHIVED
    matched(session)
    makers.challenge("Falls at night", of=cast.ics)
    matched(session)
    assert read == [[first.id], []]
    services.ask_for_refresh()
    matched(session)
    assert read[-1] == [first.id]


def test_a_changed_innovation_leaves_challenges_that_it_does_not_fit_alone(cast, session):
    falls = makers.challenge(of=cast.ics)
    hearts = makers.challenge("Heart failure", of=cast.ics, problem="Alone after discharge")
    innovation(cast, "HeartLine")
    row = innovation(cast, "FallSense")
    matched(session)
    before = {one.id: session.get(MatchRun, one.id).matched_at for one in (falls, hearts)}
    row.summary, row.changed_at = "Finds falls sooner.", now()
    matched(session)
    assert session.get(MatchRun, falls.id).matched_at > before[falls.id]
    assert session.get(MatchRun, hearts.id).matched_at == before[hearts.id]


def test_the_purpose_in_common_raises_a_suggestion(cast, session):
    purpose = terms(Vocabulary.PURPOSE)[0]
    challenge = makers.challenge(of=cast.ics, terms=[purpose])
    plain = innovation(cast, "SteadyHome")
    innovation(cast, "Twin", summary=plain.summary, main_purpose=purpose)
    matched(session)
    assert names(session, challenge) == ["Twin", "SteadyHome"]


def test_many_changes_at_once_are_one_refresh(cast, session):
    for number in range(20):
        innovation(cast, f"Innovation {number}")
    session.commit()
    assert kinds(session) == ["matching.refresh"]


def test_a_savepoint_on_the_way_does_not_part_what_changed_at_once(cast, session):
    for number in range(30):
        with session.begin_nested():
            innovation(cast, f"Innovation {number}")
    session.commit()
    assert kinds(session) == ["matching.refresh"]


def test_many_that_wait_are_left_to_one_refresh(cast, session, monkeypatch):
    challenge = makers.challenge(of=cast.ics)
    matched(session)
    for number in range(22):
        innovation(cast, f"Innovation {number}")
        session.commit()
    stored = []
    monkeypatch.setattr(tasks, "store", lambda **values: stored.append(values["challenge_id"]))
    assert kinds(session) == ["matching.innovation"] * 22
    matched(session)
    assert stored == [challenge.id]
    assert kinds(session) == []


def test_a_killed_task_leaves_the_old_suggestions_and_is_tried_again(cast, session, monkeypatch):
    challenge = makers.challenge(of=cast.ics)
    innovation(cast, "SteadyHome")
    matched(session)
    before = names(session, challenge)
    assert before == ["SteadyHome"]

    def dies(challenge_id):
        raise KeyboardInterrupt

    monkeypatch.setattr(services, "_note_run", dies)
    innovation(cast, "FallSense")
    services.ask_for_refresh()
    session.commit()
    job = session.scalars(select(Job).where(Job.kind == "matching.refresh")).one()
    with pytest.raises(KeyboardInterrupt):
        run(job.id)
    session.rollback()
    session.expire_all()
    assert names(session, challenge) == before
    assert job.state is JobState.RUNNING
    monkeypatch.undo()
    job.state = JobState.QUEUED
    matched(session)
    assert set(names(session, challenge)) == {"SteadyHome", "FallSense"}


def test_the_command_refreshes_and_explains(app, cast, session):
    challenge = makers.challenge(of=cast.ics)
    row = innovation(cast, sharing=Sharing.HINS)
    session.commit()
    runner = app.test_cli_runner()
    assert "Matched 1 challenges." in runner.invoke(args=["matching", "refresh"]).output
    told = runner.invoke(args=["matching", "explain", str(challenge.id), str(row.id)]).output
    assert "staff: score 0." in told
    assert "ics: not on the list" in told
    assert "Residents = residents" in told
    assert (
        "There is no challenge 999"
        in runner.invoke(args=["matching", "explain", "999", str(row.id)]).output
    )


def test_the_command_measures_a_folder_of_judged_pairs(app, tmp_path):
    (tmp_path / "documents.jsonl").write_text(
        '{"id": "a", "title": "Falls", "text": "Falls in care homes", "area": ["x"]}\n'
        '{"id": "b", "title": "Heart", "text": "Heart failure at home"}\n'
    )
    (tmp_path / "queries.jsonl").write_text('{"id": "q", "text": "People fall in care homes"}\n')
    (tmp_path / "qrels.txt").write_text("q 0 a 2\nq 0 b 0\n")
    output = app.test_cli_runner().invoke(args=["matching", "evaluate", str(tmp_path)]).output
    assert '"p@1": 1.0' in output
    assert '"documents": 2' in output
