"""Every email, in every state that changes its words, is made of complete sentences."""

import re
from collections.abc import Callable, Iterator
from datetime import date
from itertools import product
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from jinja2 import StrictUndefined
from sqlalchemy.orm import Session

from portal.accounts.models import Actor
from portal.challenges.models import CallResult
from portal.challenges.models import Outcome as Closed
from portal.community.models import IdeaState
from portal.exchange.models import ContentKind
from portal.introductions import rules
from portal.introductions.models import Ending, Introduction, Outcome, State
from portal.notifications.models import Kind
from portal.notifications.rules import HEADER
from portal.pages.models import Announcement
from portal.programmes.models.proposals import ProposalDecision
from portal.reference.rules import Quarter
from portal.saved.rules import Change
from portal.support.models import (
    DirectoryEntry,
    Engagement,
    Proposal,
    ProposalKind,
    ProposalState,
    Task,
    TaskState,
)
from portal.support.queries.levels import level_words
from tests import makers
from tests.cast import Cast

PORTAL = Path(__file__).parent.parent.parent / "portal"
TEMPLATES = sorted(
    str(path.relative_to(path.parents[2])) for path in PORTAL.glob("*/templates/*/emails/*.txt")
)
DAY, NO_DAY = date(2026, 4, 7), None
NAMELESS = re.compile(r"^(It|They|Its|Their|This|That)\b(?! (is|was|are) )")
"""A body that begins with a word for somebody whom nobody has named."""

World = SimpleNamespace
Given = dict[str, Any]
Makes = Callable[[World], Iterator[Given]]


@pytest.fixture
def world(cast: Cast, session: Session) -> World:
    """A record, what people do with it, and those who write."""
    record = makers.innovation(of=cast.innovator)
    with session.no_autoflush:
        return World(
            cast=cast,
            record=record,
            other=makers.innovation("Other", of=cast.other_innovator),
            challenge=makers.challenge(of=cast.ics),
            hin=cast.hin.organisation.hin,
            other_hin=cast.other_hin.organisation.hin,
        )


ADA = Actor(user_id=1, name="Ada Price")


def once(_world: World) -> Iterator[Given]:
    """Nothing changes the words."""
    yield {}


def varying(**values: tuple[Any, ...]) -> Makes:
    """Every combination of the values."""

    def made(_world: World) -> Iterator[Given]:
        for one in product(*values.values()):
            yield dict(zip(values, one, strict=True))

    return made


def introductions(world: World) -> Iterator[Given]:
    """Introductions at every state, with a day and without, taken and not."""
    ends = [(State.ENDED, ending, None) for ending in Ending]
    came = [(State.ENDED, Ending.OUTCOME, outcome) for outcome in Outcome]
    for state, ending, outcome in [*((one, None, None) for one in State), *ends, *came]:
        for due in (DAY, NO_DAY):
            row = Introduction(
                innovation=world.record,
                organisation=world.cast.ics.organisation,
                broker_hin=world.hin,
                state=state,
                ending=ending,
                outcome=outcome,
                met_on=DAY,
            )
            row.due_on = due
            yield {"introduction": row, "rules": rules, "message": "Words."}


def outcomes(world: World) -> Iterator[Given]:
    """Introductions of which something came."""
    return (one for one in introductions(world) if one["introduction"].outcome)


def overdue(world: World) -> Iterator[Given]:
    """Introductions whose day has passed, taken and not."""
    for hin in (world.hin, None):
        row = Introduction(
            innovation=world.record, organisation=world.cast.ics.organisation, broker_hin=hin
        )
        row.due_on = DAY
        yield {"introduction": row}


def engagements(world: World) -> Iterator[Given]:
    """Engagements at every level, with a lead and a day and without."""
    for level, lead, due in product((1, 2, 3, 4), (world.cast.hin.user, None), (DAY, NO_DAY)):
        row = Engagement(
            innovation=world.record, hin=world.hin, level=level, lead=lead, waiting_until=DAY
        )
        row.due_on, row.waiting_for = due, "a grant"
        for message in ("They wrote this.", ""):
            yield {"engagement": row, "message": message, "why": message or "It was full."}


def due_engagements(world: World) -> Iterator[Given]:
    """Engagements whose next step has a day, as those have of which people are reminded."""
    return (one for one in engagements(world) if one["engagement"].due_on)


