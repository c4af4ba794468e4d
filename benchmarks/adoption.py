"""Time the pages of adoption over 200,000 stage rows, 40,000 places and 60 innovations.

    python -m benchmarks.adoption [rows]

A database of its own is made up on SQLite, or where DATABASE_URL says. Each page is opened as a
browser would, of every innovation in turn; printed are the milliseconds of half of them, of 95 in
100 and of the slowest, of 95 in 100 the time that the processor worked (on a machine that others
use as well the rest is waiting), and the number of statements of the page that ran most.
"""

import os
import random
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, insert, select

from portal import create_app
from portal.accounts.models import Membership, Organisation, OrganisationKind, Role, User
from portal.accounts.rules import new_token
from portal.accounts.services import open_session
from portal.accounts.session import SESSION_KEY
from portal.adoption.models import EligibleList, EligiblePlace, Funding, Sheet, SheetRow
from portal.clock import now, today
from portal.db import Base, db
from portal.innovations.models import (
    Adoption,
    AdoptionSource,
    AdoptionState,
    Innovation,
    RecordStatus,
    Sharing,
)
from portal.reference import services as reference
from portal.reference.models import Hin, Site, SiteKind, SiteMembership, Vocabulary
from portal.reference.queries import icss, terms
from portal.reference.rules import Quarter
from search_index.evaluate import percentile

ROWS, PLACES, INNOVATIONS, LISTED = 200_000, 40_000, 60, 1000
SHEET_ROWS = 500
NOT_COUNTED = ("PRAGMA", "BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK")
BEGUN = date(2023, 4, 3)
STATES = [*(AdoptionState(f"STAGE_{n}") for n in range(1, 8)), AdoptionState.NO_ANSWER]
FALLEN = AdoptionState.STOPPED


