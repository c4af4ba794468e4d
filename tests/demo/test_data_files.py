"""The demo world's source files: complete, coded with our vocabularies and honest about proof."""

import csv
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

PORTAL = Path(__file__).parents[2] / "portal"
DEMO = PORTAL / "demo" / "data"
REFERENCE = PORTAL / "reference" / "data"
STATUSES = {
    "national",
    "at_scale",
    "adopted",
    "implementing",
    "regional",
    "pilot",
    "testing",
    "developing",
    "proposed",
}
KINDS = {"company", "charity", "nhs_trust", "university", "national", "hin", "ics"}
TEXTS = ("name", "organisation", "summary", "need", "description", "who_for", "source")


def records(name: str) -> list[dict[str, Any]]:
    with (DEMO / name).open(encoding="utf-8", newline="") as file:
        return [json.loads(line) for line in file]


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def terms(vocabulary: str) -> set[str]:
    return {row["code"] for row in table(REFERENCE / "terms" / f"{vocabulary}.csv")}


def ics_codes() -> set[str]:
    return {row["code"] for row in table(REFERENCE / "icss.csv")}


INNOVATIONS = records("innovations.jsonl")
CHALLENGES = records("challenges.jsonl")


def test_there_are_at_least_174_innovations_and_43_challenges() -> None:
    assert len(INNOVATIONS) >= 174
    assert len(CHALLENGES) == 43
    assert len({s for record in INNOVATIONS for s in record["source_ids"]}) == 74


@pytest.mark.parametrize("rows", [INNOVATIONS, CHALLENGES], ids=["innovations", "challenges"])
def test_keys_and_names_are_unique_and_every_row_has_the_same_fields(
    rows: list[dict[str, Any]],
) -> None:
    name = "name" if "name" in rows[0] else "title"
    assert max(Counter(row["key"] for row in rows).values()) == 1
    assert max(Counter(row[name].casefold() for row in rows).values()) == 1
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", row["key"]) for row in rows)
    assert {tuple(row) for row in rows} == {tuple(rows[0])}


@pytest.mark.parametrize("name", ["innovations.jsonl", "challenges.jsonl", "judgements.csv"])
def test_a_file_is_clean_text_with_line_feeds(name: str) -> None:
    raw = (DEMO / name).read_bytes()
    assert b"\r" not in raw
    assert not re.search("[\ufffd\u0080-\u009f\u00c2\u00c3]|â€", raw.decode("utf-8"))


@pytest.mark.parametrize(
    ("field", "vocabulary"),
    [
        ("purposes", "purpose"),
        ("care_settings", "care_setting"),
        ("conditions", "condition"),
        ("areas", "area"),
        ("benefits", "benefit"),
        ("inequalities", "inequality"),
    ],
)
def test_lists_of_codes_are_in_their_vocabulary(field: str, vocabulary: str) -> None:
    known = terms(vocabulary)
    for record in INNOVATIONS + CHALLENGES:
        found = record.get(field, [])
        assert set(found) <= known, record["key"]
        assert len(found) == len(set(found)), record["key"]


@pytest.mark.parametrize(
    ("field", "known"),
    [
        ("category", terms("category")),
        ("stage", terms("development_stage")),
        ("programme", terms("support_programme") | {""}),
        ("status", STATUSES),
        ("organisation_kind", KINDS),
        ("home_ics", ics_codes()),
        ("home_ics_basis", {"facts", "demo"}),
    ],
)
def test_single_codes_are_known(field: str, known: set[str]) -> None:
    assert {record[field] for record in INNOVATIONS} <= known


def test_every_innovation_is_told_in_words_and_coded() -> None:
    for record in INNOVATIONS:
        assert all(record[field].strip() for field in TEXTS), record["key"]
        assert record["purposes"], record["key"]
        assert record["care_settings"], record["key"]
        assert record["areas"], record["key"]
        assert record["benefits"], record["key"]
        assert len(record["summary"]) <= 250, record["key"]
        assert len(record["description"]) > len(record["summary"]), record["key"]


def test_evidence_and_standards_use_the_vocabularies() -> None:
    for record in INNOVATIONS:
        for item in record["evidence"]:
            assert item["kind"] in terms("evidence_kind")
            assert item["type"] in terms("evidence_type")
            assert item["title"]
            assert item["result"]
            assert item["year"] is None or 2010 <= item["year"] <= 2026
        for standard in record["standards"]:
            assert standard["code"] in terms("standard")
            assert standard["status"] in {"held", "working", "not_yet"}


def test_only_spread_innovations_with_something_behind_them_are_proven() -> None:
    for record in INNOVATIONS:
        if record["proven"]:
            assert record["status"] in {"national", "at_scale", "adopted", "implementing"}
            assert record["evidence"] or record["programme"], record["key"]
    assert 60 <= sum(record["proven"] for record in INNOVATIONS) <= 120


def test_places_of_use_are_coded_and_dated_by_month_or_not_at_all() -> None:
    for record in INNOVATIONS:
        for place in record["used_in"]:
            assert place["ics_code"] in ics_codes()
            assert place["from"] is None or re.fullmatch(r"20\d\d-(0[1-9]|1[0-2])", place["from"])


def test_challenges_are_told_in_words_and_name_no_care_system() -> None:
    names = [row["name"] for row in table(REFERENCE / "icss.csv")]
    for record in CHALLENGES:
        words = ("title", "problem", "who_affected", "tried", "outcome", "must_haves")
        text = " ".join(record[field] for field in words)
        assert all(record[field].strip() for field in words), record["key"]
        assert not [name for name in names if name in text], record["key"]
        assert record["ics"] == "national" or record["ics"] in ics_codes()
        assert record["how_many"] is None or record["how_many"] > 0


def test_judgements_name_records_that_exist_once_each() -> None:
    rows = table(DEMO / "judgements.csv")
    pairs = Counter((row["challenge"], row["innovation"]) for row in rows)
    assert len(rows) == 215
    assert max(pairs.values()) == 1
    assert {row["challenge"] for row in rows} == {record["key"] for record in CHALLENGES}
    assert {row["innovation"] for row in rows} <= {record["key"] for record in INNOVATIONS}
    assert {row["grade"] for row in rows} == {"0", "1", "2"}
