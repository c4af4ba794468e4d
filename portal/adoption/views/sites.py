"""The sites behind a number, and what was said of one of them."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.adoption import policy
from portal.adoption.forms import SayForm
from portal.adoption.queries.areas import Leads
from portal.adoption.queries.behind import PairsQuery
from portal.adoption.queries.places import allowed_hin_id, claim_in, place_rows
from portal.adoption.queries.spread import labels
from portal.adoption.rules.wanted import SiteFilter
from portal.adoption.serialise.claims import FROM_LIST
from portal.adoption.serialise.sites import HEADER, file_rows, page_of_lines, site_lines
from portal.adoption.services.saying import say
from portal.adoption.views import blueprint
from portal.adoption.views.steps import BOTH, LIST, Answer, case_for, reader, topic_for
from portal.db import db
from portal.errors import Forbidden
from portal.innovations.queries import innovation_for
from portal.reference.queries import icss
from portal.reference.queries.sites import site as place_of
from portal.web.downloads import Cell, list_file
from portal.web.paging import Address, page_number


@blueprint.get(f"{LIST}/sites")
def sites(list_id: int) -> str:
    """List the sites that a number counted."""
    case, wanted, leads = topic_for(list_id), SiteFilter.of(request.args), Leads()
    asked = case.asked
    narrowing = asked.narrowing(leads.hins, icss(asked.on) if asked.ics else [])
    question = PairsQuery(
        list_id, list(case.names), asked.on, asked.since, narrowing, asked.cohort, wanted
    )
    return render_template(
        "adoption/sites.html",
        case=case,
        eligible=case.eligible,
        asked=asked,
        page=page_of_lines(question, leads, page_number(request.args)),
        words=wanted.words(case.labels),
        address=Address(request.path, request.args.to_dict()),
    )


@blueprint.get(f"{LIST}/sites.<any(csv, xlsx):kind>")
def sites_file(list_id: int, kind: str) -> Response:
    """Download the sites that a number counted."""
    case, wanted = case_for(list_id), SiteFilter.of(request.args)
    asked = case.asked
    lines = site_lines(case.spread, case.narrowing, asked.on, asked.since, wanted)
    rows = file_rows(lines, case.labels, case.names, asked.on)
    words = wanted.words(case.labels)
    about: dict[str, Cell] = {"List": case.eligible.name, "As at": asked.on, "Only": words}
    return list_file(f"sites-{list_id}-{asked.on}", kind, HEADER, rows, about)


@blueprint.route("/innovations/<int:innovation_id>/sites/<int:site_id>", methods=BOTH)
def site(innovation_id: int, site_id: int) -> Answer:
    """Show what was said of one site; its own network says what is new, or corrects a row."""
    actor = reader()
    innovation, place = innovation_for(actor, innovation_id), place_of(site_id)
    hin_id = allowed_hin_id(place)
    back, is_listed = _back(innovation_id)
    form = SayForm.for_rows(rows := place_rows(innovation_id, site_id))
    may_say = policy.can_update(actor, hin_id)
    if request.method == "POST" and not may_say:
        raise Forbidden("Only the network of an area says where its sites stand.")
    if form.is_submitted_and_valid():
        with form.refusals():
            say(innovation=innovation, site=place, said=form.said, by=actor)
            db.session.commit()
            flash("It is recorded.", "success")
            return redirect(back if is_listed else request.path)
    page = render_template(
        "adoption/site.html",
        innovation=innovation,
        place=place,
        rows=rows,
        form=form,
        claim=claim_in(rows),
        may_say=may_say,
        labels=labels(),
        back=back,
        is_listed=is_listed,
    )
    return page, form.status


def _back(innovation_id: int) -> tuple[str, bool]:
    """Return whence the page of a site was opened, and whether that is the list of claims."""
    if request.args.get("from") == FROM_LIST:
        return url_for("adoption.claims"), True
    return url_for("adoption.record", innovation_id=innovation_id), False
