"""The product's own reference files: complete, unique and consistent with each other."""

import csv
import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from portal.reference.models import Vocabulary

DATA = Path(__file__).parents[2] / "portal" / "reference" / "data"
TERM_COLUMNS = ["code", "label", "group", "position", "definition", "source", "value"]
VOCABULARIES = {
    "adoption_reason": 11,
    "adoption_stage": 12,
    "area": 10,
    "benefit": 30,
    "care_setting": 19,
    "category": 13,
    "condition": 167,
    "development_stage": 9,
    "equality_group": 15,
    "evidence_kind": 5,
    "evidence_type": 7,
    "funding_status": 14,
    "inequality": 5,
    "milestone": 23,
    "progress_area": 14,
    "purpose": 8,
    "standard": 13,
    "support_kind": 9,
    "support_level": 4,
    "support_programme": 22,
}
LEAD_OF_ICS_AT = {"2022-07-01": 42, "2023-01-01": 42, "2026-03-31": 42, "2026-06-01": 36}


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def codes(name: str) -> set[str]:
    return {row["code"] for row in rows(name)}


def holds_on(row: dict[str, str], day: str) -> bool:
    return row["valid_from"] <= day and (not row["valid_to"] or day <= row["valid_to"])


def all_files() -> list[str]:
    return sorted(str(path.relative_to(DATA)) for path in DATA.rglob("*.csv"))


@pytest.mark.parametrize("name", all_files())
def test_a_file_is_clean_text_with_line_feeds_and_full_rows(name: str) -> None:
    raw = (DATA / name).read_bytes()
    text = raw.decode("utf-8")
    assert b"\r" not in raw
    assert not re.search("[\ufffd\u0080-\u009f\u00c2\u00c3]|â€", text)
    for row in rows(name):
        assert None not in row, "a row is longer than its header"
        assert None not in row.values(), "a row is shorter than its header"
        assert all(value == value.strip() for value in row.values())


@pytest.mark.parametrize(
    "name", [name for name in all_files() if name.startswith("terms/")] + ["regions.csv"]
)
def test_codes_are_unique_and_every_row_names_its_source(name: str) -> None:
    found = [row["code"] for row in rows(name)]
    assert len(found) == len(set(found))
    assert all(row["source"] for row in rows(name))


def test_there_is_one_file_for_each_vocabulary() -> None:
    named = {one.value for one in Vocabulary}
    files = {path.stem for path in (DATA / "terms").glob("*.csv")}
    assert files == named, "a vocabulary is a member of Vocabulary and a file of terms"
    assert set(VOCABULARIES) == named, "say in VOCABULARIES here how many terms it has"


@pytest.mark.parametrize(("vocabulary", "count"), VOCABULARIES.items())
def test_a_vocabulary_has_its_terms_in_order(vocabulary: str, count: int) -> None:
    found = rows(f"terms/{vocabulary}.csv")
    assert len(found) == count
    assert list(found[0]) == TERM_COLUMNS
    assert [int(row["position"]) for row in found] == list(range(1, count + 1))
    assert all(re.fullmatch(r"[A-Z][A-Z0-9_]{1,59}", row["code"]) for row in found)
    labels = Counter((row["group"], row["label"]) for row in found)
    assert max(labels.values()) == 1


def test_conditions_stand_in_27_groups_each_of_which_can_be_chosen() -> None:
    found = rows("terms/condition.csv")
    groups = {row["group"] for row in found}
    assert len(groups) == 27
    assert {row["group"] for row in found if row["label"] == row["group"]} == groups


def test_stages_of_development_go_from_discover_to_deploy() -> None:
    groups = [row["group"] for row in rows("terms/development_stage.csv")]
    assert groups == sorted(groups, key=["Discover", "Develop", "Deploy"].index)
    assert all(row["value"].startswith("TRL ") for row in rows("terms/development_stage.csv"))


def test_support_levels_carry_their_budget_of_hours() -> None:
    assert [row["value"] for row in rows("terms/support_level.csv")] == ["4", "12", "", ""]


def test_adoption_stages_are_numbered_from_0_to_7_and_what_is_no_stage_is_not() -> None:
    stages = [str(number) for number in range(8)]
    assert [row["value"] for row in rows("terms/adoption_stage.csv")] == [*stages, *[""] * 4]


def test_there_are_seven_regions_and_fifteen_networks() -> None:
    assert len(rows("regions.csv")) == 7
    assert len(codes("hins.csv")) == len(rows("hins.csv")) == 15
    assert {row["region_code"] for row in rows("hins.csv")} <= codes("regions.csv")


