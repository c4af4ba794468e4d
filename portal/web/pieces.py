"""What a page of a low room says that only a higher room knows: a template of that room.

`portal/rooms.py` names each room's sources once; the page of a challenge, a record or a proposal
knows no higher room. A source gives what its template shows, for the person who asks, or nothing.
"""

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from flask import Flask, current_app

EXTENSION = "portal-pieces"
SIGN_IN = "sign-in"
"""What the sign-in page asks for: it is about no row."""


class Piece(Protocol):
    """What one room says on the page of another."""

    @property
    def template(self) -> str:
        """The room's own template; it finds the piece as `piece`."""


PieceSource = Callable[[Any], Piece | None]
"""Give the piece for the page of a row, None where there is nothing to say."""


def register(app: Flask, sources: Sequence[PieceSource]) -> None:
    """Let pages show what these sources give for their rows."""
    app.extensions[EXTENSION] = tuple(sources)


def pieces_of(row: Any) -> list[Piece]:
    """Return what higher rooms say on the page of a row to the person who asks."""
    sources: Sequence[PieceSource] = current_app.extensions.get(EXTENSION, ())
    found = (source(row) for source in sources)
    return [piece for piece in found if piece is not None]
