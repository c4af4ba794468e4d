"""The record as its readers see it: what was submitted, tab by tab."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.accounts.session import current_actor
from portal.clock import today
from portal.innovations.models import Evidence, Innovation, ProvenStatus, RecordStatus
from portal.innovations.policy import can_edit, can_manage, is_own, is_proven, is_verified
from portal.innovations.queries import history, innovation_for, is_open_to_all, standing
from portal.innovations.queries.duplicates import likely_duplicates
from portal.innovations.queries.reading import SectionRows, shown_parts
from portal.innovations.queries.supporters import may_read_confidential
from portal.innovations.rules import deciding
from portal.innovations.sections.answers import submitted_answers
from portal.innovations.sections.questions import ABOUT, COSTS, EVIDENCE, NEED, PLANS, USE, Part
from portal.innovations.views import blueprint
from portal.web.access import public
from portal.web.paging import Address, cut, page_number

BASE = "/innovations/<int:innovation_id>"
OPEN = ("overview", "evidence", "evidence_file", "standards", "use")
OPEN_PAGES = frozenset(f"innovations.{page}" for page in OPEN)


@blueprint.before_request
def ask_to_sign_in() -> Response | None:
    """Send a stranger to the sign-in page unless the record is open to all.

    The answer is the same for a private record and for none at all.
    """
    arguments = request.view_args or {}
    if request.endpoint not in OPEN_PAGES or current_actor().is_signed_in:
        return None
    if is_open_to_all(arguments["innovation_id"]):
        return None
    return redirect(url_for(current_app.config["LOGIN_VIEW"], next=request.path))


@dataclass(frozen=True)
class RecordHeading:
    """What stands above the tabs of every page of a record."""

    is_proven: bool
    is_own: bool
    may_edit: bool
    may_manage: bool


def head_of(innovation: Innovation) -> RecordHeading:
    """Return the head of the record for the person who asks."""
    actor = current_actor()
    return RecordHeading(
        is_proven(innovation, today()),
        is_own(actor, innovation),
        can_edit(actor, innovation),
        can_manage(actor, innovation),
    )


blueprint.add_app_template_global(head_of, "record_head")


@blueprint.route(BASE)
@public
def overview(innovation_id: int) -> str | Response:
    """Show what it is, the need, the benefits, costs and plans."""
    actor = current_actor()
    innovation = innovation_for(actor, innovation_id, *standing.OVERVIEW)
    if innovation.status is RecordStatus.DRAFT:
        return redirect(url_for("innovations.tasks", innovation_id=innovation.id))
    return render_template(
        "innovations/overview.html",
        innovation=innovation,
        parts=_parts(innovation, ABOUT, NEED, COSTS, PLANS),
        above={"name", "summary", "description"},
        decision=_decision(innovation),
        similar=likely_duplicates(actor, innovation) if actor.is_staff else None,
    )


PROOF_PAGES = {
    "evidence": "innovations.evidence",
    "real_world": "innovations.evidence",
    "in_use": "innovations.use",
    "standards": "innovations.standards",
}
"""Where the reader finds what met each rule of *proven*."""


@dataclass(frozen=True)
class Decision:
    """What an adopter reads first of a record."""

    best: Evidence | None
    spread: deciding.Spread
    price: str
    guidance: list[tuple[str, str]]
    proof: ProvenStatus | None
    proof_pages: Mapping[str, str]

    @property
    def best_without_number(self) -> str:
        """What stands before a result that tells no number; "" otherwise."""
        best = self.best
        return "" if best is None or deciding.tells_number(best) else deciding.NO_NUMBER


def _decision(innovation: Innovation) -> Decision:
    day = today()
    return Decision(
        deciding.best_result(innovation.evidence),
        deciding.spread(innovation.uses, day),
        deciding.price(innovation),
        deciding.guidance(innovation.evidence),
        history.standing_verification(innovation, day) if is_proven(innovation, day) else None,
        PROOF_PAGES,
    )


@blueprint.route(f"{BASE}/evidence")
@public
def evidence(innovation_id: int) -> str:
    """Show the evidence."""
    innovation = innovation_for(current_actor(), innovation_id, *standing.EVIDENCE)
    return render_template(
        "innovations/evidence.html", innovation=innovation, shown=_parts(innovation, EVIDENCE)[0]
    )


@blueprint.route(f"{BASE}/standards")
@public
def standards(innovation_id: int) -> str:
    """Show what HIN staff checked, apart from what the innovator says."""
    innovation = innovation_for(current_actor(), innovation_id, *standing.STANDARDS)
    day = today()
    held = innovation.standards
    return render_template(
        "innovations/standards.html",
        innovation=innovation,
        verified=[row for row in held if is_verified(row, day)],
        declared=[row for row in held if not is_verified(row, day)],
        today=day,
    )


@blueprint.route(f"{BASE}/use")
@public
def use(innovation_id: int) -> str:
    """Show where it is in use."""
    innovation = innovation_for(current_actor(), innovation_id, *standing.USES)
    shown = _parts(innovation, USE)[0]
    return render_template(
        "innovations/use.html",
        innovation=innovation,
        page=cut(list(zip(shown.items, innovation.uses, strict=False)), page_number(request.args)),
        address=Address(request.path, request.args.to_dict()),
    )


def _parts(innovation: Innovation, *parts: Part) -> list[SectionRows]:
    """Return sections as submitted, with what is in confidence only for those who may read it."""
    confidential = may_read_confidential(current_actor(), innovation)
    answers = [(part, submitted_answers(innovation, part)) for part in parts]
    return shown_parts(answers, confidential=confidential)