def test_each_network_has_exactly_one_name_on_any_day() -> None:
    for day in ("2017-09-30", "2017-10-01", "2023-09-30", "2023-10-01", "2026-06-01"):
        held = Counter(row["hin_code"] for row in rows("hin_names.csv") if holds_on(row, day))
        assert held == dict.fromkeys(codes("hins.csv"), 1), day


def test_the_name_of_today_is_the_network_s_name() -> None:
    today = {row["hin_code"]: row["name"] for row in rows("hin_names.csv") if not row["valid_to"]}
    assert today == {row["code"]: row["name"] for row in rows("hins.csv")}


@pytest.mark.parametrize(
    ("day", "count"),
    [("2022-06-30", 0), ("2025-01-01", 42), ("2026-03-31", 42), ("2026-04-01", 36)],
)
def test_the_number_of_integrated_care_systems_on_a_day(day: str, count: int) -> None:
    found = rows("icss.csv")
    assert len(codes("icss.csv")) == len(found) == 49
    assert {row["region_code"] for row in found} <= codes("regions.csv")
    assert sum(holds_on(row, day) for row in found) == count


def test_every_system_that_ended_has_successors_and_no_other_has() -> None:
    ended = {row["code"] for row in rows("icss.csv") if row["valid_to"]}
    begun = {row["code"] for row in rows("icss.csv") if row["valid_from"] == "2026-04-01"}
    moves = rows("ics_successions.csv")
    assert {row["from_code"] for row in moves} == ended
    assert {row["to_code"] for row in moves} == begun
    assert {row["on"] for row in moves} == {"2026-04-01"}


def test_a_system_goes_whole_to_one_successor_or_in_named_parts_to_several() -> None:
    moves = rows("ics_successions.csv")
    times = Counter(row["from_code"] for row in moves)
    assert {code: n for code, n in times.items() if n > 1} == {"QNQ": 3, "QM7": 2, "QJG": 2}
    for row in moves:
        assert row["part"]
        assert (row["part"] == "whole") == (times[row["from_code"]] == 1)


@pytest.mark.parametrize(("day", "count"), LEAD_OF_ICS_AT.items())
def test_exactly_one_network_leads_in_each_area_on_any_day(day: str, count: int) -> None:
    areas = [row for row in rows("hin_service_areas.csv") if holds_on(row, day)]
    leads = Counter(row["ics_code"] for row in areas if row["is_lead"] == "true")
    there = [row["code"] for row in rows("icss.csv") if holds_on(row, day)]
    assert leads == dict.fromkeys(there, 1)
    assert len(leads) == count
    assert {row["ics_code"] for row in areas} == set(there)
    assert {row["hin_code"] for row in areas} == codes("hins.csv")
    assert max(Counter((row["hin_code"], row["ics_code"]) for row in areas).values()) == 1


def test_a_service_area_never_outlasts_its_system() -> None:
    ends = {row["code"]: row["valid_to"] for row in rows("icss.csv")}
    for row in rows("hin_service_areas.csv"):
        assert row["valid_to"] == ends[row["ics_code"]]
        assert row["is_lead"] in {"true", "false"}


@pytest.mark.parametrize(
    ("year", "count"),
    [(2020, 8), (2021, 8), (2022, 10), (2023, 9), (2024, 8), (2025, 8), (2026, 8), (2027, 8)],
)
def test_bank_holidays_are_weekdays_and_complete(year: int, count: int) -> None:
    days = [date.fromisoformat(row["on"]) for row in rows("bank_holidays.csv")]
    assert days == sorted(set(days))
    assert sum(day.year == year for day in days) == count
    assert all(day.weekday() < 5 for day in days)


def test_the_special_bank_holidays_are_there() -> None:
    days = {row["on"] for row in rows("bank_holidays.csv")}
    assert {"2020-05-08", "2022-06-02", "2022-06-03", "2022-09-19", "2023-05-08"} <= days
    assert not {"2020-05-04", "2022-05-30", "2026-12-26"} & days


def test_measures_are_defined_once_with_a_period() -> None:
    found = rows("metrics.csv")
    assert len(codes("metrics.csv")) == len(found) == 21
    assert {row["period"] for row in found} <= {"quarter", "year", "quarter and year"}
    assert all(row["name"] and row["definition"] and row["source"] for row in found)
