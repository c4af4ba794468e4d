"""Write what HINs arrange among themselves: proposals, exemptions, full loads, messages to many."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial

from portal.demo import queries
from portal.demo.rules import words
from portal.demo.rules.diary import Diary
from portal.demo.rules.draw import number
from portal.demo.services.happening import happening
from portal.demo.services.people import People
from portal.demo.services.places import Places
from portal.desk.rules import STARTERS, MessageText
from portal.desk.services import cases as desk
from portal.desk.services import messages
from portal.innovations.models import Innovation
from portal.support import queries as support
from portal.support.models import EngagementState, Proposal, ProposalKind
from portal.support.queries.proposals import engaging_beside
from portal.support.services import due_dates, proposals

STEPS = 4
"""How many steps `write` yields."""


def write(places: Places, people: People) -> Iterator[None]:
    """Write all of it, in the order of its days."""
    diary = Diary(places.today, "networks")
    for step in (_loads, _proposals, _exemption, _messages):
        step(diary, places, people)
        yield


def _loads(diary: Diary, places: Places, people: People) -> None:
    """Say for everybody of a HIN but one what is a full load, each another."""
    with happening(diary, 60):
        for organisation in places.of_hin.values():
            lead, *others = people.of[organisation.id]
            for person in others:
                cases = number(f"{person.name}:full", 8, 22)
                desk.set_capacity(user_id=person.user_id or 0, cases=cases, by=lead)


def _proposals(diary: Diary, places: Places, people: People) -> None:
    """Propose at every state: accepted, declined, withdrawn, and open on both sides."""
    ours = queries.helped_alone("HI-WM")
    hin, manchester, east = (people.by_key[key] for key in ("hin", "other_hin", "third_hin"))

    def propose(
        days_ago: int, innovation: Innovation, kind: ProposalKind, by: str, to: str
    ) -> Proposal:
        with happening(diary, days_ago):
            return proposals.propose(
                innovation=innovation,
                kind=kind,
                to_hin_id=people.by_key[to].hin_id or 0,
                words=words.PROPOSALS[kind.value],
                by=people.by_key[by],
            )

    declined = propose(40, ours[0], ProposalKind.HANDOVER, "hin", "third_hin")
    _answered(diary, 37, declined, partial(proposals.decline, why=words.PROPOSAL_NO, by=east))
    withdrawn = propose(30, ours[1], ProposalKind.JOINT, "hin", "other_hin")
    _answered(diary, 28, withdrawn, partial(proposals.withdraw, by=hin))
    joint = propose(20, ours[2], ProposalKind.JOINT, "fourth_hin", "hin")
    known = engaging_beside(joint.innovation_id, hin.hin_id)
    yes = partial(proposals.accept, known=known, answer=words.PROPOSAL_YES, by=hin)
    _answered(diary, 18, joint, yes)
    [given, *_] = queries.helped_alone("HIN-SL")
    handover = propose(16, given, ProposalKind.HANDOVER, "fourth_hin", "other_hin")
    known = engaging_beside(handover.innovation_id, manchester.hin_id)
    yes = partial(proposals.accept, known=known, answer=words.PROPOSAL_YES, by=manchester)
    _answered(diary, 14, handover, yes)
    propose(3, queries.helped_alone("HI-MAN")[-1], ProposalKind.HANDOVER, "other_hin", "hin")
    propose(2, ours[3], ProposalKind.JOINT, "third_hin", "hin")
    propose(2, ours[4], ProposalKind.JOINT, "hin", "other_hin")


def _answered(
    diary: Diary, days_ago: int, proposal: Proposal, answer: Callable[..., object]
) -> None:
    with happening(diary, days_ago):
        answer(proposal=proposal, version=proposal.version)


def _exemption(diary: Diary, places: Places, people: People) -> None:
    """Let one case off its day, with another day instead."""
    lead = people.by_key["hin"]
    [innovation, *_] = queries.helped_in("HI-WM", EngagementState.ASSESSING)
    engagement = support.own_engagement(lead, innovation.id)
    with happening(diary, 2):
        due_dates.exempt(
            engagement=engagement,
            version=engagement.version,
            why=words.EXEMPTION,
            until=places.today + timedelta(days=25),
            by=lead,
        )


def _messages(diary: Diary, places: Places, people: People) -> None:
    """Keep a template, and write to a few innovators at once."""
    by = people.by_key["hin_colleague"]
    found = [support.own_engagement(by, one.id) for one in queries.helped_alone("HI-WM")[:3]]
    with happening(diary, 1):
        messages.save_template(
            name=words.TEMPLATE_NAME,
            words=MessageText(words.TEMPLATE_SUBJECT, words.TEMPLATE_BODY),
            by=by,
        )
        messages.send(engagements=found, words=STARTERS[0].words, by=by)
