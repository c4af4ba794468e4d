"""The field that asks who of the support directory can help."""

from typing import Any

from portal.support.models import HelperKind
from portal.support.queries.directory import directory
from portal.web.fields import MultiChoiceField


def entry_choices() -> list[tuple[str, list[tuple[int, str]]]]:
    """Return who can help, by kind."""
    found = directory()
    return [
        (kind.label, [(one.id, one.title) for one in found if one.kind is kind])
        for kind in HelperKind
        if any(one.kind is kind for one in found)
    ]


class EntryField(MultiChoiceField):
    """Any bodies of the directory."""

    def __init__(self, label: str | None = None, validators: Any = (), **kwargs: Any) -> None:
        """Offer those that are in the directory now."""
        super().__init__(label, validators, choices=entry_choices, coerce=int, **kwargs)
