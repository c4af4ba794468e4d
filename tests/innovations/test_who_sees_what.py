"""The rule in Python and the rule in SQL are one rule."""

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.models import Actor
from portal.clock import now
from portal.db import db
from portal.innovations import policy
from portal.innovations.models import Collaborator, Innovation, RecordStatus, Sharing
from portal.innovations.queries import own, visible_to
from portal.innovations.queries.on_day import is_counted_on
from tests import makers
from tests.cast import Cast
from tests.examples import examples

records = st.fixed_dictionaries(
    {
        "status": st.sampled_from(RecordStatus),
        "sharing": st.sampled_from(Sharing),
        "was_submitted": st.booleans(),
        "has_owner": st.booleans(),
        "owner": st.sampled_from(Cast.KINDS),
        "organisation": st.sampled_from(["innovator", "other_innovator", "hin"]),
        "collaborators": st.sets(st.sampled_from(Cast.KINDS), max_size=2),
    }
)


@settings(
    max_examples=examples(40),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(wanted=st.lists(records, min_size=1, max_size=4))
def test_the_policy_and_the_query_agree_about_every_record_and_person(
    session: Session, cast: Cast, wanted: list[dict[str, Any]]
) -> None:
    with session.begin_nested() as attempt:
        rows = [_record(cast, **values) for values in wanted]
        ids = [row.id for row in rows]
        session.expire_all()
        for actor in cast.every_actor():
            _compare(actor, rows, ids)
        attempt.rollback()


def _compare(actor: Actor, rows: list[Innovation], ids: list[int]) -> None:
    told = is_counted_on(actor, None), _is_on_the_pipeline
    seen = visible_to(actor), policy.can_see
    for clause, rule in (seen, told, (own(actor), policy.is_own)):
        found = db.session.scalars(
            select(Innovation.id).where(Innovation.id.in_(ids), clause)
        ).all()
        expected = {row.id for row in rows if rule(actor, row)}
        assert set(found) == expected, f"{rule.__name__} for {actor}"


def _is_on_the_pipeline(actor: Actor, row: Innovation) -> bool:
    return row.status is RecordStatus.SUBMITTED and policy.can_see(actor, row)


def _record(
    cast: Cast,
    *,
    status: RecordStatus,
    sharing: Sharing,
    was_submitted: bool,
    has_owner: bool,
    owner: str,
    organisation: str,
    collaborators: set[str],
) -> Innovation:
    submitted = status is RecordStatus.SUBMITTED or (
        status is RecordStatus.ARCHIVED and was_submitted
    )
    row = makers.innovation(
        of=getattr(cast, organisation),
        status=status,
        sharing=sharing,
        owner=getattr(cast, owner).user if has_owner else None,
        submitted_at=now() if submitted else None,
    )
    row.collaborators = [Collaborator(user=getattr(cast, name).user) for name in collaborators]
    db.session.flush()
    return row


def test_a_draft_that_was_archived_stays_with_its_own_people(session: Session, cast: Cast) -> None:
    draft = makers.innovation(of=cast.innovator, status=RecordStatus.ARCHIVED, submitted_at=None)
    assert policy.can_see(cast.innovator.actor, draft)
    assert not policy.can_see(cast.hin.actor, draft)
    assert not policy.can_see(cast.national.actor, draft)
