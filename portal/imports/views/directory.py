"""Files of the national directory: send one, follow its reading, and read what it did."""

from flask import Response as Plain
from flask import make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.accounts.session import current_actor
from portal.clock import today
from portal.db import db
from portal.imports import queries
from portal.imports.forms import DirectoryForm, DirectoryUploadForm
from portal.imports.models import DirectoryFile, DirectoryFileState
from portal.imports.serialise.directory import told_of
from portal.imports.services import directory as services
from portal.imports.views import blueprint
from portal.imports.views.rows import REFRESH_SECONDS
from portal.reference.rules.ods import BY_NAME, REPORTS
from portal.web.filters import Filters
from portal.web.limits import limiter
from portal.web.paging import page_number, paginate
from portal.web.sent_sheets import expect_sent

BUSY = {DirectoryFileState.WAITING, DirectoryFileState.READING}


@blueprint.route("/directory", methods=["GET", "POST"])
@limiter.limit("60 per hour", methods=["POST"])
def directory() -> str | Response | tuple[str, int]:
    """Show the files that were sent, and take one."""
    actor = current_actor()
    found = queries.directory_files(actor)
    form = DirectoryUploadForm(data={"on": today()})
    if form.is_submitted_and_valid():
        with form.refusals():
            file = _received(form)
            db.session.commit()
            return redirect(url_for("imports.directory_file", directory_file_id=file.id))
    page = render_template(
        "imports/directory.html",
        form=form,
        reports=REPORTS,
        page=paginate(db.session, found, page=page_number(request.args)),
        filters=Filters(request.path, request.args),
    )
    return page, form.status


def _received(form: DirectoryUploadForm) -> DirectoryFile:
    """Keep the file; raises Invalid where it is no table. Whether it fits is told once it is
    read."""
    assert form.file.sent is not None  # noqa: S101  # the form asks for it
    stream, name = form.file.sent
    data = stream.read()
    with queries.only_reading():
        expect_sent(data, name)
    report = form.report.data or ""
    return services.receive(data=data, name=name, report=report, by=current_actor(), **form.said)


@blueprint.route("/directory/<int:directory_file_id>", methods=["GET", "POST"])
def directory_file(directory_file_id: int) -> Response | Plain:
    """Show how far a file is, what reading it did, or why it was refused; read it once more."""
    actor = current_actor()
    file = queries.directory_file(actor, directory_file_id)
    how = [name for name, is_so in (("part", file.is_part), ("smaller", file.may_shrink)) if is_so]
    form = DirectoryForm(data={"on": file.on, "report": file.report, "how": how})
    del form.report
    if form.is_submitted_and_valid():
        with form.refusals():
            services.read_again(file=file, by=actor, **form.said)
            db.session.commit()
            return redirect(url_for("imports.directory_file", directory_file_id=file.id))
    page = make_response(
        render_template(
            "imports/directory_file.html",
            file=file,
            form=form,
            report=BY_NAME[file.report],
            told=told_of(file),
            job=queries.job_of(file),
        ),
        form.status,
    )
    if file.state in BUSY:
        page.headers["Refresh"] = str(REFRESH_SECONDS)
    return page