def proposals(world: World) -> Iterator[Given]:
    """Proposals of each kind, in each state, answered in words and without."""
    for kind, state, answer in product(
        ProposalKind, (ProposalState.ACCEPTED, ProposalState.DECLINED), ("Gladly.", "")
    ):
        row = Proposal(
            innovation=world.record,
            kind=kind,
            state=state,
            answer=answer,
            words="They have moved.",
            from_hin=world.hin,
            to_hin=world.other_hin,
        )
        row.due_on = DAY
        for today in (date(2026, 4, 1), date(2026, 5, 1)):
            for lead in (world.cast.other_hin.user, None):
                case = Engagement(innovation=world.record, hin=world.other_hin, lead=lead)
                case.due_on = DAY
                yield {"proposal": row, "today": today, "engagement": case}


def tasks(world: World) -> Iterator[Given]:
    """Threads that are tasks, and talks."""
    for assignee, state in product(("hin", None), TaskState):
        row = Task(title="Costs", assignee=assignee, due_on=DAY if assignee else None, state=state)
        yield {"task": row}


def many_led(world: World) -> Iterator[Given]:
    """One more case, or several."""
    rows = [one["engagement"] for one in engagements(world)]
    yield {"engagements": rows[:1]}
    yield {"engagements": rows}


def figures(_world: World) -> Iterator[Given]:
    """The first weekly email, and a later one."""
    for before in (None, 3.0):
        yield {"lines": [Change("Innovations", 5.0, before)]}


def gaps(world: World) -> Iterator[Given]:
    """What was looked for in vain, with words and by filters alone."""
    for words, note in product(("falls", ""), ("We look for falls.",)):
        yield {"gap": World(words=words, note=note, answer="Ask Brightwell.")}


def merges(world: World) -> Iterator[Given]:
    """Two records that become one, refused with words and without."""
    for why in ("It is the same sensor.", ""):
        yield {"kept": world.record, "why": why}


def base(world: World) -> Given:
    """What every email may name."""
    by: Actor = world.cast.hin.actor
    named = World(name="Digital maturity")
    return {
        "innovation": world.record,
        "other": world.other,
        "by": by,
        "inviter": by,
        "person": world.cast.innovator.user,
        "leaver": world.cast.colleague.user,
        "organisation": world.cast.innovator.organisation,
        "challenge": world.challenge,
        "unmet": World(
            challenge=world.challenge, organisation=world.cast.ics.organisation, note="Nothing."
        ),
        "who": "Greater Manchester",
        "email": "pat@example.org",
        "level_words": level_words,
        "link": "",
        "message": "They wrote this.",
        "why": "It was full.",
        "token": "TOKEN",
        "days": 14,
        "held": ["2 open cases", "1 introduction under way"],
        "words": World(subject="News of your record", body="There is news."),
        "until": DAY,
        "elsewhere": "Ask your ICS.",
        "comments": [("About", "Say more.")],
        "spent": "4 hours",
        "allowed": "4 hours",
        "label": "First site live",
        "milestone": World(label="First site live"),
        "partnership": World(agreed_on=DAY, aims="To help.", review_on=DAY),
        "review": World(on=DAY, outcomes="It helped."),
        "reason": "Pick it up",
        "today": DAY,
        "view": named,
        "saved": named,
        "title": "Innovations by stage",
        "settings": "https://portal.example/search/saved",
        "joined": World(hin=world.hin),
        "sheet": World(quarter=Quarter.of(DAY), subject_name="Thopaz+", due_on=DAY),
        "proposal": World(title="Digital chest drains"),
    }


def due_enquiries(world: World) -> Iterator[Given]:
    """Questions with a day, before it and after."""
    for one in enquiries(world):
        if one["enquiry"].due_on:
            for is_late in (True, False):
                one["enquiry"].organisation = world.cast.ics.organisation
                yield {**one, "is_late": is_late}


def enquiries(world: World) -> Iterator[Given]:
    """Questions of an ICS about a challenge, about a search, and about neither."""
    abouts = ((world.challenge, ""), (None, "falls"), (None, ""))
    for (challenge, words), note, due in product(abouts, ("We hope so.", ""), (DAY, None)):
        yield {
            "enquiry": World(challenge=challenge, words=words, note=note, due_on=due, hin=world.hin)
        }


