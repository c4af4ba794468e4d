"""Imports: send a spreadsheet, read what its rows are, bring them in, and undo it."""

from base64 import b64decode
from functools import partial
from typing import Any

from portal.accounts.models.tokens import TokenScope
from portal.accounts.session import current_actor
from portal.api.forms.arguments import NewImport, Paged
from portal.api.serialise.imports import import_row, importing, read_content
from portal.api.serialise.schemas import ImportItem, ImportRows
from portal.api.services.imports import SentFile, send_file
from portal.api.views.lists import Args, next_of, part_of
from portal.api.views.start import operation
from portal.db import db
from portal.imports import queries
from portal.imports.models import ImportRow
from portal.imports.serialise.kinds import kind_of
from portal.imports.services import files

ONE = "/imports/<int:import_id>"
IMPORTS = TokenScope.IMPORTS


@operation(
    "/imports",
    ImportItem,
    sends=NewImport,
    method="POST",
    status=201,
    scope=IMPORTS,
    tag="Imports",
)
def send_import(sent: Args) -> dict[str, Any]:
    """Send a spreadsheet

    Its rows are looked at by a job, as the page does it; nothing is brought in before you apply it.
    Columns and values mean what they meant in your organisation's last file, unless you say so.
    """
    data = b64decode(sent["content"])
    how = {name: sent[name] for name in ("name", "source", "sheet", "header_row", "columns")}
    made = send_file(
        kind=kind_of(sent["kind"]),
        sent=SentFile(data=data, **how),
        read=partial(read_content, sent["name"], data),
        by=current_actor(),
    )
    db.session.commit()
    return importing(made)


@operation(ONE, ImportItem, scope=IMPORTS, tag="Imports")
def read_import(import_id: int) -> dict[str, Any]:
    """Read how far an import is

    Once it is checked, how many rows are new, would change something, are wrong; once it is
    applied, what became of them.
    """
    return importing(queries.import_for(current_actor(), import_id))


@operation(f"{ONE}/rows", ImportRows, asks=Paged, scope=IMPORTS, tag="Imports")
def import_row_list(args: Args, import_id: int) -> dict[str, Any]:
    """List the rows of an import

    With what is wrong in which field, what would change, and what became of each.
    """
    found = queries.rows_of(queries.import_for(current_actor(), import_id)).order_by(None)
    part = part_of(found, ImportRow.id, args)
    return {"items": [import_row(one) for one in part.items], "next": next_of(part)}


@operation(f"{ONE}/apply", ImportItem, method="POST", status=202, scope=IMPORTS, tag="Imports")
def apply_import(import_id: int) -> dict[str, Any]:
    """Bring a spreadsheet in

    What was looked at, by a job: new rows and changes; those that are perhaps duplicates or wrong
    are left. What is to be done with single rows is said on the page.
    """
    actor = current_actor()
    found = queries.import_for(actor, import_id)
    files.start_apply(importing=found, by=actor)
    db.session.commit()
    return importing(found)


@operation(f"{ONE}/undo", ImportItem, method="POST", status=202, scope=IMPORTS, tag="Imports")
def undo_import(import_id: int) -> dict[str, Any]:
    """Undo an import

    All that it did, but for records that were changed since: these wait for a decision on the page.
    """
    actor = current_actor()
    found = queries.import_for(actor, import_id)
    files.start_undo(importing=found, by=actor)
    db.session.commit()
    return importing(found)
