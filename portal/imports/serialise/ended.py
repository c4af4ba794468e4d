"""What a file says of integrated care systems that ended."""

from collections.abc import Callable

from portal.errors import Ended, NotFound
from portal.reference.queries import PlaceNames


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
