"""The migrations make the tables that the models describe, and keep what is in them."""

import json
import re
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from flask import Flask
from sqlalchemy import MetaData, Table, func, insert, inspect, select, text
from sqlalchemy.exc import DatabaseError

from portal.accounts.rules import hashed_recovery_code
from portal.challenges.models import ChallengeFollower, ChallengeReader
from portal.clock import now
from portal.db import Base, db, migrations, reading
from portal.innovations.models import ChangeRequest, Evidence, Innovation, Nation, StatusChange, Use
from portal.proof.models import Validation, ValidationState
from portal.reference import services as reference
from portal.reference.models import Deadline, DeadlineKind, DeadlineUnit
from portal.support.models import (
    DueDateReminder,
    Engagement,
    InteractionShare,
    LeadChange,
    LevelChange,
    Proposal,
)
from portal.text import folded
from tests.conftest import make_app
from tests.migrated import AtRevision


def upgrade(app: Flask) -> None:
    """Run the migrations; in a context of their own, whose end closes their connection."""
    with app.app_context():
        migrations.upgrade()


@pytest.fixture
def migrated(migrated_to: AtRevision, tmp_path: Path) -> Iterator[Flask]:
    """An application whose tables were made by the migrations."""
    with migrated_to("head", tmp_path / "migrated.db") as url:
        app = make_app(url, tmp_path)
        with app.app_context():
            yield app
            db.session.rollback()
            db.engine.dispose()


def test_models_and_migrations_agree(migrated: Flask) -> None:
    with reading():
        found = [str(one) for one in migrations.compare_metadata()]
        assert not found, f"write a migration (docs/changing.md, The tables): {found}"
        made = set(inspect(db.engine).get_table_names()) - {"alembic_version"}
    assert made == set(Base.metadata.tables)


def test_upgrading_a_full_database_again_keeps_its_rows(migrated: Flask) -> None:
    reference.load()
    db.session.commit()
    before = db.session.execute(text("SELECT count(*) FROM term")).scalar_one()
    db.session.commit()
    upgrade(migrated)
    assert db.session.execute(text("SELECT count(*) FROM term")).scalar_one() == before


def put(table: str, **values: Any) -> int:
    """Insert a row as that migration knows the table, filling what must not be empty."""
    found = Table(table, MetaData(), autoload_with=db.session.connection())
    for column in found.columns:
        if not column.nullable and not column.primary_key and column.name not in values:
            values[column.name] = EMPTY[column.type.python_type]
    done = db.session.execute(insert(found).values(**values).returning(found.c.id))
    return int(done.scalar_one())


EMPTY: dict[type, Any] = {
    str: "",
    int: 1,
    bool: False,
    date: date(2026, 1, 1),
    datetime: datetime(2026, 1, 1, tzinfo=UTC),
}


def test_levels_get_the_day_in_england_of_their_moment(
    migrated_to: AtRevision, tmp_path: Path
) -> None:
    """0002 fills `level_change.on`: half an hour before midnight in UTC is the next summer day."""
    with migrated_to("0001", tmp_path / "old.db") as url:
        app = make_app(url, tmp_path)
        with app.app_context():
            region = put("region")
            hin = put("hin", region_id=region)
            maker = put("organisation", kind="company")
            record = put("innovation", organisation_id=maker, life="draft", sharing="hins")
            case = put("engagement", innovation_id=record, hin_id=hin, state="new")
            summer, winter = datetime(2026, 6, 30, 23, 30), datetime(2026, 12, 31, 23, 30)  # noqa: DTZ001 - as stored
            for at in (summer, winter):
                moment = at.replace(tzinfo=UTC) if "postgres" in url else at
                put("level_change", engagement_id=case, level=1, at=moment)
            db.session.commit()
        upgrade(app)
        with app.app_context():
            with reading():
                days = db.session.scalars(select(LevelChange.on).order_by(LevelChange.at)).all()
            db.session.rollback()
            db.engine.dispose()
    assert days == [date(2026, 7, 1), date(2026, 12, 31)]


