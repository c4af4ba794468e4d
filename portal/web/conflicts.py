"""The words of a conflict: whether somebody else changed it, or the person in another tab."""

from collections.abc import Callable

from flask import Flask, current_app

from portal.errors import Conflict, Outdated

SOURCE = "portal-last-change"
OWN = (
    "You changed this yourself after you opened the page: in another tab or window, or before you"
    " went back."
)
OTHERS = "Somebody else changed this after you opened the page."


def come_from(app: Flask, is_own: Callable[[object], bool | None]) -> None:
    """Take the function that says whether the person who asks changed a row last.

    It returns None where nobody knows.
    """
    app.extensions[SOURCE] = is_own


def words_of(conflict: Conflict) -> str:
    """Return what to tell the person whose change came second."""
    source: Callable[[object], bool | None] | None = current_app.extensions.get(SOURCE)
    if not isinstance(conflict, Outdated) or conflict.says_who or source is None:
        return str(conflict)
    is_own = source(conflict.row)
    return str(conflict) if is_own is None else OWN if is_own else OTHERS
