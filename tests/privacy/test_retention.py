"""What is kept no longer is cleared away at night, in pieces; administrators set the days."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.accounts.models import SYSTEM, Invitation, Role, User, UserSession
from portal.audit.models import AuditEvent
from portal.clock import now
from portal.community.models import CampaignGuest
from portal.db import db
from portal.errors import Outdated
from portal.jobs import Job, JobState, enqueue, run_waiting
from portal.notifications.models import Email, Notification, StoppedAddress
from portal.personal import retention
from portal.privacy.models import RetentionRun
from portal.privacy.queries.retention import rule_of
from portal.privacy.services.retention import clear, set_days
from portal.web.models import KeptForm, SentForm
from tests import makers
from tests.cast import Cast, Person
from tests.community.makers import campaign
from tests.conftest import make_app
from tests.house.test_migrations import put, upgrade
from tests.migrated import AtRevision
from tests.pages import PageClient

As = Callable[[Person], PageClient]


def old(days: int) -> datetime:
    return now() - timedelta(days=days)


def plant_old_and_new(session: Session, cast: Cast) -> dict[str, object]:
    """Add to each kind one row over its time and one within; returns the one to stay, by rule."""
    kept: dict[str, object] = {}
    user, place = cast.hin.user, cast.hin.organisation
    for age, is_kept in ((10_000, False), (0, True)):
        at = old(age)
        rows = {
            "emails": Email(address="a@b.example", subject="s", body="", sent_at=at),
            "notifications": Notification(user_id=user.id, at=at, subject="", body="", url="/"),
            "sessions": UserSession(user_id=user.id, token_hash=f"t{age}", seen_at=at),
            "invitations": Invitation(
                email="i@b.example",
                organisation=place,
                role=Role.HIN,
                token_hash=f"h{age}",
                invited_at=at,
                expires_at=now() + timedelta(days=7 - age),
            ),
            "jobs": Job(
                kind="x", key=None, arguments={}, state=JobState.DONE, finished_at=at, not_before=at
            ),
            "kept_forms": KeptForm(
                token_hash=f"k{age}", sealed=b"", kept_until=now() + timedelta(days=1 - age)
            ),
            "stopped_addresses": StoppedAddress(address=f"s{age}@b.example", reason="550", at=at),
            "campaign_guests": CampaignGuest(
                email="g@b.example",
                campaign_id=campaign(cast.hin, opens_on=at.date(), closes_on=at.date()).id,
            ),
            "sent_forms": SentForm(key_hash=f"s{age}", sender_hash="", content_hash="", at=at),
        }
        session.add_all(rows.values())
        kept |= rows if is_kept else {}
    session.commit()
    return kept


def test_what_is_over_its_time_goes_and_the_rest_stays(session: Session, cast: Cast) -> None:
    kept = plant_old_and_new(session, cast)
    counts = {code: rule_of(code).retention.count(rule_of(code).before) for code in kept}
    assert counts == dict.fromkeys(kept, 1)
    enqueue("privacy.retention")
    session.commit()
    run_waiting()
    session.expire_all()
    assert {code: rule_of(code).retention.count(rule_of(code).before) for code in kept} == (
        dict.fromkeys(kept, 0)
    )
    for row in kept.values():
        assert session.get(type(row), row_key(row)) is not None
    runs = {run.code: run.done for run in session.scalars(select(RetentionRun))}
    assert {code: runs[code] for code in kept} == dict.fromkeys(kept, 1)
    assert set(runs) == {rule.code for rule in retention()}
    report = session.scalars(select(Job).where(Job.kind == "privacy.retention")).one()
    assert "emails 1" in report.message


def row_key(row: object) -> object:
    names = ("id", "token_hash", "address", "key_hash")
    return next(value for name in names if (value := getattr(row, name, None)))


def test_a_dry_run_counts_and_changes_nothing(app: Flask, session: Session, cast: Cast) -> None:
    plant_old_and_new(session, cast)
    said = app.test_cli_runner().invoke(args=["retention", "run", "--dry-run"]).output
    assert re.search(r"emails\s+90 days\s+1  Deleted", said)
    assert "Nothing was changed." in said
    assert session.scalar(select(func.count(RetentionRun.id))) == 0
    assert rule_of("emails").retention.count(rule_of("emails").before) == 1
    assert "Done." in app.test_cli_runner().invoke(args=["retention", "run"]).output
    assert rule_of("emails").retention.count(rule_of("emails").before) == 0


def test_it_goes_in_pieces_with_a_commit_each(session: Session) -> None:
    session.add_all(
        Email(address="a@b.example", subject="", body="", sent_at=old(1000)) for _ in range(450)
    )
    session.commit()
    commits = []

    def commit() -> None:
        commits.append(1)
        session.commit()

    run = clear(rule=rule_of("emails"), commit=commit)
    assert (run.done, len(commits)) == (450, 3)
    assert run.longest_ms < 1000


def test_accounts_nobody_confirmed_and_leavers_are_erased(session: Session, cast: Cast) -> None:
    never = makers.user("Never Confirmed", confirmed_at=None, created_at=old(31))
    waiting = makers.user("Still Waiting", confirmed_at=None, created_at=old(3))
    left = makers.user("Left Long", active=False, closed_at=old(800))
    fresh = makers.user("Left Lately", active=False, closed_at=old(10))
    session.commit()
    for _ in range(2):
        enqueue("privacy.retention")
        session.commit()
        run_waiting()
    session.expire_all()
    assert [one.erased_at is not None for one in (never, waiting, left, fresh)] == [
        True,
        False,
        True,
        False,
    ]
    erased = AuditEvent.action == "user.erased"
    assert session.scalar(select(func.count(AuditEvent.id)).where(erased)) == 2


def test_files_that_nothing_names_go_and_named_ones_stay(
    app: Flask, session: Session, cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import io
    import os

    from portal.files import content_of, keep
    from portal.privacy.models import DataCopy

    monkeypatch.setitem(app.config, "INSTANCE", str(tmp_path))
    named = keep(io.BytesIO(b"named"), "a.txt", room="copies", by=SYSTEM).stored
    lost = {
        room: keep(io.BytesIO(b"x"), "b.txt", room=room, by=SYSTEM)
        for room in ("matters", "copies")
    }
    fresh = keep(io.BytesIO(b"fresh"), "c.txt", room="matters", by=SYSTEM).stored
    session.add(DataCopy(user_id=cast.hin.user.id, stored=named, size=5))
    session.commit()
    past = now().timestamp() - 2 * 86400
    for stored in (named, *(one.stored for one in lost.values())):
        path = next((tmp_path / "files").rglob(stored))
        os.utime(path, (past, past))
    rule = rule_of("files")
    assert rule.retention.count(rule.before) == 2
    assert clear(rule=rule, commit=session.commit).done == 2
    assert content_of(named, room="copies") == b"named"
    assert content_of(fresh, room="matters") == b"fresh"


def test_administrators_set_the_days_within_bounds(session: Session, cast: Cast, as_: As) -> None:
    browser = as_(cast.administrator)
    page = browser.get("/admin/retention").text
    assert "Emails: address and subject" in page
    low = browser.post("/admin/retention/emails", data={"days": "1", "version": "0"})
    assert "must be between 7 and 400" in low.text
    browser.post("/admin/retention/emails", data={"days": "30", "version": "0"})
    session.expire_all()
    assert rule_of("emails").days == 30
    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "retention.set")).one()
    assert event.changes == {"emails": [90, 30]}
    with pytest.raises(Outdated):
        set_days(rule=rule_of("emails"), days=60, version=0, by=cast.administrator.actor)
    assert browser.get("/admin/retention/kept_forms").status_code == 404
    assert as_(cast.hin).get("/admin/retention").status_code == 403


def test_reopening_an_account_stops_its_time(session: Session, cast: Cast) -> None:
    from portal.accounts.services import deactivate, reactivate

    user = cast.colleague.user
    deactivate(user=user, by=cast.administrator.actor)
    assert user.closed_at is not None
    reactivate(user=user, by=cast.administrator.actor)
    assert user.closed_at is None


def test_accounts_closed_before_have_their_time_from_the_trail(
    migrated_to: AtRevision, tmp_path: Path
) -> None:
    """0035 takes the moment of closing from the trail; without one it counts from now on."""
    with migrated_to("0030", tmp_path / "old.db") as url:
        app = make_app(url, tmp_path)
        closed_at = datetime(2025, 3, 1, 12, tzinfo=UTC)
        with app.app_context():
            told, untold, still = (
                put("user", email=f"{n}@a.example", fs_uniquifier=str(n), active=n == 2)
                for n in range(3)
            )
            at = closed_at if "postgres" in url else closed_at.replace(tzinfo=None)
            put(
                "audit_event",
                action="user.deactivated",
                noun="user",
                noun_id=told,
                at=at,
                changes={},
                audience="private",
            )
            db.session.commit()
        upgrade(app)
        with app.app_context():
            moments = dict(db.session.execute(select(User.id, User.closed_at)).all())
            db.session.rollback()
            db.engine.dispose()
    assert moments[told] == closed_at
    assert moments[untold] is not None
    assert moments[still] is None


def test_days_set_in_two_tabs_are_a_conflict_and_bounds_are_said(as_: Any, cast: Cast) -> None:
    browser, url = as_(cast.administrator), "/admin/retention/sessions"
    assert "Between 30 and 400" in browser.get(url).text
    for wrong in ("-5", "0", "36500"):
        page = browser.post(url, data={"days": wrong, "version": "0"}).text
        assert "must be between 30 and 400" in page, wrong
    assert browser.post(url, data={"days": "95", "version": "0"}).status_code == 302
    second = browser.post(url, data={"days": "96", "version": "0"})
    assert second.status_code == 409
    assert 'value="96"' in second.text
    assert browser.post(url, data={"days": "96", "version": "nonsense"}).status_code == 409
