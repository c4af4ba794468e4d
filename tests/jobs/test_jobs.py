"""Work behind the pages: nothing committed is lost, nothing rolled back is done."""

import os
import socket
from collections.abc import Iterator

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import jobs
from portal.clock import now
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
