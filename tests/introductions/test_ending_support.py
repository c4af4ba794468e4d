"""A network that ends its support is told of the introductions that it brokers."""

from sqlalchemy.orm import Session

from portal.introductions.models import Introduction
from portal.support.queries import engagement_of
from portal.support.queries.unfinished import unfinished
from tests.cast import Cast


def test_an_introduction_under_way_is_named_when_the_support_ends(
    session: Session, taken: Introduction, cast: Cast
) -> None:
    engagement = engagement_of(taken.innovation_id, cast.hin.actor.hin_id)
    assert engagement is not None
    assert [(one.words, one.address) for one in unfinished(engagement)] == [
        (f"Introduction to {taken.organisation.name}", f"/introductions/{taken.id}")
    ]
    other = engagement_of(taken.innovation_id, cast.other_hin.actor.hin_id)
    assert other is None or unfinished(other) == []
