"""Teams as rows of a file."""

from collections.abc import Iterator, Sequence

from portal.improvement.queries.teams import TeamRow
from portal.web.downloads import Cell

HEADER = (
    *("Team", "What it is", "Belongs to", "Code of the place", "Network", "Programme", "Wave"),
    *("Stands", "Since", "Why it withdrew"),
)


def team_rows(rows: Sequence[TeamRow]) -> Iterator[list[Cell]]:
    """Return a row for each team."""
    for one in rows:
        team, state = one.team, one.state
        yield [
            *(team.name, team.kind.label),
            *((team.site.name, team.site.code) if team.site else ("", "")),
            *(team.hin.name, team.programme.name, team.wave),
            *(state.status.label, state.on, state.reason.label if state.reason else ""),
        ]
