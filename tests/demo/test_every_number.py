"""Every number on every view of the pipeline, over the demonstration world, leads to a list with
that many rows."""

import random
import re
from collections.abc import Callable, Iterator
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.demo.services import PASSWORD, SIGN_INS
from portal.figures.dimensions import dimensions
from portal.web.format import lower_first
from tests.conftest import isolation
from tests.examples import ON_POSTGRESQL
from tests.pipeline.test_pipeline_pages import main_of, numbers, total

EVERYBODY = ("innovator", "ics", "hin", "national", "administrator")
READERS = ("hin", "national") if ON_POSTGRESQL else EVERYBODY
"""Whose numbers are followed; on PostgreSQL of those who see most, the rest is the same SQL."""
VIEWS = (
    *("/home", "/pipeline", "/pipeline?on=2026-06-30", "/pipeline?by=category"),
    *("/pipeline?by=condition_group", "/pipeline?by=care_setting", "/pipeline/flow"),
    *("/pipeline/flow?since=2026-03-31&on=2026-06-30", "/pipeline/places"),
    *("/pipeline/places?on=2026-03-31", "/pipeline/network", "/pipeline/network?on=2026-06-30"),
    "/pipeline/network/innovators",
)
CROSSTABS = (
    *("row=stage&column=care_setting", "row=condition_group&column=stage&on=2026-06-30"),
    *("row=hin&column=level", "row=region&column=proven&split=in_use", "row=ics&column=quarter"),
    *("row=hin_count&column=standard", "row=category&column=evidence_kind&proven=yes"),
    *("row=benefit&column=inequality", "row=organisation_kind&column=organisation_size"),
    *("row=first_hin&column=year", "row=condition&column=area", "row=main_purpose&column=in_use"),
)
MEASURES = {
    "organisations": r"([\d,.]+) organisations?",
    "hours": r"([\d,.]+) support hours?",
    "sites": r"([\d,.]+) sites?",
    "challenges": r"([\d,.]+) challenges? matched",
}
MOST = 3
"""Numbers of one kind that are followed on a page: thousands would tell nothing more."""


@pytest.fixture(scope="module")
def browsers(world: Flask) -> Iterator[dict[str, FlaskClient]]:
    """A browser for each kind of reader, signed in through the page. It leaves no trace."""
    found = {}
    with isolation(world):
        for name in READERS:
            found[name] = client = world.test_client()
            client.post("/account/sign-in", data={"email": SIGN_INS[name], "password": PASSWORD})
        yield found


def cells(page: str) -> dict[str, list[tuple[str, str]]]:
    """The numbers of a cross-tab with their addresses, by kind: inside, at the end of a line, at
    the foot of a column."""
    found: dict[str, list[tuple[str, str]]] = {"inside": [], "ends": [], "foot": []}
    for line in re.findall(r"<tr><th scope=\"row\">.*?</tr>", main_of(page), re.S):
        links = re.findall(r'<td[^>]*>(?:<a href="([^"]+)">)?([^<]+)(?:</a>)?</td>', line)
        kind = "foot" if ">Total<" in line else "inside"
        found[kind] += [(unescape(href), text) for href, text in links[:-1] if href]
        found["ends"] += [(unescape(href), text) for href, text in links[-1:] if href]
    return found


def some(found: list[tuple[str, str]], seed: str) -> list[tuple[str, str]]:
    """At most `MOST` of them, always the same, with the largest among them."""
    if len(found) <= MOST:
        return found
    first = max(found, key=lambda one: float(one[1].replace(",", "")))
    return [first, *random.Random(seed).sample(found, MOST - 1)]  # noqa: S311 - a choice


@pytest.mark.parametrize("reader", READERS)
def test_every_number_of_a_view_leads_to_so_many_records(
    browsers: dict[str, FlaskClient], reader: str
) -> None:
    followed: dict[str, int] = {}
    for view in VIEWS:
        page = browsers[reader].get(view)
        assert page.status_code == 200
        found = [(href, str(number)) for href, number in numbers(page.text)]
        assert found or reader == "administrator" or "network" in view, view
        for kind, some_of in by_kind(found).items():
            for href, number in some(some_of, f"{view}{kind}"):
                if followed.setdefault(href, int(number)) != int(number):
                    pytest.fail(f"{view}: two numbers for {href}")
                assert total(browsers[reader].get(href).text) == int(number), (view, href)


