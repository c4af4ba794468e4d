"""Work behind the pages: nothing committed is lost, nothing rolled back is done."""

import os
import socket
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal import job_rows, jobs
from portal.clock import clock_at, now
from portal.jobs import HEARTBEAT, SILENCE, Job, JobState, enqueue, run, run_waiting, sweep


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """A task `note` that notes its word, and one that fails."""
    words: list[str] = []

    def note(progress: jobs.Progress, word: str) -> None:
        progress(1, 2, "Half way")
        words.append(word)

    def fail(progress: jobs.Progress) -> None:
        raise ValueError("the disk is full")

    monkeypatch.setitem(jobs.TASKS, "note", note)
    monkeypatch.setitem(jobs.TASKS, "fail", fail)
    return words


def test_a_committed_job_is_done_once(session: Session, done: list[str]) -> None:
    job = enqueue("note", word="hello")
    session.commit()
    run(job.id)
    run(job.id)
    assert done == ["hello"]
    session.refresh(job)
    assert (job.state, job.attempts, job.message) == (JobState.DONE, 1, "Half way")


def test_a_rolled_back_change_starts_nothing(session: Session, done: list[str]) -> None:
    enqueue("note", word="hello")
    session.rollback()
    assert run_waiting() == 0
    assert done == []


def test_jobs_with_one_key_wait_as_one(session: Session, done: list[str]) -> None:
    assert enqueue("note", key="k", word="first") is enqueue("note", key="k", word="second")
    session.commit()
    run_waiting()
    assert done == ["first"]


def test_a_failing_job_is_tried_again_and_then_says_why(
    session: Session, done: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    job = enqueue("fail")
    session.commit()
    for _ in range(jobs.MAX_ATTEMPTS):
        session.refresh(job)
        assert job.state is JobState.QUEUED
        job.not_before = now()
        session.commit()
        run(job.id)
    session.refresh(job)
    assert (job.state, job.message) == (JobState.FAILED, "ValueError: the disk is full")


def test_the_job_of_a_silent_worker_elsewhere_is_taken_back(
    session: Session, done: list[str]
) -> None:
    job = enqueue("note", word="hello")
    job.state, job.worker = JobState.RUNNING, "elsewhere:1"
    job.heard_at = now() - SILENCE - HEARTBEAT
    session.commit()
    sweep()
    session.refresh(job)
    assert job.state is JobState.QUEUED


def test_the_job_of_a_living_worker_is_left_alone(session: Session, done: list[str]) -> None:
    job = enqueue("note", word="hello")
    living = f"{socket.gethostname()}:{os.getppid()}"
    job.state, job.worker, job.heard_at = JobState.RUNNING, living, now() - SILENCE * 2
    session.commit()
    sweep()
    assert session.scalar(select(Job.state).where(Job.id == job.id)) is JobState.RUNNING


def test_a_job_whose_end_could_not_be_written_down_is_taken_back(
    session: Session, done: list[str]
) -> None:
    job = enqueue("note", word="hello")
    job.state, job.worker, job.heard_at = JobState.RUNNING, jobs.WORKER, now()
    session.commit()
    sweep()
    session.refresh(job)
    assert job.state is JobState.QUEUED


def test_two_workers_never_do_the_same_kind_at_once(session: Session, done: list[str]) -> None:
    first, second = enqueue("note", word="first"), enqueue("note", word="second")
    first.state, first.worker, first.heard_at = JobState.RUNNING, "elsewhere:1", now()
    session.commit()
    assert not run(second.id)
    assert run_waiting() == 0
    first.state = JobState.DONE
    session.commit()
    assert run_waiting() == 1
    assert done == ["second"]


def test_what_is_prompt_does_not_wait_behind_what_is_slow(
    session: Session, done: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    slow, prompt = enqueue("note", word="slow"), enqueue("mail")
    session.commit()
    monkeypatch.setitem(jobs.TASKS, "mail", lambda progress: done.append("mail"))
    monkeypatch.setattr(job_rows, "PROMPT", job_rows.PROMPT | {"mail"})
    monkeypatch.setattr(jobs, "PROMPT", job_rows.PROMPT | {"mail"})
    with jobs._taken(jobs._slow_lane):
        assert not run(slow.id)
        assert run(prompt.id)
    assert run(slow.id)
    assert done == ["mail", "slow"]


@pytest.mark.parametrize("kind", ["notifications.send", "search.apply", "accounts.reset"])
def test_mail_index_and_notifications_are_prompt(kind: str) -> None:
    assert kind in jobs.TASKS
    assert kind in job_rows.PROMPT


def test_a_job_that_takes_too_long_is_stopped_and_says_so(
    session: Session, done: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(jobs.LIMITS, "endless", timedelta(0))

    def endless(progress: jobs.Progress) -> None:
        jobs.stop_overdue()
        while True:
            time.sleep(0.001)

    monkeypatch.setitem(jobs.TASKS, "endless", endless)
    job = enqueue("endless")
    session.commit()
    assert run(job.id)
    session.refresh(job)
    assert job.state is JobState.FAILED
    assert "took longer than the 0 minutes" in job.message


def test_a_job_within_its_time_is_left_alone(session: Session, done: list[str]) -> None:
    job = enqueue("note", word="hello")
    session.commit()
    assert run(job.id)
    jobs.stop_overdue()
    session.refresh(job)
    assert job.state is JobState.DONE


def test_jobs_go_on_when_the_clock_is_set_back(session: Session, done: list[str]) -> None:
    enqueue("note", word="hello")
    session.commit()
    with clock_at(now() - timedelta(hours=1)):
        assert run_waiting() == 1
    assert done == ["hello"]


def test_two_clocks_queue_the_daily_work_once(session: Session, done: list[str]) -> None:
    for _ in range(2):
        jobs.queue_scheduled("note")
        session.execute(update(Job).values(state=JobState.DONE))
    kept = session.scalars(select(Job).where(Job.key == "schedule:note")).all()
    assert len(kept) == 1
