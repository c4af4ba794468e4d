"""What can be downloaded: templates, what is here as a file to change, a file with its problems."""

from flask import Response

from portal.accounts.session import current_actor
from portal.db import db
from portal.imports import queries
from portal.imports.serialise.files import problems_response, sheet_response, template_response
from portal.imports.serialise.kinds import kind_of
from portal.imports.serialise.samples import sample_of
from portal.imports.views import blueprint
from portal.imports.views.start import require
from portal.web.downloads import csv_response


@blueprint.get("/template/<kind>.xlsx")
def template(kind: str) -> Response:
    """Give an empty workbook with lists to choose from."""
    found = kind_of(kind)
    require(found, current_actor())
    return template_response(f"{found.many}-template.xlsx", found.fields())


@blueprint.get("/sample/<kind>.csv")
def sample(kind: str) -> Response:
    """Give a small file as people have them, to try it with."""
    found = kind_of(kind)
    actor = current_actor()
    require(found, actor)
    header, rows = sample_of(found.code, is_network=actor.is_hin)
    return csv_response(f"{found.many}-sample.csv", header, rows)


@blueprint.get("/export/<kind>.xlsx")
def export(kind: str) -> Response:
    """Give what is here as a workbook that can be changed and brought in again."""
    actor, found = current_actor(), kind_of(kind)
    require(found, actor)
    return sheet_response(f"{found.many}.xlsx", found.fields(), found.exported(actor))


@blueprint.get("/<int:import_id>/problems.xlsx")
def problems(import_id: int) -> Response:
    """Give the file as it was sent, with what is wrong with each row."""
    importing = queries.import_for(current_actor(), import_id)
    return problems_response(importing, db.session.scalars(queries.rows_of(importing)))
