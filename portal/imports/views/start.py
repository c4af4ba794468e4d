"""Begin an import: what was brought in before, and the upload."""

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.accounts.models import Actor
from portal.accounts.session import current_actor
from portal.db import db
from portal.errors import Forbidden
from portal.imports import policy, queries
from portal.imports.forms import UploadForm
from portal.imports.models import Import
from portal.imports.serialise.files import accepted
from portal.imports.serialise.kinds import KINDS, Kind, kind_of, kinds_for
from portal.imports.services import files
from portal.imports.views import blueprint
from portal.web.filters import Filters
from portal.web.limits import limiter
from portal.web.paging import page_number, paginate
from portal.web.sent_sheets import read_sent


@blueprint.get("")
def index() -> str:
    """Show what was brought in, and where one begins."""
    actor = queries.require_importer(current_actor())
    number = page_number(request.args)
    return render_template(
        "imports/index.html",
        kinds=kinds_for(actor),
        of=KINDS,
        page=paginate(db.session, queries.imports_of(actor), page=number),
        filters=Filters(request.path, request.args),
        may_register=policy.can_register_on_behalf(actor),
    )


@blueprint.route("/new/<kind>", methods=["GET", "POST"])
@limiter.limit("60 per hour", methods=["POST"])
def upload(kind: str) -> str | Response | tuple[str, int]:
    """Take a file."""
    actor, found = current_actor(), kind_of(kind)
    require(found, actor)
    form = UploadForm()
    if form.is_submitted_and_valid():
        with form.refusals():
            importing = _begun(form, found, actor)
            db.session.commit()
            return redirect(url_for("imports.sheet", import_id=importing.id))
    return render_template("imports/upload.html", form=form, kind=found), form.status


def require(kind: Kind, actor: Actor) -> None:
    """Raise Forbidden for whoever may not bring this kind in."""
    if not kind.may(actor):
        raise Forbidden(f"You cannot bring {kind.many} in.")


def _begun(form: UploadForm, kind: Kind, actor: Actor) -> Import:
    """Begin an import with the file; raises Invalid where it cannot be read."""
    assert form.file.sent is not None  # noqa: S101  # the form asks for it
    stream, name = form.file.sent
    data = stream.read()
    with queries.only_reading():
        read_sent(data, name)
    source = form.source.data or ""
    return files.begin(kind=kind.code, name=name, data=data, source=source, by=actor)


@blueprint.get("/columns/<kind>")
def columns(kind: str) -> str:
    """Show the columns that a file of a kind may have."""
    actor, found = current_actor(), kind_of(kind)
    require(found, actor)
    return render_template("imports/accepted.html", kind=found, rows=accepted(found.fields()))


@blueprint.get("/to-verify")
def to_verify() -> str:
    """Show the records that a file said to be proven, for somebody to verify."""
    actor = queries.require_importer(current_actor())
    if not policy.can_follow_claims(actor):
        raise Forbidden("Records are verified by HIN staff.")
    page = paginate(db.session, queries.to_verify(actor), page=page_number(request.args))
    return render_template(
        "imports/to_verify.html", page=page, filters=Filters(request.path, request.args)
    )
