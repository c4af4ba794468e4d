"""Two people merge at the same moment, on PostgreSQL: one does, the other reads why not."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import select

from portal.accounts.models import Actor, Role
from portal.db import db
from portal.errors import PortalError
from portal.innovations.models import Innovation
from portal.innovations.services.merging import merge_records
from portal.merging import Merge
from tests import makers
from tests.cast import Cast
from tests.conftest import make_app
from tests.tables import fill

NATIONAL = Actor(user_id=None, name="The nation", role=Role.NATIONAL)
DONE = "done"


@pytest.fixture
def served(database: str, tmp_path: Path) -> Iterator[Flask]:
    """An application over a database of its own, with three records of one organisation."""
    app = make_app(database, tmp_path)
    with app.app_context():
        fill()
        cast = Cast()
        for number in range(3):
            makers.innovation(f"Twin {number}", of=cast.innovator)
        db.session.commit()
    yield app
    with app.app_context():
        db.engine.dispose()


def test_whoever_is_second_gets_words_and_nothing_leads_in_a_circle(served: Flask) -> None:
    with served.app_context():
        one, two, three = db.session.scalars(select(Innovation.id).order_by(Innovation.id)).all()
    asked = [(one, two), (two, one), (two, three), (three, two)]
    barrier = Barrier(len(asked))

    def merge(pair: tuple[int, int]) -> str:
        with served.app_context():
            records = [db.session.get_one(Innovation, number) for number in pair]
            barrier.wait()
            try:
                merge_records(
                    one=records[0], another=records[1], why="Same.", chosen=(), by=NATIONAL
                )
                db.session.commit()
            except PortalError as refused:
                db.session.rollback()
                return str(refused)
            return DONE

    with ThreadPoolExecutor(len(asked)) as pool:
        answers = list(pool.map(merge, asked))
    assert 1 <= answers.count(DONE) <= 2, answers
    assert all("was made one with another record meanwhile" in a for a in answers if a != DONE)
    with served.app_context():
        assert len(db.session.scalars(select(Merge.id)).all()) == answers.count(DONE)
        leads = dict(db.session.execute(select(Innovation.id, Innovation.merged_into_id)).all())
    for number in leads:
        seen, here = set(), number
        while leads[here] is not None:
            assert here not in seen
            seen.add(here)
            here = leads[here]
