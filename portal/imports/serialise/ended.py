"""What a file says of integrated care systems that ended."""

from collections.abc import Callable

from portal.clock import today
from portal.errors import Ended, NotFound
from portal.reference.queries import PlaceNames
from portal.reference.queries.networks import ended_icss


def ended_words(places: PlaceNames) -> Callable[[str], str]:
    """Return the function that says of a name of an ICS that several followed which they are; ""
    of every other text."""

    def said(text: str) -> str:
        try:
            places.ics(text)
        except Ended as refusal:
            return str(refusal)
        except NotFound:
            return ""
        return ""

    return said


def ended_systems() -> dict[str, str]:
    """Return what the ICSs that ended were called, by their codes."""
    return {one.code: one.name for one in ended_icss(today())}
