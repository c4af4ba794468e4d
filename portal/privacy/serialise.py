"""Everything held about a person as one zip: JSON, a CSV file of each table, and the files."""

import csv
import io
import json
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

from flask import current_app

from portal.accounts.models import User
from portal.clock import now
from portal.db import db
from portal.errors import NotFound
from portal.files import content_of, safe_name
from portal.personal import Place, places
from portal.privacy.queries import held, person_of
from portal.web.downloads import csv_cell

Row = dict[str, Any]
ABOUT = """Everything that {service} holds about {name} ({address}), on {at}.

everything.json   all of it, by table, machine readable
<table>.csv       the same, one file a table, for a spreadsheet
files/            the files that this person sent

A row is here because it refers to this person's number ({number}) or to their address. Left out are
keys and hashes, from which nothing can be read, and which would let others in.
"""


def copy_of(user: User) -> bytes:
    """Return the zip."""
    tables = {place: rows for place in places() if (rows := _rows(place, user))}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("about.txt", _about(user))
        content = {place.table: rows for place, rows in tables.items()}
        archive.writestr("everything.json", json.dumps(content, indent=1, ensure_ascii=False))
        for place, rows in tables.items():
            archive.writestr(f"{place.table}.csv", _csv(rows))
            for name, data in _files(place, rows):
                archive.writestr(name, data)
    return packed.getvalue()


def _about(user: User) -> str:
    service = current_app.config["SERVICE_NAME"]
    at = now().strftime("%Y-%m-%d %H:%M UTC")
    return ABOUT.format(service=service, name=user.name, address=user.email, at=at, number=user.id)


def _rows(place: Place, user: User) -> list[Row]:
    hidden = set(place.hidden.split())
    found = db.session.execute(held(place, person_of(user))).mappings()
    return [
        {name: _plain(value) for name, value in row.items() if name not in hidden} for row in found
    ]


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, bytes):
        return f"{len(value)} bytes"
    return value


def _csv(rows: Sequence[Row]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(rows[0])
    for row in rows:
        writer.writerow(csv_cell(_cell(value)) for value in row.values())
    return text.getvalue().encode("utf-8-sig")


def _cell(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value


def _files(place: Place, rows: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, bytes]]:
    for row in rows if place.files else ():
        try:
            data = content_of(row["stored"], room=place.files)
        except NotFound:
            continue
        yield f"files/{place.table}/{row['id']}-{safe_name(row['name'])}", data
