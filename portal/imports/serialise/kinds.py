"""What may be brought in: the kinds of row, each with its fields, its checks and its changes."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any, Protocol

from portal.accounts.models import Actor
from portal.errors import Invalid, NotFound
from portal.imports import policy
from portal.imports.models import Import, ImportRow
from portal.imports.rules.mapping import Field
from portal.imports.rules.rows import RowOutcome, RowVerdict, Target
from portal.imports.serialise import (
    challenge_rows,
    innovation_cells,
    innovation_fields,
    innovation_rows,
    organisation_rows,
    people_rows,
)
from portal.notifications.outbox import untold


class Desk(Protocol):
    """Judges and writes the rows of one import, having read once what they may name."""

    @property
    def fields(self) -> Sequence[Field]:
        """What a column may answer."""

    def judge(self, line: int, cells: Mapping[str, str]) -> RowVerdict:
        """Return what a row is; `cells` are its texts by field. Nothing is written."""

    def write(self, line: int, cells: Mapping[str, str], target: Target) -> RowOutcome:
        """Make or change the row's record; raises Moved where it is not the target that the preview
        showed any more, Invalid and Conflict."""

    def version(self, record_id: int) -> int | None:
        """Return the version of a record, None when it is gone."""

    def related(self, record_id: int) -> list[tuple[str, int]]:
        """Return the other nouns of the trail that belong to a record, with their numbers."""

    def undo(self, row: ImportRow) -> None:
        """Delete what the row made, or put back what it changed."""

    def stays(self, row: ImportRow) -> str:
        """Say why what the row did cannot be undone for now, and what becomes of it; "" else."""

    @property
    def noun(self) -> str:
        """As the trail calls the record."""


@dataclass(frozen=True)
class Kind:
    """One kind of row."""

    code: str
    one: str
    many: str
    endpoint: str
    """The page of a record, which takes its number as `id_name`; "" where it has none."""
    id_name: str
    may: Callable[[Actor], bool]
    fields: Callable[[], Sequence[Field]]
    desk: Callable[[Actor, Import], Desk]
    exported: Callable[[Actor], Sequence[Mapping[str, Any]]]
    """The actor's records by field: what was exported and changed comes in as changes."""
    is_by_api: bool = True
    """Whether a program may send such a file: whom to invite is for a person to say."""
    is_told: bool = False
    """Whether its rows write to people: an invitation is nothing else. All others come quietly."""

    @property
    def hush(self) -> AbstractContextManager[None]:
        """Return in what its rows are written."""
        return nullcontext() if self.is_told else untold()


KINDS: Mapping[str, Kind] = {
    kind.code: kind
    for kind in (
        Kind(
            "innovations",
            "innovation",
            "innovations",
            "innovations.overview",
            "innovation_id",
            policy.can_import_innovations,
            innovation_fields.fields,
            innovation_rows.InnovationDesk,
            innovation_cells.exported,
        ),
        Kind(
            "challenges",
            "challenge",
            "challenges",
            "challenges.show",
            "challenge_id",
            policy.can_import_challenges,
            challenge_rows.fields,
            challenge_rows.ChallengeDesk,
            challenge_rows.exported,
        ),
        Kind(
            "organisations",
            "organisation",
            "organisations",
            "people_admin.organisation",
            "organisation_id",
            policy.can_import_accounts,
            organisation_rows.fields,
            organisation_rows.OrganisationDesk,
            organisation_rows.exported,
        ),
        Kind(
            "people",
            "person",
            "people",
            "",
            "",
            policy.can_import_accounts,
            people_rows.fields,
            people_rows.PeopleDesk,
            people_rows.exported,
            is_by_api=False,
            is_told=True,
        ),
    )
}


def kind_of(code: str) -> Kind:
    """Return the kind with this code; raises NotFound."""
    if code not in KINDS:
        raise NotFound("There is no such list to bring in.")
    return KINDS[code]


def kinds_for(actor: Actor) -> list[Kind]:
    """Return the kinds that the actor may bring in."""
    return [kind for kind in KINDS.values() if kind.may(actor)]


def field_of(kind: Kind, name: str) -> Field:
    """Return the field of a kind with this name; raises Invalid."""
    found = next((one for one in kind.fields() if one.name == name), None)
    if found is None:
        raise Invalid("Select a column")
    return found
