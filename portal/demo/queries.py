"""Read the demo's own files, and whether its world is there."""

import csv
import json
from pathlib import Path
from typing import Any

from sqlalchemy import select

from portal.db import db
from portal.innovations.models import Innovation

DATA = Path(__file__).parent / "data"
Record = dict[str, Any]


def records(name: str) -> list[Record]:
    """Return the rows of one of the demo's files of JSON lines, in its order."""
    with (DATA / f"{name}.jsonl").open(encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def people() -> list[dict[str, str]]:
    """Return the people with whom the demo is signed in to, in the order of the table."""
    with (DATA / "people.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def words(name: str) -> list[str]:
    """Return the lines of one of the demo's files of plain words."""
    return (DATA / f"{name}.txt").read_text(encoding="utf-8").split()


def is_loaded() -> bool:
    """Whether the demo world is there: it is loaded whole or not at all."""
    found = select(Innovation.id).where(Innovation.is_demo).limit(1)
    return db.session.scalar(found) is not None
