"""The open data: a page that lists the files, and the files at addresses that stay."""

import json
from typing import Any

from flask import Response, abort, render_template, request

from portal.exports import queries
from portal.exports.rules import OPEN_DATA
from portal.exports.rules.package import ATTRIBUTION, LICENCE
from portal.exports.serialise.open_data import PACKAGE
from portal.exports.views import blueprint
from portal.figures.views.strangers import for_strangers
from portal.files import content_of
from portal.web.access import public
from portal.web.downloads import compressed

KEPT_SECONDS = 3600
"""How long anybody may keep a file before they ask again."""


@blueprint.get("/open-data")
@public
@for_strangers
def open_data() -> str:
    """List the files, with what each column means."""
    return render_template(
        "exports/open_data.html",
        files={one.name: one for one in queries.open_data()},
        resources=_resources(),
        package=PACKAGE,
        licence=LICENCE,
        attribution=ATTRIBUTION,
    )


def _resources() -> list[dict[str, Any]]:
    """Return what describes each file; nothing before the first night."""
    row = queries.open_data_file(PACKAGE)
    return list(json.loads(content_of(row.stored, room=OPEN_DATA))["resources"]) if row else []


@blueprint.get("/open-data/<name>")
@public
def open_data_file(name: str) -> Response:
    """Give a file; whoever has it already gets a 304."""
    row = queries.open_data_file(name)
    if row is None:
        abort(404)  # signing in would not help a stranger, nor a program
    response = Response(content_of(row.stored, room=OPEN_DATA), mimetype=row.media_type)
    response.headers["Cache-Control"] = f"public, max-age={KEPT_SECONDS}"
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers.set("Content-Disposition", "inline", filename=row.name)
    response.vary.add("Accept-Encoding")
    response.last_modified = row.at
    response.set_etag(row.digest, weak=True)
    response.make_conditional(request)
    return compressed(response)