def new_matches(world: World) -> Iterator[Given]:
    """One new match, and more than are named."""
    row = World(innovation=world.record, challenge=world.challenge)
    for more in (0, 1, 7):
        yield {"best": [(row, World(words="Much in common"))], "more": more}


def proposal_reminders(world: World) -> Iterator[Given]:
    """Reminders before the day of the reply and after it."""
    for one, is_late in product(proposals(world), (True, False)):
        yield {**one, "is_late": is_late}


def returns(world: World) -> Iterator[Given]:
    """Yearly returns of a company that one network supported, and of one that two did."""
    hins = (World(hin=world.hin), World(hin=world.other_hin))
    for networks, may_publish in product((hins[:1], hins), (True, False)):
        yield {
            "row": World(
                organisation=world.cast.innovator.organisation,
                campaign=World(label="2025/26", closes_on=DAY),
                networks=list(networks),
                may_publish=may_publish,
            ),
            "key": "KEY",
            "words": "Which grant was it?",
        }


def answers(world: World) -> Iterator[Given]:
    """Answers to challenges, with a day and without."""
    for due in (DAY, NO_DAY):
        told = {"challenge": world.challenge, "innovation": world.record, "hin": world.hin}
        answer = World(due_on=due, **told)
        yield {"answer": answer, "call": World(closes_on=DAY)}


def due_answers(world: World) -> Iterator[Given]:
    """Answers of whose day people are reminded."""
    return (one for one in answers(world) if one["answer"].due_on)


def ideas(world: World) -> Iterator[Given]:
    """Ideas at each state, with a day and without."""
    for due, state in product((DAY, NO_DAY), IdeaState):
        told = {"title": "Medicines ready", "owner": world.cast.ics.user, "state": state}
        idea = World(due_on=due, organisation=world.cast.hin.organisation, **told)
        asked = World(title="A day earlier", organisation=world.cast.ics.organisation)
        words = {"who": "Nell Shaw", "what": "a challenge", "due_on": due}
        for is_upheld in (True, False):
            yield {"idea": idea, "campaign": asked, "is_upheld": is_upheld, **words}


def due_ideas(world: World) -> Iterator[Given]:
    """Ideas whose day has passed."""
    return (one for one in ideas(world) if one["idea"].due_on)


def calls(_world: World) -> Iterator[Given]:
    """Calls, with each result, before and after the last day."""
    for result, is_over in product(CallResult, (False, True)):
        days = {"closes_on": DAY, "replies_by": DAY}
        told = {"why": "More time was asked for.", "is_over": is_over}
        yield {"call": World(result=result, **days), **told}


def helpers(_world: World) -> Iterator[Given]:
    """With a web address and without."""
    for link in ("", "https://www.nice.org.uk"):
        entry = DirectoryEntry(
            name="NICE", takes_on="Evaluation of devices.", refer="Ask early.", link=link
        )
        yield {"entries": [entry], "message": "Ask which evidence they want."}


def announced(_world: World) -> Iterator[Given]:
    """With a web address and without."""
    for link in ("", "https://www.example.org"):
        words = {"title": "Closed on Sunday", "words": "The service is away for two hours."}
        yield {"announcement": Announcement(**words, link=link)}


