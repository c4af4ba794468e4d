"""The open data: what anybody may see on the pages, as files."""

import json
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import current_app

from portal.accounts.models import ANONYMOUS
from portal.api.queries import records
from portal.api.queries.national import frozen_quarters, national_figures
from portal.clock import now, today
from portal.exports.queries import at_one_moment
from portal.exports.rules.package import ATTRIBUTION, LICENCE, Descriptor, package, resource
from portal.exports.rules.values import plain
from portal.exports.serialise import sheets
from portal.exports.serialise.archive import Sheet, write_both
from portal.exports.serialise.shapes import addresses
from portal.exports.services.publishing import Content
from portal.pipeline.rules.days import quarters_until

PACKAGE = "datapackage.json"
QUARTERS = 12
"""Of the pipeline by stage: three years."""


def contents() -> list[Content]:
    """Return every file of the open data, as strangers may see it now."""
    with addresses(), at_one_moment(), TemporaryDirectory() as folder:
        made = [_content(sheet, Path(folder)) for sheet in _sheets()]
    described = [one for _, one in made]
    return [*(content for content, _ in made), _package(described)]


def _sheets() -> Iterator[Sheet]:
    yield sheets.innovations(ANONYMOUS, records.records(ANONYMOUS, None))
    yield sheets.challenges(ANONYMOUS)
    yield sheets.stages(quarters_until(today(), QUARTERS))
    settled = (national_figures(one) for one in frozen_quarters())
    yield sheets.figure_values(settled, "National figures by quarter, once they are settled")
    yield sheets.definitions()
    yield from sheets.reference_sheets()


def _content(sheet: Sheet, folder: Path) -> tuple[Content, Descriptor]:
    as_csv = folder / f"{sheet.name}.csv"
    rows, _ = write_both(sheet, as_csv, folder / "json")
    data = as_csv.read_bytes()
    described = resource(
        sheet.name,
        path=as_csv.name,
        title=sheet.title,
        description=sheet.description,
        schema=sheet.schema,
        rows=rows,
        bytes=len(data),
        licenses=[LICENCE],
    )
    return Content(as_csv.name, "text/csv", data), described


def _package(described: list[Descriptor]) -> Content:
    service = current_app.config["SERVICE_NAME"]
    whole = package(
        "open-data",
        f"{service}: open data",
        described,
        description=ATTRIBUTION,
        created=plain(now()),
        licenses=[LICENCE],
    )
    text = json.dumps(whole, indent=1, ensure_ascii=False)
    return Content(PACKAGE, "application/json", text.encode())
