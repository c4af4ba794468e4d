"""A network's list says how its support stands, what was validated and where it is used: that comes
in with the records, dated and told to nobody, goes out again, and is undone."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.clock import day_of, today
from portal.imports.models import Import, ImportRow, Result, Verdict
from portal.imports.rules.beside import hours_text, lengths, minutes_in
from portal.innovations.models import Adoption, AdoptionState, Innovation, Use
from portal.notifications.models import Email, Notification
from portal.proof.models import Validation, ValidationState
from portal.support.models import (
    Engagement,
    EngagementState,
    Interaction,
    LevelChange,
)
from portal.support.queries.interactions import spent
from tests.adoption.conftest import place
from tests.cast import Cast, Person
from tests.imports.conftest import HEADER, Bringer, line
from tests.imports.test_reading_files import workbook
from tests.imports.test_round_trip import exported

Bring = Callable[[Person], Bringer]

SUPPORT = {
    "Case status": "Active",
    "Support level": "Level 3",
    "Start date": "04/05/2023",
    "Our lead": "hana west",
    "Hours spent": "14.5",
    "Last contact": "2 Nov 2024",
    "Kind of support": "Evidence",
    "HINs involved": "Health Innovation West Midlands; Health Innovation Manchester",
}
TRIALS = {
    "RWV site": "Ward 7, Trust RW1\nTrust RW2",
    "RWV question": "Are there fewer falls?\n-",
    "RWV type": "Before and after\n-",
    "RWV status": "Completed\nIn progress",
    "RWV start": "1/6/2023\n1/9/2024",
    "RWV date": "30/11/2023\n-",
    "RWV positive?": "Yes\nNot known yet",
    "RWV result": "Falls fell by a third\n-",
}
SITES = {
    "Used at": "RW1; RW2",
    "Adoption stage": "Adopted; stage 4",
    "Adoption date": "01/02/2024; 2024-10-01",
}
WHOLE = {**SUPPORT, **TRIALS, **SITES}


@pytest.fixture
def sites(cast: Cast) -> None:
    for code, ics in (("RW1", "QWU"), ("RW2", "QWU"), ("RM1", "QOP")):
        place(code, ics)


def sheet(more: dict[str, str], *, ref: str = "A1", **cells: str) -> bytes:
    """A workbook of one record with more columns beside those that every row has."""
    return workbook([*HEADER, *more], [*line(ref, **cells), *more.values()])


def brought(hana: Bringer, more: dict[str, str], **cells: str) -> tuple[Import, ImportRow]:
    """Bring one row in; returns its import and the row."""
    importing = hana.mapped(sheet(more, **cells), "list.xlsx")
    hana.do(importing, "apply")
    [row] = hana.rows(importing)
    return importing, row


def counts(session: Session) -> dict[str, int]:
    models = (Innovation, Engagement, LevelChange, Interaction, Validation, Adoption, Use)
    return {
        one.__tablename__: session.scalar(select(func.count()).select_from(one)) or 0
        for one in models
    }


def test_support_validations_and_sites_come_in_with_a_record_dated_and_quietly(
    bringer: Bring, session: Session, cast: Cast, sites: None
) -> None:
    hana = bringer(cast.hin)
    _, row = brought(hana, WHOLE)
    assert (row.verdict, row.result, row.problems) == (Verdict.NEW, Result.MADE, {})
    record = session.scalars(select(Innovation)).one()
    assert day_of(record.submitted_at) == date(2023, 5, 4)

    engagement = session.scalars(select(Engagement)).one()
    assert engagement.hin_id == cast.hin.organisation.hin_id
    assert (engagement.state, engagement.level) == (EngagementState.ENGAGING, 3)
    assert engagement.lead_id == cast.hin.user.id
    assert engagement.levels[-1].on == date(2023, 5, 4)
    assert engagement.due_on is not None
    assert engagement.due_on > today()

    logged = session.scalars(select(Interaction).order_by(Interaction.id)).all()
    assert [(one.minutes, one.on) for one in logged] == [
        (720, date(2024, 11, 2)),
        (150, date(2024, 11, 2)),
    ]
    assert [kind.code for kind in logged[0].kinds] == ["EVIDENCE"]

    done, running = session.scalars(select(Validation).order_by(Validation.id)).all()
    assert (done.state, done.is_positive, done.to_on) == (
        ValidationState.COMPLETED,
        True,
        date(2023, 11, 30),
    )
    assert (done.question, done.site) == ("Are there fewer falls?", "Ward 7, Trust RW1")
    assert done.result == "Falls fell by a third"
    assert (running.state, running.site) == (ValidationState.RUNNING, "Trust RW2")

    stages = session.scalars(select(Adoption).order_by(Adoption.id)).all()
    assert [(one.state, one.on) for one in stages] == [
        (AdoptionState.STAGE_5, date(2024, 2, 1)),
        (AdoptionState.STAGE_4, date(2024, 10, 1)),
    ]
    assert session.scalars(select(Email)).all() == []
    assert session.scalars(select(Notification)).all() == []
    assert "that network’s own staff record it" in " ".join(row.notes)


def test_the_same_list_again_changes_nothing_and_what_goes_out_comes_in_the_same(
    bringer: Bring, session: Session, cast: Cast, sites: None
) -> None:
    hana = bringer(cast.hin)
    brought(hana, WHOLE)
    again, before = hana.mapped(sheet(WHOLE), "list.xlsx"), counts(session)
    [row] = hana.rows(again)
    assert (row.verdict, row.changes, row.problems) == (Verdict.SAME, {}, {})
    rows = exported(hana, "innovations")
    [back] = hana.rows(hana.mapped(workbook(*rows), "back.xlsx"))
    assert (back.verdict, back.changes, back.problems) == (Verdict.SAME, {}, {})
    assert counts(session) == before


CHANGES: tuple[tuple[str, Any, list[str], tuple[str, ...]], ...] = (
    ("Your support: hours in all", "16", ["14.5", "16"], ("Your support: hours in all",)),
    ("Your support: level", "4", ["3", "4"], ("Your support: level",)),
    ("Your support: state", "Closed", ["Engaging", "Closed"], ("Your support: state",)),
)


@pytest.mark.parametrize(("column", "typed", "pair", "labels"), CHANGES)
def test_a_change_in_what_went_out_is_exactly_that_change_and_is_undone(
    bringer: Bring,
    session: Session,
    cast: Cast,
    sites: None,
    column: str,
    typed: Any,
    pair: list[str],
    labels: tuple[str, ...],
) -> None:
    hana = bringer(cast.hin)
    brought(hana, WHOLE)
    rows, before = exported(hana, "innovations"), counts(session)
    changed = [list(row) for row in rows]
    changed[1][rows[0].index(column)] = typed
    if column != "Your support: hours in all":
        changed[1][rows[0].index("Your support: state and level since")] = ""
    importing = hana.mapped(workbook(*changed), "back.xlsx")
    [row] = hana.rows(importing)
    assert (row.verdict, row.changes) == (Verdict.CHANGES, dict.fromkeys(labels, pair))
    hana.do(importing, "apply")
    [row] = hana.rows(importing)
    assert row.result is Result.CHANGED
    assert str(exported(hana, "innovations")[1][rows[0].index(column)]).startswith(str(typed))
    hana.do(importing, "undo")
    assert counts(session) == before
    assert exported(hana, "innovations") == rows


def test_a_validation_and_a_site_that_went_on_are_changed_and_put_back(
    bringer: Bring, session: Session, cast: Cast, sites: None
) -> None:
    hana = bringer(cast.hin)
    brought(hana, WHOLE)
    rows, before = exported(hana, "innovations"), counts(session)
    changed = [list(row) for row in rows]

    def put(column: str, text: str) -> None:
        changed[1][rows[0].index(column)] = text

    put("Validation: state", "Completed\nCompleted")
    put("Validation: end", "2023-11-30\n2024-12-20")
    put("Validation: supports the claim", "Yes\nNo")
    put("Validation: result", "Falls fell by a third\nNo difference")
    put("Sites: adoption stage", "Adopted; Embedded")
    put("Sites: at that stage since", "2024-02-01; 2025-01-15")
    importing = hana.mapped(workbook(*changed), "back.xlsx")
    [row] = hana.rows(importing)
    assert row.changes == {
        "Validation at Trust RW2: state": ["Running", "Completed"],
        "Validation at Trust RW2: end": ["", "20/12/2024"],
        "Validation at Trust RW2: supports the claim": ["", "No"],
        "Validation at Trust RW2: result": ["", "No difference"],
        "At Trust RW2": ["Implementing since 01/10/2024", "Embedded since 15/01/2025"],
    }
    hana.do(importing, "apply")
    _, running = session.scalars(select(Validation).order_by(Validation.id)).all()
    assert (running.state, running.is_positive) == (ValidationState.COMPLETED, False)
    [again] = hana.rows(hana.mapped(workbook(*changed), "once-more.xlsx"))
    assert again.verdict is Verdict.SAME
    hana.do(importing, "undo")
    assert counts(session) == before
    assert exported(hana, "innovations") == rows


def test_undoing_takes_all_of_it_back_with_the_record(
    bringer: Bring, session: Session, cast: Cast, sites: None
) -> None:
    hana = bringer(cast.hin)
    before = counts(session)
    importing, _ = brought(hana, WHOLE)
    hana.do(importing, "undo")
    assert counts(session) == before


def test_another_networks_record_gets_ones_own_support_and_keeps_its_answers(
    bringer: Bring, session: Session, cast: Cast
) -> None:
    """What a company keeps is not changed by a list; how one's own network helps it is one's own to
    say."""
    olu = bringer(cast.other_hin)
    olu.do(olu.mapped(sheet({}), "theirs.xlsx"), "apply")
    record = session.scalars(select(Innovation)).one()
    hana = bringer(cast.hin)
    header = ["Number in the portal", "Product", "Support level", "Start date"]
    before = counts(session)
    importing = hana.mapped(
        workbook(header, [record.id, "Another name", "2", "2024-05-04"]), "few.xlsx"
    )
    [row] = hana.rows(importing)
    assert (row.verdict, row.problems) == (Verdict.CHANGES, {})
    assert row.changes == {
        "Your support: state": ["", "Engaging"],
        "Your support: level": ["", "2"],
    }
    hana.do(importing, "apply")
    assert session.get_one(Innovation, record.id).name == "Nightlight A1"
    ours = session.scalars(
        select(Engagement).where(Engagement.hin_id == cast.hin.organisation.hin_id)
    ).one()
    assert (ours.level, day_of(ours.opened_at), ours.is_first) == (2, date(2024, 5, 4), False)
    assert not ours.is_leading
    hana.do(importing, "undo")
    assert counts(session) == before


@pytest.mark.parametrize(
    ("more", "field", "words"),
    [
        ({"Case status": "Active"}, "support_state", "needs the support level"),
        ({"Support level": "7"}, "support_level", "must be a support level, 1 to 4"),
        ({"Our lead": "Nobody at all"}, "support_lead", "nobody of your network is called"),
        ({"Hours spent": "3"}, "support_hours", "which kind of support"),
        ({"Hours spent": "lots", "Kind of support": "Evidence"}, "support_hours", "must be hours"),
        ({"Start date": "01/01/2199"}, "support_since", "must be today or in the past"),
        ({"Used at": "RM1", "Adoption stage": "5"}, "sites", "is not in your area"),
        ({"Used at": "Nowhere", "Adoption stage": "5"}, "sites", "enter its ODS code"),
        ({"Used at": "RW1"}, "sites", "Enter the adoption stage"),
        ({"Used at": "RW1", "Adoption stage": "Stopped"}, "adoption_stage", "why Trust RW1 fell"),
        ({"Used at": "RW1; RW2", "Adoption stage": "5; 5; 5"}, "adoption_stage", "3 values for 2"),
        (
            {"RWV site": "Trust RW1", "RWV status": "Completed"},
            "validation_state",
            "needs its result",
        ),
        (
            {"RWV site": "Trust RW1", "RWV result": "Good", "RWV date": "2024-01-02"},
            "validation_result",
            "supports the claim",
        ),
        ({"RWV result": "Good"}, "validation_result", "Enter where it was validated"),
    ],
)
def test_what_does_not_fit_is_told_in_its_cell(
    bringer: Bring,
    session: Session,
    cast: Cast,
    sites: None,
    more: dict[str, str],
    field: str,
    words: str,
) -> None:
    hana = bringer(cast.hin)
    choices = {f"{name}-0": "" for name in ("support_level", "support_state", "adoption_stage")}
    importing = hana.mapped(sheet(more), "list.xlsx", **choices)
    [row] = hana.rows(importing)
    assert row.verdict is Verdict.WRONG
    assert words in row.problems[field]


def test_the_nation_writes_no_networks_support(
    bringer: Bring, session: Session, cast: Cast
) -> None:
    sam = bringer(cast.national)
    importing = sam.mapped(sheet({"Support level": "2"}), "list.xlsx")
    [row] = sam.rows(importing)
    assert "Only a network’s own staff say this" in row.problems["support_level"]
    sam.do(importing, "leave-out", field="support_level")
    [row] = sam.rows(importing)
    assert row.verdict is Verdict.NEW


def test_unknown_words_are_asked_with_the_likeliest_meaning(
    bringer: Bring, session: Session, cast: Cast
) -> None:
    hana = bringer(cast.hin)
    place = hana.send(sheet({"Support status": "engaging now", "Support level": "3"}), "list.xlsx")
    base = place.replace("/sheet", "")
    for step in ("sheet", "columns"):
        hana.client.post(f"{base}/{step}", data=hana.chosen(f"{base}/{step}"))
    assert hana.chosen(f"{base}/values") == {"support_state-0": "engaging"}


def test_support_that_a_colleague_changed_meanwhile_is_shown_again(
    bringer: Bring, session: Session, cast: Cast
) -> None:
    hana = bringer(cast.hin)
    brought(hana, SUPPORT)
    importing = hana.mapped(sheet({**SUPPORT, "Support level": "4"}), "list.xlsx")
    engagement = session.scalars(select(Engagement)).one()
    engagement.waiting_for = "A reply"
    session.commit()
    hana.do(importing, "apply")
    [row] = hana.rows(importing)
    assert row.verdict is Verdict.MOVED
    assert session.get_one(Engagement, engagement.id).level == 3


def test_hours_that_are_logged_here_stay(bringer: Bring, session: Session, cast: Cast) -> None:
    hana = bringer(cast.hin)
    brought(hana, SUPPORT)
    [row] = hana.rows(hana.mapped(sheet({**SUPPORT, "Hours spent": "3"}), "list.xlsx"))
    assert (row.verdict, row.changes) == (Verdict.SAME, {})
    assert "14.5 hours are logged here: they stay" in row.notes
    assert spent(session.scalars(select(Engagement)).one().id) == 870


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("2", 120), ("1.3", 75), ("2,5 hours", 150), ("12:30", 750), ("0", 0), ("3 hrs", 180)],
)
def test_hours_are_read_as_people_write_them(text: str, minutes: int) -> None:
    assert minutes_in(text) == minutes
    assert sum(lengths(minutes)) == minutes
    assert minutes_in(hours_text(minutes)) == minutes


@pytest.mark.parametrize("text", ["many", "-3", "1e3", "99999", "3 days"])
def test_what_are_no_hours_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="must be"):
        minutes_in(text)


def test_the_sample_shows_what_a_networks_list_may_hold(
    bringer: Bring, session: Session, cast: Cast
) -> None:
    hana, sam = bringer(cast.hin), bringer(cast.national)
    data = hana.client.get("/import/sample/innovations.csv").data
    assert b"RWV site" not in sam.client.get("/import/sample/innovations.csv").data
    importing = hana.mapped(
        data, "sample.csv", **{"stage-0": "READY", "care_settings-0": "ACUTE_INPATIENT"}
    )
    assert len(importing.mapping) == len(importing.header)
    hana.do(importing, "apply")
    first, second = session.scalars(select(Engagement).order_by(Engagement.id)).all()
    assert (first.state, first.level) == (EngagementState.ENGAGING, 2)
    assert (second.state, second.level) == (EngagementState.WAITING, 1)
    assert session.scalars(select(Validation)).one().is_positive