CASES: dict[str, Makes] = {
    "support/emails/signposted.txt": helpers,
    "pages/emails/announcement.txt": announced,
    **{f"impact/emails/{name}.txt": returns for name in ("asked", "reminded", "asked_back")},
    "impact/emails/accepted.txt": returns,
    **{
        f"challenges/emails/{name}.txt": calls
        for name in (
            *("call_published", "call_amended", "call_result", "call_came_of_it"),
            "call_followed",
            *("question_asked", "question_answered", "questions_late"),
        )
    },
    **{
        f"answers/emails/{name}.txt": answers
        for name in (
            *("arrived", "arrived_at_hin", "passed_on", "sent_back", "declined", "invited"),
            *("withdrawn", "message", "draft_waits", "arrived_sealed"),
        )
    },
    **{f"answers/emails/{name}.txt": due_answers for name in ("hin_waits", "decision_waits")},
    **{f"answers/emails/{name}.txt": answers for name in ("closed_at_hin", "closed_before")},
    "answers/emails/assess.txt": once,
    **{name: ideas for name in TEMPLATES if name.startswith("community/emails/")},
    "community/emails/overdue.txt": due_ideas,
    **{
        f"reports/emails/{name}.txt": varying(
            section=tuple(
                World(heading="Highlights", report=World(title="Quarterly report"), due_on=day)
                for day in (date(2026, 7, 1), None)
            )
        )
        for name in ("assigned", "commented", "asked", "approved", "review")
    },
    "reports/emails/early.txt": varying(report=(World(title="Quarterly report"),)),
    "exchange/emails/link_broken.txt": varying(
        item=(World(title="A year of calmer nights"),),
        link=(World(url="https://www.example.org/gone", said="It answered 404"),),
    ),
    "exchange/emails/published.txt": varying(
        item=tuple(
            World(kind=ContentKind.FUNDING, title="Calmer nights", summary=said, closes_on=day)
            for said in ("Money for a year of calmer nights.",)
            for day in (DAY, None)
        )
    ),
    "innovations/emails/record_news.txt": varying(
        lines=(["Answers changed: The need", "New file: costs.csv"], ["File gone: costs.csv"])
    ),
    "innovations/emails/record_reminder.txt": varying(
        words=("Ask again for the winter figures.",), on=(DAY,)
    ),
    "challenges/emails/opened.txt": once,
    "challenges/emails/followed_changed.txt": varying(
        names=(["The problem"], ["The problem", "Conditions"])
    ),
    "challenges/emails/followed_moved.txt": varying(
        challenge=tuple(
            World(title="Falls at home", outcome=one, organisation=World(name="Coventry ICS"))
            for one in (None, *Closed)
        )
    ),
    "challenges/emails/message.txt": varying(body=("Shall we look together?",)),
    "innovations/emails/sharing_answered.txt": varying(is_shared=(True, False)),
    "innovations/emails/sharing_waits.txt": varying(
        organisation=("Health Innovation West Midlands",), due_on=(DAY,), is_late=(True, False)
    ),
    "innovations/emails/sharing_wanted.txt": varying(due_on=(DAY, None)),
    "matching/emails/enquiry.txt": enquiries,
    "matching/emails/enquiry_answered.txt": enquiries,
    "matching/emails/enquiry_due.txt": due_enquiries,
    "matching/emails/news.txt": new_matches,
    "matching/emails/outcome.txt": varying(
        use=(
            World(place="Rose Court", is_trial=True, known_from=DAY),
            World(place="Rose Court", is_trial=False, known_from=DAY),
        )
    ),
    "innovations/emails/invitation_answered.txt": varying(accepted=(True, False)),
    "accounts/emails/mail_given_up.txt": varying(count=(1, 3)),
    "accounts/emails/invitation.txt": varying(is_vouched_for=(True, False)),
    "innovations/emails/asked_by_email.txt": varying(
        is_withdrawn=(True, False), link=("https://portal.example/x",)
    ),
    "innovations/emails/restored.txt": varying(why=("It is used.", "")),
    "innovations/emails/sharing_changed.txt": varying(before=("HINs only",), sharing=("public",)),
    "innovations/emails/submitted.txt": varying(
        hin=(World(name="Health Innovation West Midlands"), None), due_on=(DAY, None)
    ),
    "innovations/emails/transfer_answered.txt": varying(accepted=(True, False)),
    "pipeline/emails/saved_view.txt": figures,
    "search/emails/news.txt": varying(total=(1, 12), named=([],), more=(0, 1, 7)),
    "programmes/emails/decided.txt": varying(
        decision=tuple(
            World(outcome=outcome, feedback="It needs a second region first.")
            for outcome in ProposalDecision
        )
    ),
    "programmes/emails/message.txt": varying(programme=(World(name="Breath tests"),)),
    "programmes/emails/scores_overdue.txt": varying(due_on=(DAY,)),
    "support/emails/archived.txt": varying(why=("It ended.", "")),
    "support/emails/changes.txt": varying(message=("Please look.", "")),
    "support/emails/exempted.txt": varying(until=(DAY, None)),
    "desk/emails/leads.txt": many_led,
    "support/emails/task.txt": tasks,
    "proof/emails/standard_checked.txt": varying(
        standard=tuple(
            World(standard=World(label="DTAC"), valid_until=until) for until in (DAY, None)
        )
    ),
    "support/emails/survey.txt": engagements,
    "api/emails/webhook_stopped.txt": varying(
        webhook=(SimpleNamespace(url="https://example.org/hook"),)
    ),
    **{
        f"accounts/emails/passkey_{name}.txt": varying(name=("Work laptop",))
        for name in ("added", "removed")
    },
    "accounts/emails/approval_asked.txt": varying(
        asker=(ADA,), words=("turn off two-factor sign-in of Ida Brown",)
    ),
    "accounts/emails/approval_decided.txt": varying(
        decider=(ADA,), what=("agreed to", "refused"), words=("invite Bea Long",)
    ),
    **{
        f"proof/emails/{name}.txt": varying(
            validation=tuple(
                World(
                    question="Does it help?",
                    result="It does.",
                    numbers=numbers,
                    is_positive=positive,
                    is_published=published,
                )
                for numbers, positive, published in product(
                    ("3 of 4.", ""), (True, False), (True, False)
                )
            )
        )
        for name in ("validation", "validation_done", "validation_stopped")
    },
    **{
        f"support/emails/{name}.txt": engagements
        for name in (
            *("arrived", "changes_received", "engaging", "joined", "lead", "level", "budget"),
            *("picked_up", "waiting", "closed", "asked_again"),
        )
    },
    **{f"support/emails/reminder_{name}.txt": due_engagements for name in ("after", "before")},
    "support/emails/reminder_lead.txt": due_engagements,
    **{
        f"support/emails/{name}.txt": proposals
        for name in (
            *("handed_over", "joint", "proposal_answered", "proposal_proposed"),
            "proposal_withdrawn",
        )
    },
    "support/emails/proposal_reminder.txt": proposal_reminders,
    **{
        f"innovations/emails/{name}.txt": merges
        for name in ("merged", "merge_asked", "merge_refused", "parted")
    },
    **{f"search/emails/{name}.txt": gaps for name in ("answered", "gap", "turned")},
    **{name: introductions for name in TEMPLATES if name.startswith("introductions/emails/")},
    "introductions/emails/outcome.txt": outcomes,
    "introductions/emails/overdue.txt": overdue,
    "introductions/emails/reply_overdue.txt": overdue,
}


