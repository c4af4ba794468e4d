"""Change what administrators look after."""

from portal.accounts.models import Actor
from portal.audit.services import changes_of, note
from portal.db import db
from portal.reference.models import Term


def rename_term(*, term: Term, label: str, definition: str, by: Actor) -> None:
    """Give a term another label or definition; its code stays, and so do the records with it.

    Loading the reference files again leaves a label alone that was changed here.
    """
    if label != term.label:
        term.label, term.is_label_edited = label, True
    term.definition = definition
    changes = changes_of(term)
    if changes:
        summary = f"changed the {term.vocabulary.value.replace('_', ' ')} {term.code}"
        note(term, "changed", summary, by=by, changes=changes)
    db.session.flush()
