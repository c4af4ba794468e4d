"""Load, change and retire what the support directory says, and point innovations to its entries."""

import csv
from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select

from portal.accounts.models import Actor
from portal.audit import services as audit
from portal.clock import day_of, now, today
from portal.db import db, lock
from portal.errors import Conflict, Forbidden, Invalid
from portal.reference.models import Hin
from portal.reference.services import Report, bring_in_line
from portal.support import outbox, policy
from portal.support.models import Certainty, DirectoryEntry, Engagement, HelperKind, Signpost
from portal.support.queries import directory as queries
from portal.support.rules import WORKED_ON

FILE = Path(__file__).parents[1] / "data" / "directory.csv"
WHAT = "entries of the support directory"


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpDetails:
    """What an entry says of who helps."""

    name: str
    takes_on: str
    refer: str
    not_for: str = ""
    link: str = ""


def load(path: Path = FILE) -> Report:
    """Bring the directory in line with a file; what was changed in the portal is left alone.
    Flushes, the caller commits."""
    report = Report()
    there = {row.code: row for row in db.session.scalars(select(DirectoryEntry)) if row.code}
    hins = {row.code: row.id for row in db.session.execute(select(Hin.code, Hin.id))}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            entry = there.get(row["code"])
            if entry is None or not entry.is_edited:
                bring_in_line(report, WHAT, DirectoryEntry, entry, _values(row, hins))
    db.session.flush()
    return report


def _values(row: dict[str, str], hins: dict[str, int]) -> dict[str, Any]:
    return {
        **{name: row[name] for name in ("code", "name", "takes_on", "not_for", "refer", "link")},
        "kind": HelperKind(row["kind"]),
        "hin_id": hins.get(row["hin_code"]),
        "certainty": Certainty(row["certainty"]),
    }


def add(*, kind: HelperKind, said: HelpDetails, by: Actor) -> DirectoryEntry:
    """Add an entry; raises Forbidden, and Invalid for a network's, which has one already."""
    if not policy.can_edit_directory(by):
        raise Forbidden("The national team and administrators add to the directory.")
    if kind is HelperKind.NETWORK:
        raise Invalid("Each network has its entry: change that one", field="kind")
    entry = DirectoryEntry(kind=kind, **_told(said, by, Certainty.SITE))
    db.session.add(entry)
    db.session.flush()
    audit.note(entry, "added", f"added “{entry.title}” to the support directory", by=by)
    return entry


def change(*, entry: DirectoryEntry, said: HelpDetails, version: int, by: Actor) -> None:
    """Say it in other words, which says as well that it is right today; raises Forbidden, Outdated
    and Conflict for one that was retired meanwhile."""
    _refuse_unless_may(entry, by)
    lock(entry, seen=version)
    _refuse_if_retired(entry)
    before = {name: getattr(entry, name) for name in asdict(said)}
    own = entry.hin_id is not None and entry.hin_id == by.hin_id
    for name, value in _told(said, by, Certainty.OWN if own else Certainty.SITE).items():
        setattr(entry, name, value)
    changes = {
        name: [before[name], value] for name, value in asdict(said).items() if before[name] != value
    }
    words = f"changed “{entry.title}” in the support directory"
    audit.note(entry, "changed", words, by=by, changes=changes)
    db.session.flush()


def retire(*, entry: DirectoryEntry, version: int, by: Actor) -> None:
    """Point nobody there from today on; raises as `change` does, and Forbidden for a network's."""
    if not policy.can_edit_directory(by) or entry.hin_id is not None:
        raise Forbidden("The national team and administrators take entries out; networks stay.")
    lock(entry, seen=version)
    _refuse_if_retired(entry)
    entry.retired_on, entry.is_edited, entry.changed_by_id = today(), True, by.user_id
    audit.note(entry, "retired", f"took “{entry.title}” out of the support directory", by=by)
    db.session.flush()


def _told(said: HelpDetails, by: Actor, certainty: Certainty) -> dict[str, Any]:
    return {
        **asdict(said),
        "certainty": certainty,
        "checked_on": today(),
        "is_edited": True,
        "changed_by_id": by.user_id,
    }


def _refuse_unless_may(entry: DirectoryEntry, by: Actor) -> None:
    if not policy.can_edit_entry(by, entry):
        raise Forbidden("A network’s leads change its entry, the national team changes all.")


def _refuse_if_retired(entry: DirectoryEntry) -> None:
    if entry.retired_on is not None:
        raise Conflict("It was taken out of the directory meanwhile.")


def point(
    *,
    engagement: Engagement,
    entry_ids: Collection[int],
    words: str,
    by: Actor,
    at: datetime | None = None,
) -> list[DirectoryEntry]:
    """Point the innovation to bodies of the directory, and tell its people with how to get there.

    Raises Forbidden for anybody but the HIN's staff, Conflict unless it works with the record, and
    Invalid without a body that is still in the directory, or without words.
    """
    at = at or now()
    if not policy.can_decide(by, engagement):
        raise Forbidden("Only the network whose engagement it is points to others.")
    if engagement.state not in WORKED_ON:
        raise Conflict("Pick the innovation up first: nobody works with it.")
    if not words:
        raise Invalid("Enter what the innovator should ask them", field="words")
    entries = note(engagement=engagement, entry_ids=entry_ids, by=by, at=at)
    if not entries:
        raise Invalid("Select who can help", field="entries")
    outbox.tell_innovators("signposted", engagement, at=at, by=by, entries=entries, message=words)
    names = ", ".join(entry.title for entry in entries)
    outbox.note(
        "engagement.signposted", engagement.innovation, f"pointed to: {names}", by=by, at=at
    )
    return entries


def note(
    *, engagement: Engagement, entry_ids: Collection[int], by: Actor, at: datetime
) -> list[DirectoryEntry]:
    """Keep that the innovation was pointed to bodies of the directory; once a day for each.

    Returns those of the directory; raises Invalid for one that is not in it any more.
    """
    if not entry_ids:
        return []
    entries = list(queries.entries_of(entry_ids))
    if len(entries) < len(set(entry_ids)):
        raise Invalid("Select from the directory as it is now", field="entries")
    lock(engagement)
    day = day_of(at)
    known = queries.pointed_on(engagement.id, day)
    for entry in entries:
        if entry.id not in known:
            row = Signpost(engagement=engagement, entry=entry, on=day, at=at, by_id=by.user_id)
            db.session.add(row)
    db.session.flush()
    return entries
