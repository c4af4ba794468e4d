"""The page of one introduction: how it stands, who takes part, what can be done, the thread."""

from flask import render_template

from portal.accounts.models import Actor
from portal.accounts.session import current_actor
from portal.clock import today
from portal.innovations.policy import can_see
from portal.introductions import policy, queries, rules
from portal.introductions.forms import WriteForm
from portal.introductions.queries import IntroductionRow, listing
from portal.introductions.views import blueprint

PAGE = "/introductions/<int:introduction_id>"


@blueprint.get(PAGE)
def show(introduction_id: int) -> str:
    """Show it, with the actions that the person may do now."""
    actor = current_actor()
    seen = queries.introduction_for(actor, introduction_id)
    return page(actor, seen, message_form(actor, seen))


def message_form(actor: Actor, seen: IntroductionRow) -> WriteForm | None:
    """Return the form to write in the thread, if the person may write now."""
    circles = policy.circles_written(seen.sides, seen.introduction)
    return WriteForm(circles) if circles else None


def page(actor: Actor, seen: IntroductionRow, form: WriteForm | None) -> str:
    """Return the page, with what was typed into the thread's form."""
    introduction, sides = seen.introduction, seen.sides
    return render_template(
        "introductions/show.html",
        introduction=introduction,
        innovation=introduction.innovation,
        sees_record=can_see(actor, introduction.innovation),
        challenge=queries.challenge_shown(actor, introduction),
        changes=queries.changes(introduction),
        may=_may(actor, seen),
        takes_part=bool(sides - {policy.Side.NATION}),
        thread=listing.thread(actor, introduction),
        actor=actor,
        form=form,
        rules=rules,
        today=today(),
    )


def _may(actor: Actor, seen: IntroductionRow) -> dict[str, bool]:
    """Return what the person may see and do, by name."""
    introduction, sides = seen.introduction, seen.sides
    return {
        "take": policy.can_take(sides, introduction),
        "broker": policy.can_broker(actor, introduction),
        "answer": policy.can_answer(sides, introduction),
        "withdraw": policy.can_withdraw(sides, introduction),
        "meet": policy.can_record_meeting(actor, sides, introduction),
        "record": policy.can_record_outcome(actor, sides, introduction),
        "see_ics": policy.can_see_ics_contact(sides, introduction),
        "see_innovator": policy.can_see_innovators_contact(sides, introduction),
    }