def test_who_followed_a_call_follows_its_challenge(migrated_to: AtRevision, tmp_path: Path) -> None:
    """0095 lets challenges be followed: their calls' followers stay."""
    with migrated_to("0094", tmp_path / "old.db") as url:
        app = make_app(url, tmp_path)
        with app.app_context():
            ics = put("organisation", kind="ics")
            people = [put("user", email=name, fs_uniquifier=name) for name in "ab"]
            put(
                "challenge", organisation_id=ics
            )  # so that the numbers of call and challenge differ
            stated = put("challenge", organisation_id=ics)
            call = put("challenge_call", challenge_id=stated)
            for person in people:
                row = {"call_id": call, "user_id": person, "at": EMPTY[datetime]}
                followers = Table(
                    "call_follower", MetaData(), autoload_with=db.session.connection()
                )
                db.session.execute(insert(followers).values(row))
            db.session.commit()
        upgrade(app)
        with app.app_context():
            with reading():
                found = db.session.execute(
                    select(ChallengeFollower.challenge_id, ChallengeFollower.user_id)
                ).all()
            db.session.rollback()
            db.engine.dispose()
    assert sorted(map(tuple, found)) == [(stated, person) for person in people]


def test_validations_keep_their_rows_and_get_their_first_step(
    migrated_to: AtRevision, tmp_path: Path
) -> None:
    """0008 puts every validation that is there at the state in which it was recorded."""
    with migrated_to("0007", tmp_path / "old.db") as url:
        app = make_app(url, tmp_path)
        with app.app_context():
            hin = put("hin", region_id=put("region"))
            maker = put("organisation", kind="company")
            record = put("innovation", organisation_id=maker, life="draft", sharing="hins")
            put("validation", innovation_id=record, hin_id=hin, state="running", question="Why?")
            db.session.commit()
        upgrade(app)
        with app.app_context():
            with reading():
                row = db.session.scalars(select(Validation)).one()
                steps = [change.state for change in row.changes]
                kept = (row.question, row.partner, row.people)
            db.session.rollback()
            db.engine.dispose()
    assert steps == [ValidationState.RUNNING]
    assert kept == ("Why?", "", None)


def test_who_is_engaging_is_promised_an_update(migrated_to: AtRevision, tmp_path: Path) -> None:
    """0010 keeps the settings under their new name, and gives six weeks to those who engage."""
    with migrated_to("0009", tmp_path / "old.db") as url:
        app = make_app(url, tmp_path)
        with app.app_context():
            hin = put("hin", region_id=put("region"))
            maker = put("organisation", kind="company")
            for state in ("engaging", "assessing"):
                record = put("innovation", organisation_id=maker, life="draft", sharing="hins")
                put("engagement", innovation_id=record, hin_id=hin, state=state)
            put("deadline", kind="decide", working_days=9)
            db.session.commit()
        upgrade(app)
        with app.app_context():
            with reading():
                due = dict(db.session.execute(select(Engagement.state, Engagement.due_on)).all())
                lengths = {d.kind: (d.amount, d.unit) for d in db.session.scalars(select(Deadline))}
            db.session.rollback()
            db.engine.dispose()
    days = (due["engaging"] - now().date()).days
    assert 40 <= days <= 42
    assert due["engaging"].weekday() < 5
    assert due["assessing"] is None
    assert lengths == {
        DeadlineKind.DECIDE: (9, DeadlineUnit.WORKING_DAYS),
        DeadlineKind.UPDATE: (6, DeadlineUnit.WEEKS),
    }


def test_proposals_keep_their_days_their_reminders_and_that_one_is_open(
    migrated_to: AtRevision, tmp_path: Path
) -> None:
    """0013 lets a proposal be without a day, and loses nothing that hangs on it."""
    with migrated_to("0012", tmp_path / "old.db") as url:
        app = make_app(url, tmp_path)
        with app.app_context():
            region = put("region")
            one, other = put("hin", region_id=region), put("hin", region_id=region, code="B")
            maker = put("organisation", kind="company")
            record = put("innovation", organisation_id=maker, life="draft", sharing="hins")
            told = {"innovation_id": record, "from_hin_id": one, "to_hin_id": other}
            said = put("proposal", kind="joint", state="open", **told)
            put("promise_reminder", proposal_id=said, kind="before")
            db.session.commit()
        upgrade(app)
        with app.app_context():
            with reading():
                due = db.session.scalars(select(Proposal.due_on)).all()
                reminders = db.session.scalars(select(DueDateReminder.proposal_id)).all()
            with pytest.raises(DatabaseError, match=r"(?i)unique"):
                put("proposal", kind="handover", state="open", **told)
            db.session.rollback()
            db.engine.dispose()
    assert due == [EMPTY[date]]
    assert reminders == [said]


