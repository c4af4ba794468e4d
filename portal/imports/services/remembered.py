"""Change and forget what an organisation's headers and values mean in its next file."""

from sqlalchemy import delete

from portal.accounts.models import Actor
from portal.db import db
from portal.imports.models import ImportMemory


def change(*, row: ImportMemory, meaning: str) -> None:
    """Let a header or value mean something else: a field or code, "" for a column left out."""
    row.meaning = meaning
    db.session.flush()


def forget(*, row: ImportMemory) -> None:
    """Forget what a header or value means: it is guessed and asked anew."""
    db.session.delete(row)
    db.session.flush()


def forget_all(*, kind: str, by: Actor) -> None:
    """Forget all that files of a kind left with the actor's organisation."""
    theirs = ImportMemory.organisation_id == by.organisation_id
    db.session.execute(delete(ImportMemory).where(theirs, ImportMemory.kind == kind))
