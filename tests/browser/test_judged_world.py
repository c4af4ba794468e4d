"""What ICSs of the demonstration think of their matches: there once, for ranks and months."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select

from portal.challenges.models import ChallengeSupporter
from portal.db import db
from portal.demo.services import prepare
from portal.matching.models import Feedback, UnmetNeed, Verdict
from portal.matching.queries.judging import acceptance

pytestmark = pytest.mark.browser


def counts() -> list[int | None]:
    models = (Feedback, UnmetNeed, ChallengeSupporter)
    return [db.session.scalar(select(func.count()).select_from(model)) for model in models]


def test_the_national_view_of_the_demonstration_is_not_empty(
    in_world: Callable[[Callable[[], Any]], Any],
) -> None:
    found = in_world(acceptance)
    shares = [row.share for row in found.by_rank]
    assert shares[0] > 0.5 > shares[-1]
    assert len(found.by_month) >= 5
    assert sum(row.unmet for row in found.by_region) >= 3
    assert min(in_world(counts)) >= 3


def test_the_world_is_judged_once(in_world: Callable[[Callable[[], Any]], Any]) -> None:
    before = in_world(counts)

    def again() -> bool:
        prepare()
        return db.session.in_transaction()

    assert in_world(again) is False
    assert in_world(counts) == before


def test_nothing_is_told_against_a_product(in_world: Callable[[Callable[[], Any]], Any]) -> None:
    def reasons() -> set[str]:
        rejected = select(Feedback).where(Feedback.verdict == Verdict.REJECTED)
        return {row.reason.value for row in db.session.scalars(rejected)}

    assert in_world(reasons) <= {"other_problem", "other_setting"}
