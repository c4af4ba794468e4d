"""Do one thing with several sections of a report at once."""

from collections.abc import Sequence
from datetime import date

from portal.accounts.models import Actor, User
from portal.errors import Invalid
from portal.reports.models import ReportSection, SectionState
from portal.reports.services.writing import assign, save_text, set_state


def assign_several(
    *, sections: Sequence[ReportSection], owner: User | None, due_on: date | None, by: Actor
) -> None:
    """Say who looks after sections. Raises Forbidden, Outdated."""
    for one in sections:
        assign(section=one, version=one.version, owner=owner, due_on=due_on, by=by)


def leave_out_several(*, sections: Sequence[ReportSection], why: str, by: Actor) -> None:
    """Empty sections and say why they are left out; the texts they had stay among their versions.

    Raises Forbidden, Invalid without a reason, Outdated.
    """
    if not why.strip():
        raise Invalid("Enter why they are left out", field="why")
    for one in sections:
        save_text(section=one, version=one.version, text="", left_out=why, by=by)


def approve_several(*, sections: Sequence[ReportSection], by: Actor) -> None:
    """Approve sections: those that nobody sent to review yet go through it, and nobody is asked.

    Raises Forbidden, Invalid where a comment is open, Outdated.
    """
    held = [one for one in sections if any(said.done_at is None for said in one.comments)]
    if held:
        words = f"Deal with the comments on “{held[0].heading}” first, or leave it unticked"
        raise Invalid(words, field="sections")
    for one in sections:
        for state in _way(one.state):
            tells = state is SectionState.APPROVED
            set_state(section=one, version=one.version, state=state, by=by, tells=tells)


def _way(state: SectionState) -> list[SectionState]:
    """Return the states through which a section goes from one until it is approved."""
    way = [SectionState.REVIEW, SectionState.APPROVED]
    return way[{SectionState.REVIEW: 1, SectionState.APPROVED: 2}.get(state, 0) :]
