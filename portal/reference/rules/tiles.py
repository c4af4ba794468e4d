"""Where the tiles of England's integrated care systems, and of its networks, stand: column and row,
roughly as on a map.

A system that came of others stands where one of them stood.
"""

from collections.abc import Iterable, Mapping

ROWS = (
    (4, ("QHM",)),
    (3, ("QE1", "QWO", "QOQ")),
    (2, ("QYG", "QOP", "QF7", "QJM")),
    (2, ("QOC", "QNC", "QJ2", "QT1")),
    (1, ("QGH", "QUA", "QHL", "QK1", "QPM", "QUE", "QMM")),
    (2, ("QR1", "QWU", "QU9", "QHG", "QM7", "QJG")),
    (2, ("QUY", "QOX", "QNQ", "QRV", "QMJ", "QH8")),
    (2, ("QSL", "QVV", "QRL", "QWE", "QKK", "QMF")),
    (0, ("QT6", "QJK")),
    (5, ("QXU", "QNX", "QKS")),
)
"""The column of the first tile of a row, and its tiles. The two last share a row."""

INSTEAD = {
    "X26-CENTRAL-EAST": "QUE",
    "X26-ESSEX": "QH8",
    "X26-HAMPSHIRE-IOW": "QRL",
    "X26-NORFOLK-SUFFOLK": "QMM",
    "X26-SURREY-SUSSEX": "QXU",
    "X26-THAMES-VALLEY": "QU9",
    "X26-WEST-NORTH-LONDON": "QRV",
}

_LAST = len(ROWS) - 2
TILES = {
    code: (first + place, min(row, _LAST))
    for row, (first, codes) in enumerate(ROWS)
    for place, code in enumerate(codes)
}
NETWORKS = (
    (1, ("HI-NENC",)),
    (0, ("HI-NWC", "HI-MAN", "HI-YH")),
    (1, ("HI-WM", "HI-EM", "HI-EAST")),
    (0, ("HI-WEST", "HI-OTV", "ICHP", "UCLP")),
    (0, ("HI-SW", "HI-WESSEX", "HIN-SL", "HI-KSS")),
)
"""The same of the networks."""
NETWORK_TILES = {
    code: (first + place, row)
    for row, (first, codes) in enumerate(NETWORKS)
    for place, code in enumerate(codes)
}


Tiles = Mapping[str, tuple[int, int]]


def tiles_of(codes: Iterable[str], tiles: Tiles = TILES) -> dict[str, tuple[int, int]]:
    """Return the column and row of each area; one that the map does not know stands below."""
    found: dict[str, tuple[int, int]] = {}
    columns = max(column for column, _ in tiles.values()) + 1
    below = max(row for _, row in tiles.values()) + 1
    unknown = 0
    for code in codes:
        known = tiles.get(INSTEAD.get(code, code))
        if known is None:
            known = (unknown % columns, below + unknown // columns)
            unknown += 1
        found[code] = known
    return found