def test_who_took_a_record_over_leads_since(migrated_to: AtRevision, tmp_path: Path) -> None:
    """0014: the first network leads from the start, whoever took it over from the answer on."""
    with migrated_to("0013", tmp_path / "old.db") as url:
        app = make_app(url, tmp_path)
        with app.app_context():
            region = put("region")
            hins = [put("hin", region_id=region, code=code) for code in "ABC"]
            maker = put("organisation", kind="company")
            record = put("innovation", organisation_id=maker, life="draft", sharing="hins")
            cases = [
                put("engagement", innovation_id=record, hin_id=hin, state="new", is_first=n == 0)
                for n, hin in enumerate(hins)
            ]
            told = {"innovation_id": record, "kind": "handover", "state": "accepted"}
            for giver, taker, year in ((0, 1, 2024), (0, 2, 2025)):
                at = datetime(year, 3, 1, 9, tzinfo=UTC if "postgres" in url else None)
                ends = {"from_hin_id": hins[giver], "to_hin_id": hins[taker]}
                put("proposal", answered_at=at, **ends, **told)
            db.session.commit()
        upgrade(app)
        with app.app_context():
            with reading():
                rows = db.session.execute(
                    select(LeadChange.engagement_id, LeadChange.at).order_by(LeadChange.id)
                ).all()
                leading = db.session.scalars(select(Engagement.id).where(Engagement.is_leading))
                found = leading.all()
            db.session.rollback()
            db.engine.dispose()
    assert [(case, at.year) for case, at in rows] == [(cases[0], 2026), (cases[1], 2024)]
    assert found == [cases[1]]


def test_importers_get_keys_of_their_own_and_no_row_is_lost(
    migrated_to: AtRevision, tmp_path: Path
) -> None:
    """0019 builds `innovation` anew: what hangs on it stays, and who has no HIN gets one."""
    with migrated_to("0015", tmp_path / "old.db") as url:
        app = make_app(url, tmp_path)
        with app.app_context():
            region = put("region")
            ended = put("ics", region_id=region, code="OLD", valid_to=date(2026, 3, 31))
            there = put("ics", region_id=region, code="NEW")
            hin = put("hin", region_id=region, code="H")
            put("hin_service_area", hin_id=hin, ics_id=there, is_lead=True)
            put("ics_succession", predecessor_id=ended, successor_id=there)
            maker = put("organisation", kind="company")
            stays = {"organisation_id": maker, "sharing": "hins"}
            bare = put("innovation", life="submitted", ics_id=ended, external_key="WM-1", **stays)
            draft = put("innovation", life="draft", **stays)
            put("life_change", innovation_id=bare, life="submitted")
            put("use", innovation_id=bare, organisation_id=maker)
            about = {"ics": "NEW", "name": "Breathe"}
            put("section_copy", innovation_id=draft, section="about", draft=about)
            db.session.commit()
        upgrade(app)
        with app.app_context():
            with reading():
                row = db.session.get_one(Innovation, bare)
                found = (row.hin_id, row.nation, row.external_key, row.importer_id)
                kept = [len(row.uses), db.session.scalar(select(func.count(StatusChange.id)))]
                said = db.session.get_one(Innovation, draft).copies[0].draft
            db.session.rollback()
            db.engine.dispose()
    assert found == (hin, Nation.ENGLAND, "WM-1", None)
    assert kept == [1, 1]
    assert said == {**about, "nation": "england"}


