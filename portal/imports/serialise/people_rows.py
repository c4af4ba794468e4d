"""People row by row, for administrators: who is invited, by the rules of the page that invites."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from portal.accounts.models import Actor, Invitation, Role
from portal.accounts.queries.acting import memberships_of_all
from portal.accounts.rules import normal_email
from portal.accounts.services.importing import InvitedLine, InvitedPerson, invite_all, looked_at
from portal.accounts.services.invitations import withdraw
from portal.db import db
from portal.errors import Invalid
from portal.imports.models import Import, ImportRow, Verdict
from portal.imports.rules.mapping import Field, word
from portal.imports.rules.rows import RowOutcome, RowVerdict, Target, broken_formulas
from portal.web.fields import as_email

ROLES = tuple(role for role in Role if role is not Role.ADMINISTRATOR)


def fields() -> list[Field]:
    """Return what a column may answer."""
    choices = tuple((role.value, role.label) for role in ROLES)
    known = {word(text): code for code, label in choices for text in (code, label)}
    emails = ("e mail", "email address", "mail")
    places = ("company", "trust", "network", "hin", "ics", "employer")
    return [
        Field("name", "Name", needed="Enter the name", synonyms=("full name", "person")),
        Field("email", "Email address", needed="Enter the email address", synonyms=emails),
        Field("organisation", "Organisation", needed="Enter the organisation", synonyms=places),
        Field(
            "role",
            "Role",
            needed="Enter the role",
            choices=choices,
            known=known,
            hint="Administrators are invited on their own page, by two",
            synonyms=("acts as", "kind of access"),
        ),
    ]


class PeopleDesk:
    """Judges rows of people and invites them, for an administrator."""

    noun = "invitation"

    def __init__(self, by: Actor, importing: Import) -> None:
        """Take as whom they are invited."""
        self.by, self.fields = by, fields()

    def judge(self, line: int, cells: Mapping[str, str]) -> RowVerdict:
        """Return what a row is: new (an invitation), the same (there already), or wrong."""
        row, problems = self._read(line, cells)
        judged = RowVerdict(name=cells.get("name") or cells.get("email", ""), problems=problems)
        if row is None:
            return judged
        place, role, told = looked_at(row)
        if told is not None and told.is_wrong:
            field = "role" if place else "organisation"
            judged.problems = {field: told.words.removeprefix("role: ")}
            return judged
        judged.identity = (row.email, str(place.id if place else 0), row.role)
        judged.verdict = Verdict.NEW if told is None else Verdict.SAME
        if told is not None:
            judged.notes.append(told.words)
        elif place and role:
            judged.notes.append(f"is written to and invited to {place.name} as {role.label}")
        return judged

    def _read(
        self, line: int, cells: Mapping[str, str]
    ) -> tuple[InvitedPerson | None, dict[str, str]]:
        wrong = broken_formulas(cells)
        email = as_email(cells.get("email", ""))
        for one in self.fields:
            if not cells.get(one.name):
                wrong.setdefault(one.name, one.needed)
        if email is None:
            wrong.setdefault("email", "must be an email address, like name@example.org")
        if cells.get("role") and cells["role"] not in {role.value for role in ROLES}:
            wrong.setdefault("role", f"there is no “{cells['role'][:80]}” that a file invites")
        if wrong or email is None:
            return None, wrong
        return InvitedPerson(line, cells["name"], email, cells["organisation"], cells["role"]), {}

    def write(self, line: int, cells: Mapping[str, str], target: Target) -> RowOutcome:
        """Invite the person of the row; who is there already stays."""
        row, wrong = self._read(line, cells)
        if row is None:
            raise Invalid("; ".join(wrong.values()))
        done: InvitedLine = invite_all([row], by=self.by)[0]
        if done.is_wrong:
            raise Invalid(done.words)
        made = db.session.scalars(
            select(Invitation)
            .where(Invitation.email == normal_email(row.email))
            .order_by(Invitation.id.desc())
            .limit(1)
        ).first()
        if made is None:
            raise Invalid(done.words)
        return RowOutcome(made.id, 1, None)

    def version(self, record_id: int) -> int | None:
        """Return that an invitation is there, None when it is gone."""
        return 1 if db.session.get(Invitation, record_id) else None

    def related(self, record_id: int) -> list[tuple[str, int]]:
        """Return nothing: what an invitation does stands on its organisation's trail."""
        return []

    def stays(self, row: ImportRow) -> str:
        """Return nothing: such rows never become one."""
        return ""

    def undo(self, row: ImportRow) -> None:
        """Withdraw the invitation; raises Invalid where it was accepted."""
        found = db.session.get(Invitation, row.record_id) if row.record_id else None
        if found is not None:
            withdraw(invitation=found, by=self.by)


def exported(by: Actor) -> list[dict[str, Any]]:
    """Return who acts for whom, by field: brought in again they are there already."""
    return [
        {
            "name": one.user.name,
            "email": one.user.email,
            "organisation": one.organisation.name,
            "role": one.role.label,
        }
        for one in memberships_of_all(ROLES)
    ]