def by_kind(found: list[tuple[str, str]]) -> dict[str, list[tuple[str, str]]]:
    """The numbers by what their addresses ask for: each kind of cell and card is its own."""
    kinds: dict[str, list[tuple[str, str]]] = {}
    for href, number in found:
        keys = ",".join(sorted(set(re.findall(r"[?&](\w+)=", href))))
        kinds.setdefault(f"{href.partition('?')[0]}?{keys}", []).append((href, number))
    return kinds


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("asked", CROSSTABS)
def test_every_number_of_a_cross_tab_leads_to_so_many_records(
    browsers: dict[str, FlaskClient], reader: str, asked: str
) -> None:
    page = browsers[reader].get(f"/pipeline/crosstab?{asked}")
    assert page.status_code == 200
    for kind, found in cells(page.text).items():
        for href, text in some(found, f"{asked}{kind}")[:3]:
            told = browsers[reader].get(href).text
            number = int(text.replace(",", ""))
            assert re.search(rf": {number:,} innovations?\b", told), (kind, href)
            assert total(told) == number, (kind, href)


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("reader", sorted({*READERS} & {"innovator", "hin", "national"}))
def test_the_list_behind_a_number_tells_the_other_measures_too(
    browsers: dict[str, FlaskClient], reader: str, measure: str
) -> None:
    asked = f"row=care_setting&column=stage&measure={measure}"
    page = browsers[reader].get(f"/pipeline/crosstab?{asked}").text
    found = [one for some_of in cells(page).values() for one in some(some_of, measure)[:3]]
    for href, text in found:
        told = re.search(MEASURES[measure], main_of(browsers[reader].get(href).text))
        assert told is not None
        assert told[1] == text, href


@pytest.fixture
def click(browsers: dict[str, FlaskClient]) -> Callable[[str, str], str]:
    """Follow the link of a page that says these words."""

    def follow(page: str, words: str) -> str:
        for href, text in re.findall(r'<a [^>]*href="([^"]+)"[^>]*>(.*?)</a>', page, re.S):
            if words in " ".join(re.sub(r"<[^>]+>", "", text).split()):
                return " ".join(browsers["national"].get(unescape(href)).text.split())
        pytest.fail(f"no link says {words!r}")

    return follow


def test_how_many_stood_at_each_stage_at_the_end_of_june_takes_two_clicks(
    browsers: dict[str, FlaskClient], click: Callable[[str, str], str]
) -> None:
    quarters = click(browsers["national"].get("/home").text, "Read the figures of a quarter")
    june = click(quarters, "By stage at the end of Q1 2026/27")
    assert "on the national pipeline as at 30 June 2026" in june
    assert "Innovations by stage as at 30 June 2026" in june


def test_which_innovators_work_with_several_networks_takes_one_click_from_home_and_two_from_there(
    browsers: dict[str, FlaskClient], click: Callable[[str, str], str]
) -> None:
    words, title = "Innovators with more than one network", "Innovators whose innovations more than"
    home, pipeline = (browsers["national"].get(path).text for path in ("/home", "/pipeline"))
    assert title in click(home, words)
    assert title in click(click(pipeline, "Who works with whom"), words)


def test_care_settings_by_any_other_field_take_two_clicks(
    browsers: dict[str, FlaskClient], click: Callable[[str, str], str]
) -> None:
    crosstab = click(browsers["national"].get("/pipeline").text, "Cross-tab")
    form = re.search(r'<form class="app-filter" method="get" action="([^"]+)"', crosstab)
    assert form is not None
    for field in dimensions().values():
        if field.code == "care_setting":
            continue
        # Two fields are chosen; the second click is the button of the form.
        assert f'<option value="{field.code}"' in crosstab
        shown = browsers["national"].get(f"{form[1]}?row=care_setting&column={field.code}").text
        assert f"Innovations by care setting and {lower_first(field.label)}" in unescape(shown)
