"""Put files to a piece of evidence in the draft of the section, and take them out again."""

from typing import IO

from portal.accounts.models import Actor
from portal.db import db
from portal.errors import Invalid, NotFound
from portal.innovations.models import EvidenceFile, Innovation, Section
from portal.innovations.rules.evidence import MAX_FILES
from portal.innovations.sections.answers import Answers, current_answers
from portal.innovations.sections.questions import EVIDENCE
from portal.innovations.services.drafts import save_draft


def add_file(
    *, innovation: Innovation, number: int, file: tuple[IO[bytes], str], version: int, by: Actor
) -> EvidenceFile:
    """Put a file (a stream and what its sender calls it) to a piece of evidence, counted from 1.

    Raises NotFound when there is no such piece, Invalid (field `file`) when the file is refused
    or the piece has as many as it may have, and as `save_draft`.
    """
    items = items_with(innovation, number)
    named = items[number - 1].get("files") or []
    if len(named) >= MAX_FILES:
        raise Invalid(f"Take a file out first: there may be {MAX_FILES}", field="file")
    row = EvidenceFile.received(*file, by=by)
    row.innovation_id, row.added_by_id = innovation.id, by.user_id
    db.session.add(row)
    db.session.flush()
    items[number - 1]["files"] = [*named, row.id]
    _save(innovation, items, version, by)
    return row


def remove_file(
    *, innovation: Innovation, number: int, file_id: int, version: int, by: Actor
) -> None:
    """Take a file out of a piece of evidence in the draft; raises as `add_file`."""
    items = items_with(innovation, number)
    named = items[number - 1].get("files") or []
    if file_id not in named:
        raise NotFound("This piece of evidence has no such file.")
    items[number - 1]["files"] = [one for one in named if one != file_id]
    _save(innovation, items, version, by)


def items_with(innovation: Innovation, number: int) -> list[Answers]:
    """Return copies of the pieces of evidence as they stand in the draft; raises NotFound when
    there are fewer than `number`."""
    items = [dict(item) for item in current_answers(innovation, EVIDENCE)["items"]]
    if not 1 <= number <= len(items):
        raise NotFound("There is no such piece of evidence.")
    return items


def _save(innovation: Innovation, items: list[Answers], version: int, by: Actor) -> None:
    save_draft(
        innovation=innovation,
        section=Section.EVIDENCE,
        answers={"items": items},
        version=version,
        by=by,
    )
