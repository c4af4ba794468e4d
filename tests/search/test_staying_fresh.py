"""The index follows the database: nothing is lost, nothing that was taken back is there."""

import json
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from portal.clock import today
from portal.db import db
from portal.innovations.models import Collaborator, Evidence, Innovation, RecordStatus, Sharing, Use
from portal.jobs import Job, run_waiting
from portal.reference.models import Vocabulary
from portal.search import services, tasks
from portal.search.indexing import opening
from portal.search.indexing.reading import differences
from portal.search.models import IndexChange
from tests import makers
from tests.cast import Cast
from tests.conftest import make_app
from tests.pages import PageClient
from tests.search.conftest import Look, names
from tests.tables import fill

ROOT = Path(__file__).parent.parent.parent
Apply = Callable[[], None]


def waiting(session: Session) -> set[int]:
    """The ids of the records of which a change waits."""
    return set(session.scalars(select(IndexChange.innovation_id)))


@pytest.fixture
def record(cast: Cast, session: Session, up_to_date: Apply) -> Innovation:
    """A public record with a use and a piece of evidence, indexed."""
    row = makers.innovation("Kiwi", of=cast.innovator, sharing=Sharing.PUBLIC)
    kind = makers.term(Vocabulary.EVIDENCE_KIND, "REAL_WORLD")
    row.evidence.append(Evidence(kind=kind, title="Trial"))
    row.uses.append(Use(organisation=makers.organisation("Trust"), from_on=today()))
    up_to_date()
    assert waiting(session) == set()
    return row


def rename(row: Innovation) -> None:
    row.name = "Banana"


def relabel(row: Innovation) -> None:
    row.terms = [makers.term(Vocabulary.CONDITION, "CARDIOVASCULAR")]


def find_more(row: Innovation) -> None:
    row.evidence[0].result = "It helped"


def find_less(row: Innovation) -> None:
    row.evidence.clear()


def reach_more(row: Innovation) -> None:
    row.patients_a_year = 900


def stop_using(row: Innovation) -> None:
    row.uses[0].until_on = today() - timedelta(days=1)


def share(row: Innovation) -> None:
    row.sharing = Sharing.HINS


def verify(row: Innovation) -> None:
    makers.proven(row)


def archive(row: Innovation) -> None:
    row.status = RecordStatus.ARCHIVED


def rename_maker(row: Innovation) -> None:
    row.organisation.name = "Brightwell Group"


def rename_user(row: Innovation) -> None:
    row.uses[0].organisation.name = "Merged Trust"


def rename_stage(row: Innovation) -> None:
    assert row.stage is not None
    row.category = makers.term(Vocabulary.CATEGORY, "AI")
    row.stage.label = "Adoptable"


def let_in(row: Innovation) -> None:
    row.collaborators.append(Collaborator(user=makers.user("Newcomer")))


@pytest.mark.parametrize(
    "change",
    [
        *(rename, relabel, find_more, find_less, stop_using, share, verify, archive),
        *(rename_maker, rename_user, rename_stage, let_in, reach_more),
    ],
)
def test_every_change_that_matters_waits_for_the_index_and_reaches_it(
    session: Session, record: Innovation, up_to_date: Apply, change: Callable[[Innovation], None]
) -> None:
    change(record)
    session.commit()
    assert waiting(session) == {record.id}
    up_to_date()
    assert waiting(session) == set()
    assert not opening.with_index(differences)


def test_the_job_does_it(session: Session, record: Innovation, look: Look) -> None:
    record.name = "Banana"
    session.commit()
    assert names(look("banana")) == []
    run_waiting()
    assert names(look("banana")) == ["Banana"]
    assert waiting(session) == set()


def test_a_draft_and_what_nobody_searches_wake_nobody(
    session: Session, cast: Cast, record: Innovation
) -> None:
    makers.innovation("Drafted", of=cast.innovator, status=RecordStatus.DRAFT)
    record.price_note = "A secret"
    session.commit()
    assert waiting(session) == set()


