"""Charts of a report: every bar is a traced number, on the page and in every file."""

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable

import pytest
from docx import Document
from sqlalchemy.orm import Session

from portal.clock import today
from portal.reference.rules import Quarter
from portal.reports.models import ReportRelease
from portal.reports.queries.checking import checked, read
from portal.reports.rules.text import blocks
from portal.reports.rules.words import chart_words
from tests import makers
from tests.cast import Cast, Person
from tests.pages import PageClient
from tests.reports.makers import approved, published, report, section, write

Browser = Callable[[Person], PageClient]
CHART = "How it went:\n\n{chart:engagements by=quarter}"


@pytest.fixture
def release(cast: Cast, session: Session) -> ReportRelease:
    makers.innovation("Early Warner", of=cast.innovator)
    running = report(by=cast.hin, outline="network", quarter=Quarter.of(today()))
    found = published(approved(running, by=cast.hin, texts={"highlights": CHART}), by=cast.hin)
    session.commit()
    return found


def test_a_chart_stands_alone_in_its_paragraph() -> None:
    alone, beside = blocks("{chart:companies by=group}\n\nSee {chart:companies}")
    assert (alone.kind, beside.kind) == ("chart", "paragraph")
    wrong = blocks("{chart:companies by=colour}")[0].runs[0].reference
    assert wrong
    assert "by=group" in wrong.problem


def test_every_bar_is_a_number_of_the_report_with_its_trace(
    release: ReportRelease, client: PageClient
) -> None:
    [chart] = [b["chart"] for s in release.content["sections"] for b in s["blocks"] if "chart" in b]
    assert [bar["figure"] for bar in chart["bars"]] == list(range(1, 9))
    assert chart["bars"][-1]["value"] == 1
    assert [one.number for one in release.figures] == list(range(1, 9))
    page = client.get(f"/reports/{release.report.slug}").text
    first = last = Quarter.of(today())
    for _ in range(7):
        first = first.previous
    assert f"It rose from 0 to 1 engagement, {first.label} to {last.label}." in page
    assert "<svg" in page
    for place in range(1, 9):
        assert f'href="#number-{place}"' in page


def test_word_and_the_data_package_have_the_same_bars(
    release: ReportRelease, client: PageClient
) -> None:
    base = f"/reports/{release.report.slug}/v1"
    chart = release.content["sections"][0]["blocks"][1]["chart"]
    table = Document(io.BytesIO(client.get(f"{base}/report.docx").data)).tables[0]
    shown = [re.sub(r" \[\d+\]$", "", row.cells[1].text) for row in table.rows[1:]]
    assert shown == [bar["shown"] for bar in chart["bars"]]
    with zipfile.ZipFile(io.BytesIO(client.get(f"{base}/charts.zip").data)) as package:
        about = json.loads(package.read("datapackage.json"))
        rows = list(csv.DictReader(io.StringIO(package.read("chart-1.csv").decode())))
    assert about["resources"][0]["title"] == chart["title"]
    assert [row["shown"] for row in rows] == shown
    assert client.get(f"{base}/charts.zip").data == client.get(f"{base}/charts.zip").data


def test_a_chart_that_leads_to_nothing_stands_in_the_way(cast: Cast, session: Session) -> None:
    one = report(by=cast.hin, outline="network")
    write("{chart:companies by=network}", by=cast.hin, into=section(one, "highlights"))
    words = [found.words for found in checked(cast.hin.actor, read(cast.hin.actor, one))]
    assert any("The national team compares networks" in found for found in words)


def test_its_sentence_says_what_it_shows() -> None:
    assert chart_words([("A", 2.0), ("B", 5.0)], "sites", over_time=False) == "Most: B, 5 sites."
    assert chart_words([("Q1", 2.0), ("Q2", 2.0)], "sites", over_time=True) == (
        "It stayed at 2 sites, Q1 to Q2."
    )
    assert chart_words([("A", None)], "sites", over_time=False) == "Nothing is known of it."