def test_what_is_asked_to_be_changed_is_kept_with_who_asked_and_when(
    migrated_to: AtRevision, tmp_path: Path
) -> None:
    """0024: the words on the task list become a request of the network that asked last."""
    with migrated_to("0023", tmp_path / "old.db") as url:
        app = make_app(url, tmp_path)
        with app.app_context():
            region = put("region")
            hins = [put("hin", region_id=region, code=code) for code in "AB"]
            maker = put("organisation", kind="company")
            record = put("innovation", organisation_id=maker, life="draft", sharing="hins")
            cases = [
                put("engagement", innovation_id=record, hin_id=hin, state="changes") for hin in hins
            ]
            for case, year in ((cases[1], 2024), (cases[0], 2025)):
                at = datetime(year, 3, 1, 9, tzinfo=UTC if "postgres" in url else None)
                put("engagement_change", engagement_id=case, state="changes", at=at)
            put("section_copy", innovation_id=record, section="need", change_wanted="For whom?")
            put("section_copy", innovation_id=record, section="costs", change_wanted="")
            db.session.commit()
        upgrade(app)
        with app.app_context():
            with reading():
                found = db.session.scalars(select(ChangeRequest)).all()
                kept = [(r.hin_id, r.section.value, r.words, r.at.year) for r in found]
                is_open = [r.answered_at is None for r in found]
            db.session.rollback()
            db.engine.dispose()
    assert kept == [(hins[0], "need", "For whom?", 2025)]
    assert is_open == [True]


def test_what_was_written_about_a_challenge_before_is_new_to_nobody(
    migrated_to: AtRevision, tmp_path: Path
) -> None:
    """0031: members of the organisations that have the challenge have read up to its newest."""
    with migrated_to("0030", tmp_path / "old.db") as url:
        app = make_app(url, tmp_path)
        with app.app_context():
            ours, theirs, others = (put("organisation", kind="ics", name_key=k) for k in "abc")
            people = [put("user", email=f"{n}@example.org", fs_uniquifier=n) for n in "abcd"]
            for user, of, state in zip(
                people, (ours, theirs, others, ours), (*["active"] * 3, "ended"), strict=True
            ):
                put("membership", user_id=user, organisation_id=of, role="ics", state=state)
            challenge = put("challenge", organisation_id=ours, state="open", readers="nhs")
            put("challenge_supporter", challenge_id=challenge, organisation_id=theirs)
            written = {"challenge_id": challenge, "by_id": people[0], "organisation_id": ours}
            newest = [put("challenge_message", **written) for _ in range(2)][-1]
            db.session.commit()
        upgrade(app)
        with app.app_context():
            with reading():
                marks = {
                    (m.user_id, m.read_up_to) for m in db.session.scalars(select(ChallengeReader))
                }
            db.session.rollback()
            db.engine.dispose()
    assert marks == {(people[0], newest), (people[1], newest)}


def test_what_hangs_on_a_table_that_is_built_anew_stays(
    migrated_to: AtRevision, tmp_path: Path
) -> None:
    """0023 alone builds `interaction_event` anew on SQLite: its shares of hours and people stay."""
    with migrated_to("0022", tmp_path / "old.db") as url:
        app = make_app(url, tmp_path)
        with app.app_context():
            hin = put("hin", region_id=put("region"))
            maker = put("organisation", kind="company")
            record = put("innovation", organisation_id=maker, life="draft", sharing="hins")
            case = put("engagement", innovation_id=record, hin_id=hin, state="engaging")
            contact = put("interaction_event", hin_id=hin, kind="call", quarters=6)
            put("interaction", event_id=contact, engagement_id=case, quarters=6)
            db.session.commit()
        upgrade(app)
        with app.app_context():
            with reading():
                shares = db.session.scalars(select(InteractionShare.minutes)).all()
                on = [] if "postgres" in url else [db.session.scalar(text("PRAGMA foreign_keys"))]
            db.session.rollback()
            db.engine.dispose()
    assert shares == [90]
    assert on in ([], [1])


