"""Let the dated rows of adoption follow what people say in "where it is in use".

A record's lines (`Use`) repeat those rows for lists. Where somebody edits a line itself - the
innovator in their section, an outcome of an introduction - the rows that say so are written here,
in the same flush: a claim, its confirmation, a move, an end, and corrections of what was said
before.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update
from sqlalchemy.orm.attributes import set_committed_value

from portal.accounts.models import Organisation, OrganisationKind
from portal.clock import Precision, now
from portal.innovations.models import Adoption, AdoptionSource, AdoptionState, Innovation, Use
from portal.innovations.rules import adoption as rules

FACTS = (
    "organisation_id",
    "directory_site_id",
    "organisation_named",
    "site",
    "from_on",
    "from_on_precision",
    "until_on",
    "is_trial",
    "confirmed_by_id",
)
"""What of a line the rows tell as well."""
PLACE = ("site_id", "organisation_id", "place_named", "unit")


def follow(connection: Connection, use: Use) -> None:
    """Write the rows that a line, new or changed, says now."""
    before = _row(connection, use.begins_id)
    begins_id = _begun(connection, use, before)
    ends_id = _ended(connection, use, _row(connection, use.ends_id))
    connection.execute(
        update(Use).where(Use.id == use.id).values(begins_id=begins_id, ends_id=ends_id)
    )
    set_committed_value(use, "begins_id", begins_id)
    set_committed_value(use, "ends_id", ends_id)


def forget(connection: Connection, use: Use) -> None:
    """Correct what a line said that was taken out: nothing is known of the place from it."""
    for row_id in (use.begins_id, use.ends_id):
        row = _row(connection, row_id)
        if row is not None:
            _correct(connection, row, state=AdoptionState.STAGE_0)


def _row(connection: Connection, row_id: int | None) -> Row[Any] | None:
    if row_id is None:
        return None
    found = select(Adoption.__table__).where(Adoption.id == row_id)
    return connection.execute(found).one_or_none()


def _said(connection: Connection, use: Use) -> dict[str, Any]:
    """Return who said it and of which place, as the columns of a row hold it."""
    kind = connection.scalar(
        select(Organisation.kind).where(Organisation.id == use.confirmed_by_id)
    )
    maker = select(Innovation.organisation_id).where(Innovation.id == use.innovation_id)
    source = AdoptionSource.INNOVATOR
    if use.confirmed_by_id is not None:
        is_hin = kind is OrganisationKind.HIN
        source = AdoptionSource.HIN if is_hin else AdoptionSource.SITE
    return {
        "innovation_id": use.innovation_id,
        "site_id": use.directory_site_id,
        "organisation_id": use.organisation_id,
        "place_named": use.organisation_named or "",
        "unit": use.site or "",
        "source": source,
        "said_by_id": use.confirmed_by_id or connection.scalar(maker),
    }


def _begun(connection: Connection, use: Use, before: Row[Any] | None) -> int:
    state = AdoptionState.STAGE_4 if use.is_trial else AdoptionState.STAGE_5
    says = {
        **_said(connection, use),
        "state": state,
        "on": use.from_on,
        "on_precision": use.from_on_precision or Precision.DAY,
    }
    if before is None:
        return _add(connection, says)
    if not _same(before, says, *PLACE):
        for row in _earlier(connection, before):
            _correct(connection, row, **{name: says[name] for name in PLACE})
        return _correct(connection, before, **says)
    return _kept(use, before, says) or _moved(connection, before, says)


def _kept(use: Use, before: Row[Any], says: dict[str, Any]) -> int | None:
    """Return the row that says it already: a network may know more than a line tells, that it is
    embedded or sustained."""
    is_same = before.on == use.from_on and _same(before, says, "source", "said_by_id")
    is_trial = before.state.level == rules.TRIAL
    return int(before.id) if is_same and is_trial == bool(use.is_trial) else None


def _moved(connection: Connection, before: Row[Any], says: dict[str, Any]) -> int:
    """A claim may be confirmed, and a trial become use; anything else was wrong before."""
    is_claim = before.source is AdoptionSource.INNOVATOR != says["source"]
    if is_claim and before.on == says["on"] and before.state is says["state"]:
        return _add(connection, {**says, "confirms_id": before.id})
    if before.state.level < says["state"].level and says["on"] > before.on:
        return _add(connection, says)
    return _correct(connection, before, **says)


def _earlier(connection: Connection, row: Row[Any]) -> Iterator[Row[Any]]:
    """The other rows of a place that was called wrong, which nothing corrects yet."""
    found = select(Adoption.__table__).where(
        Adoption.innovation_id == row.innovation_id,
        Adoption.id < row.id,
        *(getattr(Adoption, name).is_not_distinct_from(getattr(row, name)) for name in PLACE),
        Adoption.id.not_in(
            select(Adoption.corrects_id).where(
                Adoption.innovation_id == row.innovation_id, Adoption.corrects_id.is_not(None)
            )
        ),
    )
    yield from connection.execute(found).all()


def _ended(connection: Connection, use: Use, before: Row[Any] | None) -> int | None:
    if use.until_on is None:
        if before is not None:
            begun = AdoptionState.STAGE_4 if use.is_trial else AdoptionState.STAGE_5
            _correct(connection, before, state=begun)
        return None
    says = {
        **_said(connection, use),
        "state": AdoptionState.STOPPED,
        "on": _day_after(use.until_on),
    }
    if before is None:
        return _add(connection, says)
    if _same(before, says, *PLACE, "on", "source", "said_by_id"):
        return int(before.id)
    return _correct(connection, before, **{**says, "state": before.state})


def _day_after(day: date) -> date:
    return day if day == date.max else day + timedelta(days=1)


def _same(row: Row[Any], says: dict[str, Any], *names: str) -> bool:
    return all(getattr(row, name) == says[name] for name in names)


def _correct(connection: Connection, row: Row[Any], **says: Any) -> int:
    kept = {
        name: getattr(row, name)
        for name in ("innovation_id", *PLACE, "state", "on", "on_precision", "source", "said_by_id")
    }
    return _add(connection, {**kept, **says, "corrects_id": row.id})


def _add(connection: Connection, says: dict[str, Any]) -> int:
    made = connection.execute(insert(Adoption).values(**{"at": now(), **says}))
    (number,) = made.inserted_primary_key or (0,)
    return int(number)