def test_a_change_that_was_rolled_back_is_not_indexed(
    session: Session, record: Innovation, up_to_date: Apply, look: Look
) -> None:
    jobs = session.scalar(select(func.count()).select_from(Job))
    record.name = "Banana"
    session.flush()
    session.rollback()
    assert waiting(session) == set()
    assert session.scalar(select(func.count()).select_from(Job)) == jobs
    up_to_date()
    assert names(look("banana")) == []
    assert names(look("kiwi")) == ["Kiwi"]


def test_a_deleted_record_leaves_the_index(
    session: Session, record: Innovation, up_to_date: Apply, look: Look
) -> None:
    innovation_id = record.id
    session.delete(record)
    session.commit()
    assert waiting(session) == {innovation_id}
    up_to_date()
    assert names(look("kiwi")) == []
    assert not opening.with_index(differences)


def test_a_job_that_comes_first_makes_the_index(
    session: Session, cast: Cast, where: Path, look: Look
) -> None:
    makers.innovation("Kiwi", of=cast.innovator, sharing=Sharing.PUBLIC)
    session.commit()
    assert not where.exists()
    run_waiting()
    assert names(look("kiwi")) == ["Kiwi"]
    assert waiting(session) == set()


def test_the_night_mends_what_nobody_heard_of(
    session: Session, cast: Cast, record: Innovation, look: Look
) -> None:
    gone = makers.innovation("Plum", of=cast.innovator, sharing=Sharing.PUBLIC)
    session.commit()
    services.rebuild()
    for row, values in ((record, {"name": "Banana"}), (gone, {"status": RecordStatus.ARCHIVED})):
        session.connection().execute(
            update(Innovation.__table__).where(Innovation.id == row.id).values(**values)
        )
    session.commit()
    session.expire_all()
    found = opening.with_index(differences)
    assert (found.different, found.surplus) == ([record.id], [gone.id])
    tasks.mend(lambda *_a, **_k: None)
    assert not opening.with_index(differences)
    assert names(look("banana")) == ["Banana"]


@pytest.mark.parametrize("how", ["older", "torn", "garbage"])
def test_a_spoilt_index_is_a_message_and_not_an_error_until_the_job_mends_it(
    session: Session,
    cast: Cast,
    record: Innovation,
    look: Look,
    as_: Callable[..., PageClient],
    broken: Callable[[str], None],
    how: str,
) -> None:
    broken(how)
    page = look("kiwi")
    assert "Full search is not available" in page
    assert names(page) == ["Kiwi"]
    assert names(look("nonsense")) == []
    assert "flask search rebuild" not in page
    assert "flask search rebuild" in look("kiwi", as_(cast.administrator))
    record.name = "Banana"
    session.commit()
    run_waiting()
    page = look("banana")
    assert "Full search is not available" not in page
    assert names(page) == ["Banana"]


@pytest.mark.parametrize("name", ["columns-*/texts.npy", "columns-*/columns.json"])
def test_a_damaged_file_is_found_by_check_and_mended_by_the_next_job_although_nothing_waits(
    app: Flask, session: Session, record: Innovation, look: Look, where: Path, name: str
) -> None:
    services.rebuild()
    (file,) = where.glob(f"store-*/{name}")
    file.write_bytes(file.read_bytes()[:-1] + b"!")
    run = app.test_cli_runner()
    opening.let_go()
    checked = run.invoke(args=["search", "check"])
    assert checked.exit_code == 1
    assert "flask search rebuild" in checked.output
    tasks.apply(lambda *_a, **_k: None)
    assert run.invoke(args=["search", "check"]).exit_code == 0
    assert names(look("kiwi")) == ["Kiwi"]


