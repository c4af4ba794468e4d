"""`flask reference load` brings the tables in line with the files."""

import shutil
from datetime import date
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.reference import services
from portal.reference.models import Ics, IcsSuccession, Term, Vocabulary
from portal.reference.queries import hins, icss, regions, terms


def test_loading_again_changes_nothing(session: Session) -> None:
    assert list(services.load().lines()) == []


def test_the_areas_of_a_past_day_are_those_of_that_day(session: Session) -> None:
    assert len(icss(date(2025, 1, 1))) == 42
    assert len(icss(date(2026, 6, 1))) < 42
    assert {"Frimley"} <= {ics.name for ics in icss(date(2026, 3, 31))}
    assert "Frimley" not in {ics.name for ics in icss(date(2026, 4, 1))}


def test_a_split_names_every_successor(session: Session) -> None:
    frimley = session.scalars(select(Ics).where(Ics.code == "QNQ")).one()
    parts = session.scalar(select(func.count()).where(IcsSuccession.predecessor_id == frimley.id))
    assert parts == 3


def test_the_nation_has_seven_regions_and_fifteen_networks(session: Session) -> None:
    assert (len(regions()), len(hins())) == (7, 15)


def test_a_term_that_left_its_file_is_retired_not_deleted(session: Session, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    shutil.copytree(services.DATA, folder)
    path = folder / "terms" / "category.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(lines[:-1]), encoding="utf-8")
    report = services.load(folder)
    assert report.retired == {"category": 1}
    kept = session.scalar(select(func.count()).where(Term.vocabulary == Vocabulary.CATEGORY))
    assert kept == len(lines) - 1
    assert len(terms(Vocabulary.CATEGORY)) == len(lines) - 2


def test_a_label_that_an_administrator_changed_survives_a_load(session: Session) -> None:
    stage = terms(Vocabulary.ADOPTION_STAGE)[2]
    stage.label, stage.is_label_edited = "Deciding", True
    services.load()
    assert stage.label == "Deciding"
