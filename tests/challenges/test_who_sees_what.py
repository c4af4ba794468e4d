"""The rule in Python and the rule in SQL are one rule."""

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.challenges import policy
from portal.challenges.models import Challenge, ChallengeState, Readers
from portal.challenges.queries import visible_to
from tests import makers
from tests.cast import Cast
from tests.examples import examples

challenges = st.fixed_dictionaries(
    {
        "state": st.sampled_from(ChallengeState),
        "readers": st.sampled_from(Readers),
        "of": st.sampled_from(["ics", "other_ics", "hin", "national", "innovator"]),
    }
)


@settings(
    max_examples=examples(60),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(wanted=st.lists(challenges, min_size=1, max_size=4))
def test_the_policy_and_the_query_agree_about_every_challenge_and_person(
    session: Session, cast: Cast, wanted: list[dict[str, Any]]
) -> None:
    with session.begin_nested() as attempt:
        rows = [
            makers.challenge(**{**values, "of": getattr(cast, values["of"])}) for values in wanted
        ]
        ids = [row.id for row in rows]
        for actor in cast.every_actor():
            seen = select(Challenge.id).where(Challenge.id.in_(ids), visible_to(actor))
            expected = {row.id for row in rows if policy.can_see(actor, row)}
            assert set(session.scalars(seen)) == expected, str(actor)
        attempt.rollback()