def test_a_migration_that_would_leave_rows_without_their_other_end_is_refused(
    migrated: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On SQLite foreign keys are lifted while migrations run, and checked before each commit."""
    if db.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL holds its foreign keys while it migrates")
    script = migrations.script_directory.get_revision("0030")
    migrations.stamp("0024")
    orphan = "INSERT INTO former_label (term_id, label, until_on) VALUES (7, '', '')"
    monkeypatch.setattr(script.module, "upgrade", lambda: migrations.op.execute(orphan))
    with pytest.raises(RuntimeError, match="would break 1 rows"):
        migrations.upgrade()
    assert migrations.current()[0].revision == "0024"


CODE = "0a1b-2c3d-4e5f"


def test_codes_are_hashed_and_records_of_leavers_pass_to_the_lead(
    migrated_to: AtRevision, tmp_path: Path
) -> None:
    """0018 reads the codes that were encrypted, and hands over what those who left still owned."""
    with migrated_to("0015", tmp_path / "old.db") as url:
        app = make_app(url, tmp_path)
        digest = sha256(b"recovery codes" + app.config["TWO_FACTOR_SECRET"].encode()).digest()
        encrypted = Fernet(urlsafe_b64encode(digest)).encrypt(b"0a1b-2c3d-4e5f").decode()
        with app.app_context():
            maker = put("organisation", kind="company")
            lead, left, given, stays = (
                put("user", email=f"{name}@x.example", fs_uniquifier=name, active=True)
                for name in ("lead", "left", "given", "stays")
            )
            put("membership", user_id=lead, organisation_id=maker, role="innovator", is_lead=True)
            db.session.execute(text("UPDATE membership SET state = 'active'"))
            put("membership", user_id=left, organisation_id=maker, role="innovator", state="ended")
            put(
                "membership",
                user_id=stays,
                organisation_id=maker,
                role="innovator",
                state="active",
            )
            records = [
                put("innovation", organisation_id=maker, owner_id=owner, life="draft")
                for owner in (left, given, stays)
            ]
            put("email", address="a@x.example", body="TOKEN", sent_at=EMPTY[datetime])
            waiting = put("email", address="b@x.example", body="TOKEN", subject="waits")
            stored = text('UPDATE "user" SET mf_recovery_codes = :codes WHERE id = :id')
            codes = json.dumps([encrypted, "not ours"])
            db.session.execute(stored, {"codes": codes, "id": lead})
            db.session.commit()
        upgrade(app)
        with app.app_context():
            with reading():
                found = db.session.execute(text("SELECT id, owner_id FROM innovation"))
                owners = {row.id: row.owner_id for row in found}
                hashes = db.session.execute(text("SELECT user_id, code_hash FROM recovery_code"))
                assert hashes.all() == [(lead, hashed_recovery_code(lead, CODE))]
                bodies = db.session.execute(text("SELECT id, body FROM email WHERE body <> ''"))
                assert bodies.all() == [(waiting, "TOKEN")]
            db.session.rollback()
            db.engine.dispose()
    assert [owners[record] for record in records] == [lead, given, stays]


def test_organisations_that_look_alike_are_told_apart(
    migrated_to: AtRevision, tmp_path: Path
) -> None:
    """0017 folds every name; the younger of two that look alike gets a number behind its own."""
    names = ["Acme Health", "Acme\u00a0Health", "ACME  health", "Acme Health (2)", "Other"]
    with migrated_to("0015", tmp_path / "old.db") as url:
        app = make_app(url, tmp_path)
        with app.app_context():
            for name in names:
                put("organisation", kind="company", name=name)
            db.session.commit()
        upgrade(app)
        with app.app_context():
            with reading():
                rows = db.session.execute(
                    text("SELECT name, name_key FROM organisation ORDER BY id")
                ).all()
            db.session.rollback()
            db.engine.dispose()
    assert [row.name for row in rows] == [
        *("Acme Health", "Acme\u00a0Health (3)", "ACME  health (4)", "Acme Health (2)", "Other")
    ]
    assert [row.name_key for row in rows] == [folded(row.name) for row in rows]


def test_what_was_known_to_the_year_or_month_is_marked_so(
    migrated_to: AtRevision, tmp_path: Path
) -> None:
    """0032 knows years and months by the note that told of them so far, and ends that note."""
    told = "Facts: a report. Where a source gives only a year, 1 January stands for it. The end."
    made_up = "Starting date made up for the demonstration"
    with migrated_to("0030", tmp_path / "old.db") as url:
        app = make_app(url, tmp_path)
        with app.app_context():
            maker, kind = put("organisation", kind="company"), put("term", vocabulary="category")
            record = {"organisation_id": maker, "status": "draft", "sharing": "hins"}
            noted = put("innovation", source_note=told, **record)
            other = put("innovation", source_note="Typed by its people.", **record)
            days = (date(2023, 1, 1), date(2023, 5, 1), date(2023, 5, 2))
            for owner in (noted, other):
                for day in days:
                    put("evidence", innovation_id=owner, kind_id=kind, on=day)
                    used = {"innovation_id": owner, "organisation_id": maker, "from_on": day}
                    put("use", **used)
                    put("use", **used, site=made_up)
            db.session.commit()
        upgrade(app)
        with app.app_context():
            with reading():
                evidence = db.session.execute(
                    select(Evidence.innovation_id, Evidence.on_precision).order_by(Evidence.id)
                ).all()
                uses = db.session.scalars(
                    select(Use.from_on_precision).where(Use.innovation_id == noted).order_by(Use.id)
                ).all()
                note = db.session.scalar(
                    select(Innovation.source_note).where(Innovation.id == noted)
                )
            db.session.rollback()
            db.engine.dispose()
    assert [known for owner, known in evidence if owner == noted] == ["year", "day", "day"]
    assert [known for owner, known in evidence if owner == other] == ["day"] * 3
    assert uses == ["month", "day", "month", "day", "day", "day"]
    assert note == "Facts: a report. The end."


def test_lines_of_use_become_dated_rows_of_adoption(
    migrated_to: AtRevision, tmp_path: Path
) -> None:
    """0042 keeps every line, and says in rows who said it, since when, and that it ended."""
    with migrated_to("0039", tmp_path / "old.db") as url:
        app = make_app(url, tmp_path)
        with app.app_context():
            maker = put("organisation", kind="company", name_key="a")
            network = put("organisation", kind="hin", name_key="b")
            record = put("innovation", organisation_id=maker, status="draft", sharing="hins")
            place = put("site", code="RZZ", kind="trust", name="A trust")
            line = {"innovation_id": record, "from_on": date(2023, 5, 1)}
            line["from_on_precision"] = "day"
            put("use", **{**line, "organisation_named": "A ward", "from_on_precision": "month"})
            put("use", **line, directory_site_id=place, confirmed_by_id=network, is_trial=True)
            ended = put("use", **line, organisation_id=maker, until_on=date(2024, 2, 29))
            db.session.commit()
        upgrade(app)
        with app.app_context():
            with reading():
                found = db.session.execute(
                    text(
                        "SELECT place_named, site_id, organisation_id, state, source, on_precision,"
                        ' said_by_id, CAST("on" AS text) FROM adoption ORDER BY id'
                    )
                ).all()
                links = db.session.execute(
                    text("SELECT begins_id, ends_id FROM use ORDER BY id")
                ).all()
            put("adoption", innovation_id=record, site_id=place, state="STAGE_5", source="hin")
            db.session.rollback()
            db.engine.dispose()
    assert [tuple(row) for row in found] == [
        ("A ward", None, None, "STAGE_5", "innovator", "month", maker, "2023-05-01"),
        ("", place, None, "STAGE_4", "hin", "day", network, "2023-05-01"),
        ("", None, maker, "STAGE_5", "innovator", "day", maker, "2023-05-01"),
        ("", None, maker, "STOPPED", "innovator", "day", maker, "2024-03-01"),
    ]
    assert ended
    assert [tuple(row) for row in links] == [(1, None), (2, None), (3, 4)]


def test_no_truth_has_a_number_as_its_default() -> None:
    """PostgreSQL refuses it, and SQLite writes it of its own accord when a migration is made."""
    number = re.compile(r'sa\.Boolean\(\)[^\n]*server_default=(sa\.text\(["\']|["\'])[01]')
    found = [
        path.name
        for path in sorted(Path("migrations").glob("0*.py"))
        if number.search(path.read_text())
    ]
    assert found == []
