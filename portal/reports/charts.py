"""The charts of a report as pictures, and as a data package for whoever draws their own."""

import csv
import io
import json
import zipfile
from typing import Any

from portal.reports.models import ReportRelease
from portal.reports.rules.document import Content, charts
from portal.web.charts import SYSTEM_TILE, Bars, TileMap, bars, tile_map
from portal.web.downloads import csv_cell

COLUMNS = ("label", "value", "shown", "unit", "as_at", "is_frozen", "reference")
TYPES = {"value": "number", "as_at": "datetime", "is_frozen": "boolean"}
"""The kinds of those columns that are no texts."""
FIXED = (2020, 1, 1, 0, 0, 0)
"""Files in a package carry one time, so that the same version is the same file, byte by byte."""


def picture(chart: Content) -> Bars:
    """Return a chart as bars, in its own order."""
    rows = [
        (one["label"], round(one["value"] or 0), round(one["value"] or 0)) for one in chart["bars"]
    ]
    return bars(chart["sentence"], rows)


def map_of(chart: Content) -> TileMap | None:
    """Return a chart as a map of tiles; None where its bars have no places."""
    if not all("place" in one for one in chart["bars"]):
        return None
    places = [(_short(o["label"]), *o["place"], round(o["value"] or 0)) for o in chart["bars"]]
    return tile_map(chart["sentence"], places, SYSTEM_TILE)


def _short(network: str) -> str:
    """Return the name of a network for a tile: all of them begin with the same words."""
    return network.removeprefix("Health Innovation ").removeprefix("Network ")


def package(release: ReportRelease) -> bytes:
    """Return a zip of a Frictionless data package: a CSV for each chart of a version."""
    file = io.BytesIO()
    resources = []
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for place, (section, chart) in enumerate(charts(release.content), start=1):
            name = f"chart-{place}"
            archive.writestr(zipfile.ZipInfo(f"{name}.csv", FIXED), _csv(release.content, chart))
            resources.append(_resource(name, section, chart))
        about = {
            "name": f"report-{release.report.slug}-v{release.number}",
            "title": release.title,
            "version": str(release.number),
            "created": release.published_at.isoformat(),
            "resources": resources,
        }
        words = json.dumps(about, indent=2, ensure_ascii=False)
        archive.writestr(zipfile.ZipInfo("datapackage.json", FIXED), words)
    return file.getvalue()


def _csv(content: Content, chart: Content) -> str:
    figures = {one["number"]: one for one in content["figures"]}
    words = io.StringIO()
    writer = csv.writer(words, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for bar in chart["bars"]:
        one = figures[bar["figure"]]
        value = "" if bar["value"] is None else bar["value"]
        about = (one["as_at"], str(one["is_frozen"]).lower(), one["reference"])
        row = (bar["label"], value, bar["shown"], chart["unit"], *about)
        writer.writerow([csv_cell(cell) for cell in row])
    return words.getvalue()


def _resource(name: str, section: Content, chart: Content) -> dict[str, Any]:
    fields = [{"name": one, "type": TYPES.get(one, "string")} for one in COLUMNS]
    return {
        "name": name,
        "path": f"{name}.csv",
        "title": chart["title"],
        "description": f"{section['number']} {section['heading']}. {chart['sentence']}",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": {"fields": fields},
    }