def test_without_an_index_filters_hold_and_hidden_records_stay_hidden(
    session: Session, cast: Cast, where: Path, look: Look
) -> None:
    shown = makers.innovation(
        "Kiwi",
        of=cast.innovator,
        sharing=Sharing.PUBLIC,
        category=makers.term(Vocabulary.CATEGORY, "AI"),
        terms=[
            makers.term(Vocabulary.CARE_SETTING, "CARE_HOME"),
            makers.term(Vocabulary.CONDITION, "CARDIOVASCULAR"),
        ],
    )
    makers.proven(shown)
    makers.innovation("Kiwi two", of=cast.innovator, sharing=Sharing.PUBLIC)
    makers.innovation("Kiwi hidden", of=cast.innovator, sharing=Sharing.HINS)
    session.commit()
    assert names(look("kiwi", sort="name")) == ["Kiwi", "Kiwi two"]
    heart = makers.term(Vocabulary.CONDITION, "CARDIOVASCULAR").group
    for narrow in (
        {"category": "AI"},
        {"care_setting": "CARE_HOME"},
        {"condition": "CARDIOVASCULAR"},
        {"condition_group": heart},
        {"proven": "yes"},
    ):
        assert names(look("kiwi", **narrow)) == ["Kiwi"], narrow
    assert names(look("kiwi", proven="no")) == ["Kiwi two"]
    region = shown.ics.region.code if shown.ics else ""
    for wide in ({"region": region}, {"hin": "HI-WM"}, {"stage": "READY"}):
        assert len(names(look("kiwi", **wide))) == 2, wide
    assert names(look("kiwi", hin="HI-MAN")) == []


def test_check_says_whether_index_and_database_agree(
    app: Flask, session: Session, record: Innovation
) -> None:
    run = app.test_cli_runner()
    agreed = run.invoke(args=["search", "check"])
    assert (agreed.exit_code, agreed.output) == (0, "Index and database agree on 1 records.\n")
    record.name = "Banana"
    session.commit()
    differs = run.invoke(args=["search", "check"])
    assert differs.exit_code == 1
    assert f"1 different in the index: {record.id}" in differs.output
    assert "changes of 1 records wait" in differs.output
    rebuilt = run.invoke(args=["search", "rebuild"])
    assert "1 records are in the search index." in rebuilt.output
    assert run.invoke(args=["search", "check"]).exit_code == 0


def test_check_says_what_to_run_when_there_is_no_index(app: Flask, where: Path) -> None:
    found = app.test_cli_runner().invoke(args=["search", "check"])
    assert found.exit_code == 1
    assert "flask search rebuild" in found.output


def test_evaluate_prints_the_measures_of_a_judged_collection(app: Flask, tmp_path: Path) -> None:
    (tmp_path / "documents.jsonl").write_text(
        '{"id": "a", "title": "Chest drain", "text": "Air"}\n'
        '{"id": "b", "title": "Falls", "text": "Steps"}\n'
    )
    (tmp_path / "queries.jsonl").write_text('{"id": "1", "text": "drains"}\n')
    (tmp_path / "qrels.txt").write_text("1 0 a 1\n")
    run = app.test_cli_runner()
    found = run.invoke(args=["search", "evaluate", str(tmp_path)])
    measured = json.loads(found.output)
    assert (measured["ndcg@10"], measured["p@1"], measured["documents"]) == (1.0, 1.0, 2)
    assert {"map", "recall@100", "queries", "index_seconds", "p50_ms", "p95_ms"} <= set(measured)
    (tmp_path / "qrels.txt").write_text("no judgement\n")
    assert run.invoke(args=["search", "evaluate", str(tmp_path)]).exit_code == 1


@pytest.mark.slow
@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_worker_killed_while_indexing_loses_nothing(tmp_path: Path, moment: str) -> None:
    url = f"sqlite:///{tmp_path / 'portal.db'}"
    app = make_app(url, tmp_path)
    with app.app_context():
        fill()
        cast = Cast()
        db.session.commit()
        services.rebuild()
        row = makers.innovation("Kiwi", of=cast.innovator, sharing=Sharing.PUBLIC)
        db.session.commit()
        died = subprocess.run(
            [sys.executable, "-m", "tests.search.worker", url, str(tmp_path), moment],
            cwd=ROOT,
            timeout=120,
            check=False,
        )
        assert died.returncode == -signal.SIGKILL
        assert waiting(db.session) == {row.id}
        held = dict(opening.with_index(lambda index: list(index.fingerprints())))
        assert (row.id in held) == (moment == "after")
        db.session.commit()
        run_waiting()
        assert waiting(db.session) == set()
        assert not opening.with_index(differences)
        db.session.rollback()
        db.engine.dispose()
        opening.let_go()