@pytest.mark.parametrize("name", TEMPLATES)
def test_it_is_made_of_complete_sentences(app: Flask, world: World, name: str) -> None:
    strict = app.jinja_env.overlay(undefined=StrictUndefined)
    with app.test_request_context():
        for given in CASES.get(name, once)(world):
            text = strict.get_template(name).render({**base(world), **given})
            kind, _, text = text.strip().partition("\n")
            assert Kind(kind.removeprefix(HEADER)), kind
            subject, _, body = text.strip().partition("\n")
            check(subject.strip(), body.strip())


def check(subject: str, body: str) -> None:
    """Refuse a subject that says nothing and a text that is not made of sentences."""
    assert 5 < len(subject) <= 150
    assert not subject.endswith((" ", ":", ","))
    for text in (subject, body):
        assert "None" not in text, text
        assert "  " not in text, text
        assert " ." not in text, text
        assert "{" not in text, text
    for paragraph in re.split(r"\n\s*\n", body):
        last = paragraph.strip().splitlines()[-1]
        ends = last.endswith((".", "?", "!", ":", "…", "”", ","))
        is_listed = last.startswith("- ") or "://" in last or re.match(r"[\w’ ]+: \S", last)
        is_signed = last in {"Hana West, Health Innovation West Midlands", "Costs"}
        assert ends or is_listed or is_signed, last
        assert re.match(r"[A-Z0-9“]", paragraph.strip()) or is_listed, paragraph
    first = body.removeprefix("Hello Ida Brown,").strip()
    assert not NAMELESS.match(first), first


def test_what_a_level_means_is_said(session: Session) -> None:
    assert level_words(2).startswith("Level 2 is “Refining or developing the offer”.")
    assert "12 hours" in level_words(2)
    assert level_words(9) == ""
