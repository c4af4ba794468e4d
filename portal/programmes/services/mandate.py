"""Record what a test of the funding mandate found of a record."""

from portal.accounts.models import Actor
from portal.audit import services as audit
from portal.clock import now
from portal.db import add_new
from portal.errors import Conflict, Forbidden, Invalid
from portal.innovations.models import Innovation
from portal.programmes.models import Answer, MandateCriterion, MandateResult
from portal.programmes.policy import can_edit
from portal.programmes.queries.mandate import last_number
from portal.programmes.rules.mandate import judged

MEANWHILE = "Somebody recorded this test meanwhile. Look at what they said first."


def record_test(
    *,
    innovation: Innovation,
    criterion: MandateCriterion,
    seen: int,
    by: Actor,
    answer: Answer | None = None,
    value: float | None = None,
    source: str = "",
    note: str = "",
) -> MandateResult:
    """Add what a test found. Of a test with a threshold the number decides, of others the answer.

    `seen` is the number of the row that the person saw, 0 for none. Raises Forbidden but for the
    national team, Invalid without an answer, or without a source for one that is known, Conflict
    when somebody recorded the test meanwhile.
    """
    if not can_edit(by):
        raise Forbidden("The national team records tests of the mandate.")
    if criterion.threshold is not None:
        answer = judged(criterion, value)
    if answer is None:
        raise Invalid("Select whether it is met", field="answer")
    if answer is not Answer.NOT_KNOWN and not source:
        raise Invalid("Enter where it stands", field="source")
    if last_number(innovation.id, criterion.id) != seen:
        raise Conflict(MEANWHILE)
    row = MandateResult(
        innovation_id=innovation.id,
        criterion=criterion,
        number=seen + 1,
        answer=answer,
        value=value if criterion.threshold is not None else None,
        source=source,
        note=note,
        at=now(),
        by_id=by.user_id,
    )
    if not add_new(row):
        raise Conflict(MEANWHILE)
    said = f"recorded the test “{criterion.name}”: {answer.label.lower()}"
    audit.note(innovation, "mandate_tested", said, by=by)
    return row
