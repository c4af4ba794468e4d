"""What a network may see of its own work, as one zip."""

import json
from collections.abc import Iterator
from pathlib import Path

from flask import current_app

from portal.accounts.models import Actor
from portal.api.queries.national import own_figures
from portal.api.serialise import rows
from portal.api.serialise import schemas as shapes
from portal.clock import now
from portal.exports.queries import at_one_moment, own
from portal.exports.rules.package import package, resource
from portal.exports.rules.values import plain
from portal.exports.serialise import sheets
from portal.exports.serialise.archive import Archive, Counts, Sheet
from portal.exports.serialise.shapes import addresses, each, sheet_of
from portal.innovations.models import EvidenceFile, Innovation
from portal.innovations.queries.export import exported
from portal.support.models import Engagement, InteractionShare

ABOUT = """What {who} may see of its own work in {service}, on {at}: the innovations of its area and
those that it works with, its engagements and interactions, challenges, and figures by quarter.

datapackage.json     what each table and column is (Frictionless)
data/<table>.csv     for spreadsheets; json/<table>.jsonl the same, one JSON object a line
records.jsonl        each record whole, as its page's JSON file has it
files/               files of evidence, by the number of the record

In CSV a text that a spreadsheet would calculate (it begins with = + - @ or a tab), and one that
begins with an apostrophe, has an apostrophe in front: take that one away, and it is as it was.
"""


def write_own(path: Path, actor: Actor) -> Counts:
    """Write the zip, by the policies of the pages."""
    archive = Archive(path)
    resources = []
    with addresses(), at_one_moment():
        for sheet in _sheets(actor):
            described = archive.add(sheet)
            found = resource(
                sheet.name,
                title=sheet.title,
                description=sheet.description,
                schema=sheet.schema,
                **described,
            )
            resources.append(found)
        _add_records(archive, actor)
    service = current_app.config["SERVICE_NAME"]
    title = f"{service}: {actor.organisation_name}"
    made = plain(now())
    archive.add_json("datapackage.json", package("network", title, resources, created=made))
    who = actor.organisation_name
    archive.add_text("about.txt", ABOUT.format(who=who, service=service, at=made))
    return archive.end()


def _sheets(actor: Actor) -> Iterator[Sheet]:
    yield sheets.innovations(actor, own.innovations_of(actor))
    engaged = map(rows.engagement, each(own.engagements_of(actor), Engagement.id))
    yield sheet_of("engagements", "Engagements", shapes.EngagementItem, engaged)
    logged = map(rows.interaction, each(own.interactions_of(actor), InteractionShare.id))
    yield sheet_of("interactions", "Interactions", shapes.InteractionItem, logged)
    yield sheets.challenges(actor)
    quarters = (own_figures(actor, one) for one in own.quarters_with_figures())
    yield sheets.figure_values(quarters, "Figures by quarter, the network’s and the nation’s")
    yield sheets.definitions()
    yield from sheets.reference_sheets()


def _add_records(archive: Archive, actor: Actor) -> None:
    """Add each record whole, and then the files of its evidence that the actor may read."""
    files: list[tuple[int, EvidenceFile]] = []
    with archive.zip.open("records.jsonl", "w") as lines:
        for innovation in each(own.innovations_of(actor), Innovation.id):
            whole = exported(actor, innovation)
            lines.write((json.dumps(whole, ensure_ascii=False) + "\n").encode())
            files += [(innovation.id, one) for one in own.files_of(actor, innovation)]
    for innovation_id, file in files:
        archive.add_file(
            EvidenceFile.kept_in, file.stored, f"files/{innovation_id}/{file.id}-{file.name}"
        )