@contextmanager
def portal() -> Iterator[Flask]:
    """A portal in a folder that goes away, with the reference data."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        url = os.environ.get("DATABASE_URL") or f"sqlite:///{folder / 'adoption.db'}"
        app = create_app(
            {
                "INSTANCE": name,
                "SQLALCHEMY_ENGINES": {"default": url},
                "JOBS_URL": f"sqlite:///{folder / 'jobs.db'}",
                "WTF_CSRF_ENABLED": False,
                "RATELIMIT_ENABLED": False,
            }
        )
        with app.app_context():
            Base.metadata.create_all(db.engine)
            reference.load()
            db.session.commit()
        yield app
        with app.app_context():
            db.engine.dispose()


def put(model: type[Base], rows: Iterable[dict[str, Any]]) -> None:
    """Insert rows in shares of five thousand."""
    found = list(rows)
    for start in range(0, len(found), 5000):
        db.session.execute(insert(model), found[start : start + 5000])


def make(rows: int) -> None:
    """Make up the places, the innovations, their lists, stages and money."""
    made = random.Random(7)
    systems = [one.id for one in icss()]
    kinds = [SiteKind.TRUST, *[SiteKind.PRACTICE] * 6, *[SiteKind.CARE_HOME] * 13]
    put(
        Site,
        (
            {
                "code": f"B{number:05}",
                "kind": kinds[number % len(kinds)],
                "name": f"Place {number:05} of a long name in a town",
                "commissioner_ics_id": systems[number % len(systems)],
            }
            for number in range(PLACES)
        ),
    )
    sites = db.session.execute(select(Site.id, Site.commissioner_ics_id)).all()
    put(
        SiteMembership,
        ({"site_id": one, "commissioner_ics_id": ics} for one, ics in sites),
    )
    maker = Organisation(name="A maker", kind=OrganisationKind.COMPANY)
    owner = User(name="Owner", email="owner@example.org", fs_uniquifier="o", confirmed_at=now())
    db.session.add_all([maker, owner])
    db.session.flush()
    numbers = [site_id for site_id, _ in sites]
    for number in range(INNOVATIONS):
        _spread(number, maker, owner, made.sample(numbers, LISTED), rows // INNOVATIONS, made)
    db.session.commit()


def _spread(
    number: int, maker: Organisation, owner: User, sites: list[int], rows: int, made: random.Random
) -> None:
    hin = db.session.scalars(select(Hin).order_by(Hin.id)).first()
    record = Innovation(
        name=f"Innovation {number:02}",
        organisation=maker,
        owner=owner,
        status=RecordStatus.SUBMITTED,
        sharing=Sharing.HINS_AND_ICSS,
        submitted_at=now(),
        hin=hin,
        stage=terms(Vocabulary.DEVELOPMENT_STAGE)[-1],
    )
    eligible = EligibleList(name="Places that could use it", innovation=record)
    db.session.add_all([record, eligible])
    db.session.flush()
    put(
        EligiblePlace,
        ({"list_id": eligible.id, "site_id": one, "valid_from": BEGUN} for one in sites),
    )
    put(Adoption, (_row(record.id, sites, made) for _ in range(rows)))
    money = [term.id for term in terms(Vocabulary.FUNDING_STATUS)]
    put(
        Funding,
        (
            {
                "innovation_id": record.id,
                "site_id": made.choice(sites),
                "status_id": made.choice(money),
                "on": _day(made),
                "at": now(),
            }
            for _ in range(rows // 4)
        ),
    )


def _day(made: random.Random) -> date:
    return BEGUN + timedelta(days=made.randrange(max((today() - BEGUN).days, 1)))


def _row(innovation_id: int, sites: list[int], made: random.Random) -> dict[str, Any]:
    return {
        "innovation_id": innovation_id,
        "site_id": made.choice(sites),
        "state": FALLEN if made.random() < 0.04 else made.choice(STATES),
        "on": _day(made),
        "at": now(),
        "source": AdoptionSource.HIN,
    }


def signed_in(app: Flask, kind: OrganisationKind, role: Role, hin_id: int | None) -> FlaskClient:
    """A browser of somebody of the national team, or of a network."""
    name = role.value
    user = User(name="Reader", email=f"{name}@example.org", fs_uniquifier=name, confirmed_at=now())
    organisation = Organisation(name=f"Of {name}", kind=kind, hin_id=hin_id)
    seat = Membership(user=user, organisation=organisation, role=role, is_lead=True)
    db.session.add(seat)
    db.session.flush()
    token = new_token()
    open_session(user=user, token=token, membership=seat)
    db.session.commit()
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie.update({"_user_id": user.fs_uniquifier, "_fresh": True, "fs_cc": "set"})
        cookie[SESSION_KEY] = token
    db.session.commit()
    return client


def timed(app: Flask, client: FlaskClient, name: str, paths: list[str]) -> None:
    """Open each address twice, and print how long the second took."""
    times, work, most = [], [], 0
    ran: list[str] = []

    def count(_c: Any, _cur: Any, statement: str, *_rest: Any) -> None:
        ran.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", count)
    for path in [paths[0], *paths]:
        ran.clear()
        begun, worked = time.perf_counter(), time.process_time()
        with app.app_context():
            answer = client.get(path)
        times.append((time.perf_counter() - begun) * 1000)
        work.append((time.process_time() - worked) * 1000)
        most = max(most, sum(not one.startswith(NOT_COUNTED) for one in ran))
        if answer.status_code != 200:
            raise RuntimeError(f"{path} was refused: {answer.status_code}")
    event.remove(engine, "before_cursor_execute", count)
    found = sorted(times[1:])
    told = [median(found), percentile(found, 0.95), found[-1], percentile(sorted(work[1:]), 0.95)]
    print(f"| {name} | {' | '.join(f'{one:.0f}' for one in told)} | {most} |", flush=True)


def a_sheet(app: Flask, hin: Hin) -> int:
    """Make a sheet of five hundred rows for a network, and return its number."""
    eligible = db.session.scalars(select(EligibleList).order_by(EligibleList.id)).first()
    if eligible is None:
        raise RuntimeError("there is no list")
    sheet = Sheet(
        hin_id=hin.id,
        list_id=eligible.id,
        innovation_id=eligible.innovation_id,
        quarter_on=Quarter.of(today()).first,
    )
    db.session.add(sheet)
    db.session.flush()
    sites = select(EligiblePlace.site_id).where(EligiblePlace.list_id == eligible.id)
    put(
        SheetRow,
        (
            {"sheet_id": sheet.id, "site_id": one, "innovation_id": eligible.innovation_id}
            for one in db.session.scalars(sites.limit(SHEET_ROWS)).all()
        ),
    )
    db.session.commit()
    return sheet.id


def main(rows: int = ROWS) -> None:
    """Print a line for each kind of page."""
    with portal() as app:
        with app.app_context():
            make(rows)
            hin = db.session.scalars(select(Hin).where(Hin.code == "HI-WM")).one()
            national = signed_in(app, OrganisationKind.NATIONAL, Role.NATIONAL, None)
            network = signed_in(app, OrganisationKind.HIN, Role.HIN, hin.id)
            sheet = a_sheet(app, hin)
            lists = db.session.scalars(select(EligibleList.id)).all()
            db.session.commit()
        spread = [f"/adoption/lists/{number}" for number in lists]
        print(f"{rows:,} stage rows, {PLACES:,} places, {INNOVATIONS} innovations")
        print("| Page | p50 ms | p95 ms | slowest ms | p95 of work ms | statements |")
        print("|---|---:|---:|---:|---:|---:|")
        timed(app, national, "spread", spread)
        timed(app, national, "spread of a network", [f"{one}?hin=HI-WM" for one in spread])
        timed(app, national, "spread, past day", [f"{one}?on=2024-09-30" for one in spread])
        timed(app, national, "sites behind a number", [f"{one}/sites?level=5" for one in spread])
        timed(app, national, "front page", ["/adoption", "/adoption?page=2", "/adoption?page=3"])
        timed(app, national, "a system", ["/adoption/areas/QWU", "/adoption/areas/QOP"])
        timed(app, network, "sheet of 500 sites", [f"/adoption/sheets/{sheet}"] * 10)
        timed(app, national, "figures of a quarter", ["/figures"] * 3)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ROWS)
