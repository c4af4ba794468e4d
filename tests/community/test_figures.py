"""The figures of ideas: each number is that of its rows, and counts what it says."""

from datetime import timedelta

from portal.clock import today
from portal.community.figures import FIGURES
from portal.community.models import IdeaState, Moderation
from portal.community.rules.figures import (
    IDEAS_ANSWERED,
    IDEAS_POSTED,
    IDEAS_TAKEN_UP,
    IN_TIME,
    LATE,
)
from portal.figures.rules import Period, RowsQuery
from portal.reference.rules import Quarter
from tests.community import makers


def test_figures_count_ideas_and_each_is_its_rows(session, cast, nurse, campaign):
    makers.answered(makers.idea(campaign, nurse, words="One"), cast.ics, IdeaState.TAKEN_UP)
    late = makers.idea(campaign, nurse, words="Two")
    late.due_on = today() - timedelta(days=1)
    session.flush()
    makers.answered(late, cast.ics, IdeaState.NOT_NOW)
    makers.idea(campaign, nurse, words="Three")
    held = makers.campaign(cast.ics, "Looked over", moderation=Moderation.BEFORE)
    makers.idea(held, nurse, words="Four")
    national = makers.campaign(cast.national, "Of the nation")
    makers.idea(national, nurse, words="Five")
    session.flush()
    period = Period(Quarter.of(today()), today())
    values = {(one.code, one.hin_id, one.group): one.value for one in FIGURES.count(period)}
    hin = cast.hin.actor.hin_id
    assert values[IDEAS_POSTED.code, hin, ""] == 3
    assert values[IDEAS_POSTED.code, None, ""] == 4
    assert values[IDEAS_ANSWERED.code, hin, ""] == 2
    assert values[IDEAS_ANSWERED.code, None, IN_TIME] == 1
    assert values[IDEAS_ANSWERED.code, None, LATE] == 1
    assert values[IDEAS_TAKEN_UP.code, hin, ""] == 1
    for figure in FIGURES.figures:
        for (code, of, group), value in values.items():
            if code == figure.code:
                behind = FIGURES.rows(RowsQuery(figure, period, of, group)).rows
                assert len(behind) == value, (code, of, group)
    later = Period(Quarter.of(today() + timedelta(days=400)), today())
    assert list(FIGURES.count(later)) == []
