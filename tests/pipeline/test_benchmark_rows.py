"""The rows that the pipeline's benchmark makes fit the tables as they are today."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from benchmarks.pipeline_rows import Maker, write
from portal.accounts.models import Actor, Organisation, Role
from portal.clock import today
from portal.innovations.models import Innovation
from portal.pipeline.queries import stages

SIZE = 40


def test_the_views_count_the_rows_of_the_benchmark(session: Session) -> None:
    write(Maker(SIZE).all())
    assert session.scalar(select(func.count()).select_from(Innovation)) == SIZE
    assert session.scalar(select(func.count(Organisation.name_key.distinct()))) == SIZE // 2
    reader = Actor(user_id=1, role=Role.NATIONAL)
    found = session.execute(stages.by_stage(reader, today())).all()
    assert 0 < sum(row.total for row in found) <= SIZE
