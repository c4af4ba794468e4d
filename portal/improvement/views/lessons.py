"""What was learnt, and for whom: to be searched, and kept."""

from flask import Response, render_template, request, url_for
from sqlalchemy import Select

from portal.clock import today
from portal.db import db, id_from
from portal.errors import Forbidden
from portal.improvement import policy
from portal.improvement.forms.engagement import LessonForm
from portal.improvement.models import Lesson, Node
from portal.improvement.queries.diagrams import nodes_to_choose
from portal.improvement.queries.lessons import lessons as found_lessons
from portal.improvement.queries.programmes import parts_of_all, safety_programmes
from portal.improvement.serialise.lessons import LESSONS
from portal.improvement.services.engagement import keep_lesson
from portal.improvement.views import blueprint
from portal.improvement.views.steps import reader, show
from portal.programmes.queries import programme_for
from portal.reference.queries import hins
from portal.web.filters import Filter, Filters, Option
from portal.web.steps import BOTH, Answer, done


def _filters() -> Filters:
    programmes = [Option(str(one.id), one.name) for one in safety_programmes(reader())]
    networks = [Option(hin.code, hin.name) for hin in hins()]
    return Filters(
        request.path,
        request.args,
        [
            Filter("programme", "Programme", programmes),
            Filter("network", "Network", networks),
        ],
        words="q",
    )


def _statement(filters: Filters) -> Select[Lesson]:
    ids = {hin.code: hin.id for hin in hins()}
    parts = parts_of_all()
    chosen = [parts[int(code)] for code in filters["programme"]]
    return found_lessons(
        words=filters.text,
        programme_ids=set().union(*chosen),
        hin_ids=[ids[code] for code in filters["network"]],
    )


@blueprint.get("/improvement/lessons")
def lessons() -> str:
    """Find what was learnt."""
    filters = _filters()
    return render_template(
        "improvement/lessons.html",
        found=LESSONS.on_page(db.session, _statement(filters), filters),
        may_write=policy.can_write(reader()),
    )


@blueprint.get("/improvement/lessons.<any(csv, xlsx):kind>")
def lessons_file(kind: str) -> Response:
    """Return what was learnt as a file."""
    filters = _filters()
    return LESSONS.file(kind, db.session, _statement(filters), filters)


@blueprint.route("/improvement/lessons/new", methods=BOTH)
def new_lesson() -> Answer:
    """Keep what was learnt."""
    actor = reader()
    if not policy.can_write(actor):
        raise Forbidden("People of networks and of the national team keep what was learnt.")
    programmes = safety_programmes(actor)
    nodes = [
        (name, [(one.id, f"{one.label}: {one.row.words}") for one in found])
        for name, found in nodes_to_choose([one.id for one in programmes], today())
    ]
    form = LessonForm(
        data={
            "programme": id_from(request.args.get("programme", "")),
            "node": id_from(request.args.get("idea", "")),
        }
    )
    form.offer(programmes, nodes)
    if form.is_submitted_and_valid():
        with form.refusals():
            keep_lesson(
                programme=programme_for(actor, form.programme.data),
                title=form.title.data,
                words=form.words.data,
                audience=form.audience.data or "",
                node=db.session.get(Node, form.node.data) if form.node.data else None,
                by=actor,
            )
            return done("It is kept.", url_for("improvement.lessons"))
    back = (url_for("improvement.lessons"), "Back to what was learnt")
    return show(form, "Keep what was learnt", "Save", back=back)
