"""The whole portal as one zip: what another portal loads, and what anybody can read."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy.orm import Session

from portal.api.serialise.reference import definition
from portal.clock import now
from portal.db import migrations
from portal.exports.queries import rows_of, snapshot
from portal.exports.rules.package import package, resource, schema_of
from portal.exports.rules.tables import LeavingTable, leaving_tables
from portal.exports.rules.values import plain
from portal.exports.serialise.archive import Archive, Counts, Sheet, table_as_csv
from portal.exports.serialise.dictionary import HEADER, dictionary_rows
from portal.exports.services.loading import FORMAT
from portal.figures.queries import codes_in_order
from portal.jobs import Progress

ABOUT = """{service}: everything, as it stood on {at}.

datapackage.json   what each table and column is, how tables refer to each other (Frictionless)
dictionary.csv     the same as a list: table, column, kind, meaning, values
figures.json       what each figure counts
data/<table>.csv   every row, for spreadsheets and statistics
json/<table>.jsonl every row, one JSON object a line: this is what `flask export load` reads
files/             the files that people sent, under the names that the column `stored` has

In CSV a text that a spreadsheet would calculate (it begins with = + - @ or a tab), and one that
begins with an apostrophe, has an apostrophe in front: take that one away, and it is as it was. An
apostrophe alone is an empty text; an empty cell is unknown, or an empty text where the column is
never unknown. Moments are in UTC. UTF-8 without a mark: in Excel choose Data, From Text/CSV.

Left out: passwords, second factors, tokens, sessions, emails, and what belongs to this portal
alone. People are in it without any way to sign in.
"""


def write_whole(path: Path, progress: Progress) -> Counts:
    """Write the zip, all tables as they stand at one moment."""
    every = leaving_tables()
    archive = Archive(path)
    resources = []
    with snapshot() as session:
        for number, table in enumerate(every, start=1):
            described = archive.add(sheet_of(session, table))
            found = resource(
                table.name,
                schema=schema_of(table),
                title=table.label,
                description=table.meaning,
                **described,
            )
            resources.append(found)
            progress(number, len(every), f"{table.label}: {archive.counts.rows:,} rows")
    _describe(archive, resources)
    return archive.end()


def _describe(archive: Archive, resources: list[dict[str, Any]]) -> None:
    service = current_app.config["SERVICE_NAME"]
    made = plain(now())
    head = {"created": made, "portal": {"format": FORMAT, "migration": head_migration()}}
    whole = package("portal", f"{service}: everything", resources, **head)
    archive.add_json("datapackage.json", whole)
    archive.add_text("dictionary.csv", table_as_csv(HEADER, dictionary_rows()))
    archive.add_json("figures.json", [definition(one) for one in codes_in_order()])
    archive.add_text("about.txt", ABOUT.format(service=service, at=made))
    if archive.counts.gone:
        archive.add_text("files-that-are-gone.txt", "\n".join(archive.counts.gone) + "\n")


def sheet_of(session: Session, table: LeavingTable) -> Sheet:
    """Return a table of the database with its rows as JSON has them."""
    return Sheet(
        name=table.name,
        title=table.label,
        description=table.meaning,
        schema=schema_of(table),
        rows=_plain_rows(session, table),
        never_unknown=frozenset(
            one.name for one in table.columns if one.kind == "string" and not one.may_be_unknown
        ),
        files=table.files,
    )


def _plain_rows(session: Session, table: LeavingTable) -> Iterator[Mapping[str, Any]]:
    for row in rows_of(session, table):
        yield {name: plain(value) for name, value in row.items()}


def head_migration() -> str:
    """Return the number of the newest migration that this portal has."""
    return str(max(script.revision for script in migrations.script_directory.walk_revisions()))
