"""Answer a return: by the personal link, signed in, or by phone; check it, and ask back."""

from dataclasses import dataclass

from portal.accounts.models import ANONYMOUS, Actor
from portal.clock import PartialDate, now, today
from portal.db import db, lock, use_once
from portal.errors import Conflict, Forbidden, Invalid
from portal.impact import outbox
from portal.impact.models import (
    CompanyReturn,
    HeardInvestment,
    InvestmentKind,
    ReturnInvestment,
    ReturnKey,
    ReturnState,
    ReturnStep,
    StepKind,
    Via,
)
from portal.impact.policy import (
    WRITABLE,
    can_answer,
    can_ask_back,
    can_be_answered,
    can_check,
    can_keep,
    is_networks,
)
from portal.impact.rules.given import ReturnAnswers, as_draft, is_companys_draft, unanswered
from portal.impact.rules.totals import Answer


@dataclass(frozen=True, slots=True)
class Answering:
    """Who answers: somebody signed in, or whoever has the link."""

    by: Actor = ANONYMOUS
    key: ReturnKey | None = None

    def via(self, row: CompanyReturn) -> Via:
        """Return how the answer comes."""
        if self.key is not None:
            return Via.LINK
        return Via.PHONE if is_networks(self.by, row) else Via.ACCOUNT

    def may(self, row: CompanyReturn) -> bool:
        """Whether they may answer this return today."""
        if self.key is not None:
            return self.key.return_id == row.id and can_be_answered(row, today())
        return can_answer(self.by, row, today())


def begin_with(*, key: ReturnKey) -> None:
    """Note that somebody began to answer with a link; only the first time is kept."""
    use_once(ReturnKey, ReturnKey.id == key.id, ReturnKey.opened_at.is_(None), opened_at=now())


def save(
    *, row: CompanyReturn, version: int, given: ReturnAnswers, hands_in: bool, who: Answering
) -> None:
    """Keep an answer, whole or in part, or hand it in.

    What is typed after it was asked back stands apart until it is handed in. Raises Forbidden for
    who may not, Conflict once an answer stands or where a network would keep part of one beside
    what the company began, Invalid for what cannot be, Outdated where it was changed meanwhile.
    """
    lock(row, seen=version)
    if row.state not in WRITABLE and who.key is not None:
        raise Conflict("This return was answered already.")
    if not who.may(row):
        raise Forbidden("This return cannot be answered now.")
    via = who.via(row)
    if hands_in:
        _refuse_unfinished(row, given, via)
    elif via is Via.PHONE and is_companys_draft(row):
        raise Conflict("The company has begun an answer of its own: hand in what it told you.")
    if row.state is ReturnState.ASKED_BACK and not hands_in:
        row.draft = as_draft(given, via)
    else:
        _keep(row, given)
        row.via = via
    if hands_in:
        _hand_in(row, who)
    elif row.state is ReturnState.ASKED:
        row.state = ReturnState.BEGUN
    db.session.flush()


def _refuse_unfinished(row: CompanyReturn, given: ReturnAnswers, via: Via) -> None:
    for name, words in unanswered(given, by_phone=via is Via.PHONE):
        raise Invalid(words, field=name)
    for kind, (_, day) in given.investments.items():
        if not row.campaign.first <= day.first <= row.campaign.last:
            year = row.campaign.label
            raise Invalid(f"{kind.label} must have a date in {year}", field=f"{kind.value}_on")


def _keep(row: CompanyReturn, given: ReturnAnswers) -> None:
    row.draft = None
    row.jobs_created, row.jobs_safeguarded = given.jobs_created, given.jobs_safeguarded
    row.share_owed, row.evidence = given.share_owed, given.evidence
    row.may_publish, row.spoken_to = given.may_publish, given.spoken_to
    row.investments.clear()
    db.session.flush()  # the old rows go first: one of a kind may stand
    for kind, (pounds, day) in given.investments.items():
        row.investments.append(
            ReturnInvestment(kind=kind, pounds=pounds, on=day.first, on_precision=day.precision)
        )


def _hand_in(row: CompanyReturn, who: Answering) -> None:
    row.state, row.handed_in_at = ReturnState.HANDED_IN, now()
    row.checked_at, row.checked_by_id = None, None
    row.steps.append(
        ReturnStep(
            kind=StepKind.HANDED_IN,
            at=row.handed_in_at,
            by_id=who.by.user_id,
            via=row.via,
            answer=_kept(row),
        )
    )
    outbox.note(row, "handed_in", "handed the yearly return in", by=who.by)


def _kept(row: CompanyReturn) -> dict[str, object]:
    return Answer(
        row.id,
        row.state,
        row.jobs_created or 0.0,
        row.jobs_safeguarded or 0.0,
        row.share_owed or 0,
        {one.kind: one.pounds for one in row.investments},
    ).as_kept()


# The network


def accept(*, row: CompanyReturn, version: int, by: Actor) -> None:
    """Accept an answer: it counts as checked. Raises Forbidden for networks that did not support
    the company, Conflict where it waits for no check, Outdated."""
    if not is_networks(by, row):
        raise Forbidden("Networks that supported the company check its answer.")
    lock(row, seen=version)
    if not can_check(by, row):
        raise Conflict("This answer waits for no check.")
    row.state, row.checked_at, row.checked_by_id = ReturnState.ACCEPTED, now(), by.user_id
    row.steps.append(ReturnStep(kind=StepKind.ACCEPTED, at=row.checked_at, by_id=by.user_id))
    db.session.flush()
    outbox.tell_accepted(row)
    outbox.note(row, "accepted", "accepted the yearly return", by=by)


def ask_back(*, row: CompanyReturn, version: int, words: str, by: Actor) -> None:
    """Ask the company about its answer, which does not count until it is handed in again.

    Raises Forbidden, Invalid without words, Conflict where no answer stands or the company cannot
    answer any more, Outdated.
    """
    if not is_networks(by, row):
        raise Forbidden("Networks that supported the company check its answer.")
    if not words:
        raise Invalid("Enter what you want to know", field="words")
    lock(row, seen=version)
    if not can_ask_back(by, row, today()):
        raise Conflict("The company cannot be asked now.")
    row.state = ReturnState.ASKED_BACK
    row.steps.append(ReturnStep(kind=StepKind.ASKED_BACK, at=now(), by_id=by.user_id, words=words))
    db.session.flush()
    outbox.tell(row, "asked_back", by=by, words=words)
    outbox.note(row, "asked_back", "asked the company about its yearly return", by=by)


def hear(
    *,
    row: CompanyReturn,
    kind: InvestmentKind,
    pounds: int,
    day: PartialDate,
    interaction_id: int | None = None,
    by: Actor,
) -> HeardInvestment:
    """Note investment of which a network heard: the company's answer begins with it.

    Raises Forbidden for networks that did not support the company, Invalid for a day outside the
    year of the return.
    """
    if not can_keep(by, row) or by.hin_id is None:
        raise Forbidden("Networks that supported the company note what they heard.")
    if not row.campaign.first <= day.first <= row.campaign.last:
        raise Invalid(f"The date must be in {row.campaign.label}", field="on")
    found = HeardInvestment(
        organisation_id=row.organisation_id,
        hin_id=by.hin_id,
        kind=kind,
        pounds=pounds,
        on=day.first,
        on_precision=day.precision,
        interaction_id=interaction_id,
        at=now(),
        by_id=by.user_id,
    )
    db.session.add(found)
    db.session.flush()
    outbox.note(row, "heard", "noted investment that was heard of", by=by)
    return found
