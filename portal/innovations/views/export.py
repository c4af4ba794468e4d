"""One whole record to keep or to print, with what the person who asks may see and no more."""

import json

from flask import Response, render_template

from portal.accounts.session import current_actor
from portal.innovations.policy import can_see_people
from portal.innovations.queries import history, innovation_for, standing
from portal.innovations.queries.export import exported
from portal.innovations.queries.reading import shown_parts
from portal.innovations.queries.supporters import may_read_confidential
from portal.innovations.sections.answers import submitted_answers
from portal.innovations.sections.questions import PARTS
from portal.innovations.views import blueprint

BASE = "/innovations/<int:innovation_id>"


@blueprint.get(f"{BASE}/export.json")
def export_json(innovation_id: int) -> Response:
    """Give the record as a JSON file."""
    actor = current_actor()
    record = exported(actor, innovation_for(actor, innovation_id, *standing.WHOLE))
    body = json.dumps(record, ensure_ascii=False, indent=2) + "\n"
    response = Response(body, mimetype="application/json")
    name = f"innovation-{innovation_id}.json"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


@blueprint.get(f"{BASE}/print")
def print_page(innovation_id: int) -> str:
    """Show the whole record on one page that prints well."""
    actor = current_actor()
    innovation = innovation_for(actor, innovation_id, *standing.PRINTED)
    confidential = may_read_confidential(actor, innovation)
    answers = [(part, submitted_answers(innovation, part)) for part in PARTS.values()]
    return render_template(
        "innovations/print.html",
        innovation=innovation,
        parts=shown_parts(answers, confidential=confidential),
        confidential=confidential,
        verifications=history.verifications(innovation),
        has_people=can_see_people(actor, innovation),
    )
