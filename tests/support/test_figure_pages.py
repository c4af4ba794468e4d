"""The page of figures: who sees whose, live or frozen, with the rows behind every number."""

import csv
import io
import re
from datetime import UTC, date, datetime, timedelta
from html import escape
from typing import Any

import openpyxl
import pytest
from sqlalchemy.orm import Session

from portal import rooms
from portal.accounts.models import SYSTEM
from portal.clock import today
from portal.errors import Conflict, Forbidden, Invalid
from portal.figures.charts import MAX_BARS
from portal.figures.queries import codes_in_order, freeze_of, frozen_values, live_values
from portal.figures.rules import Value
from portal.figures.services import freeze_figures
from portal.innovations.models import RecordStatus
from portal.proof.models import Validation, ValidationState
from portal.reference.models import Vocabulary
from portal.reference.queries import hins, terms
from portal.reference.rules import Quarter
from portal.support import queries
from portal.support.models import Engagement, InteractionKind
from portal.support.services.interactions import InteractionDetails, correct, log
from portal.web.paging import PER_PAGE
from tests import makers
from tests.cast import Cast, Person
from tests.figures import rows_behind

LAST = Quarter.of(today()).previous


def _log(engagement: Engagement, by: Person, *, on: date | None = None, **values: Any) -> Any:
    kind = makers.term(Vocabulary.SUPPORT_KIND, "EVIDENCE").id
    told = {"kind": InteractionKind.CALL, "minutes": 90, "kind_ids": [kind], **values}
    details = InteractionDetails(on=on or today(), **told)
    return log(engagements=[engagement], details=details, by=by.actor)


@pytest.fixture
def two_hins(engaging: Engagement, cast: Cast) -> tuple[Engagement, Engagement]:
    """Both HINs help Brightwell, and each logged one interaction in this quarter."""
    record = makers.innovation("Walk Well", of=cast.innovator, hin=makers.hin("HI-MAN"))
    other = queries.engagement_of(record.id, cast.other_hin.actor.hin_id)
    assert other is not None
    _log(engaging, cast.hin)
    _log(other, cast.other_hin, minutes=150)
    return engaging, other


def _lines(as_: Any, person: Person, query: str = "") -> dict[tuple[str, str, str], str]:
    text = as_(person).get(f"/figures/download.csv{query}").get_data().decode("utf-8-sig")
    return {
        (row["Figure"], row["Of"], network): value
        for row in csv.DictReader(io.StringIO(text))
        for network, value in row.items()
        if network not in {"Figure", "Of", "Unit"} and value
    }


def test_a_hin_sees_its_own_detail_and_the_nations_totals(
    as_, two_hins: tuple[Engagement, Engagement], cast: Cast
) -> None:
    found = _lines(as_, cast.hin)
    own = cast.hin.organisation.hin.name
    assert {network for _, _, network in found} == {own, "England"}
    assert found["Hours by level", "In all", own] == "1.5"
    assert found["Hours by level", "In all", "England"] == "4"
    assert found["Companies supported", "In all", "England"] == "1", "one company, two networks"
    national = _lines(as_, cast.national)
    assert {network for _, _, network in national} == {
        own,
        cast.other_hin.organisation.hin.name,
        "England",
    }


def test_a_hin_opens_only_its_own_rows(
    as_, two_hins: tuple[Engagement, Engagement], cast: Cast
) -> None:
    browser = as_(cast.hin)
    for query in ("", "?network=HI-MAN", "?network=nonsense&group=call"):
        page = browser.get(f"/figures/interactions{query}").text
        assert "Walk Well" not in page
    assert "Breathe Easy" in browser.get("/figures/interactions").text
    rows = as_(cast.national).get("/figures/interactions?network=HI-MAN").text
    assert "Walk Well" in rows
    assert "Breathe Easy" not in rows


@pytest.mark.parametrize(
    "measure",
    [figure.code for one in rooms.FIGURES for figure in one.figures],
)
def test_every_figure_opens_its_rows_and_its_download(
    as_, two_hins: tuple[Engagement, Engagement], cast: Cast, measure: str
) -> None:
    browser = as_(cast.national)
    assert browser.get(f"/figures/{measure}?group=nonsense").status_code == 200
    page = browser.get(f"/figures/{measure}")
    assert page.status_code == 200
    assert browser.get(f"/figures/{measure}/download.xlsx").status_code == 200
    assert browser.get(f"/figures/{measure}/download.pdf").status_code == 404


def test_many_rows_are_shown_in_pages(
    two_hins: tuple[Engagement, Engagement], cast: Cast, as_: Any, session: Session
) -> None:
    for minutes in range(15, 15 * (PER_PAGE + 2), 15):
        _log(two_hins[0], cast.hin, minutes=minutes)
    session.commit()
    browser = as_(cast.hin)
    _, every = rows_behind(
        "interactions", Quarter.of(today()), cast.hin.actor.hin_id, "", None, today()
    )
    first = browser.get("/figures/interactions").text
    assert f"Showing 1 to {PER_PAGE} of {len(every)} rows" in first
    last = browser.get("/figures/interactions?page=2").text
    assert first.count('<tr role="row" class="nhsuk-table__row">') == PER_PAGE
    assert last.count('<tr role="row" class="nhsuk-table__row">') == len(every) - PER_PAGE


def test_the_rows_add_up_to_the_figure(two_hins: tuple[Engagement, Engagement]) -> None:
    quarter = Quarter.of(today())
    figures = {(f.code, f.hin_id, f.group): f.value for f in live_values(quarter, today())}
    for engagement in (*two_hins, None):
        hin = engagement.hin_id if engagement else None
        _, hours = rows_behind("hours", quarter, hin, "", None, today())
        assert sum(row[7] for row in hours) == figures["hours", hin, ""]
        _, interactions = rows_behind("interactions", quarter, hin, "call", None, today())
        assert len(interactions) == figures["interactions", hin, "call"]
        _, opened = rows_behind("engagements", quarter, hin, "", None, today())
        assert len(opened) == figures["engagements", hin, ""]
        _, level = rows_behind("hours", quarter, hin, "2", None, today())
        assert sum(row[7] for row in level) == figures.get(("hours", hin, "2"), 0)


def test_validations_count_in_every_quarter_in_which_they_ran(
    session: Session, engaging: Engagement
) -> None:
    quarter = Quarter(date(2026, 4, 1))
    setting = makers.term(Vocabulary.CARE_SETTING, "ACADEMIA")

    def add(state: ValidationState, start: date | None, end: date | None, care: Any = None) -> None:
        makers.put(
            Validation(
                innovation=engaging.innovation,
                hin_id=engaging.hin_id,
                question="Does it help?",
                state=state,
                from_on=start,
                to_on=end,
                care_setting=care,
            )
        )

    add(ValidationState.RUNNING, date(2026, 6, 30), None, setting)
    add(ValidationState.COMPLETED, date(2025, 1, 1), date(2026, 4, 1))
    add(ValidationState.COMPLETED, date(2025, 1, 1), date(2026, 3, 31))
    add(ValidationState.RUNNING, date(2026, 7, 1), None)
    add(ValidationState.PLANNED, date(2026, 5, 1), None)
    add(ValidationState.RUNNING, None, None)
    found = {
        f.group: f.value
        for f in live_values(quarter, today())
        if f.code == "validations" and f.hin_id is None
    }
    assert found == {setting.code: 1.0, "not said": 1.0, "": 2.0}


# Freezing


def test_a_frozen_quarter_keeps_its_figures_and_its_rows(
    as_, session: Session, engaging: Engagement, cast: Cast
) -> None:
    interaction = _log(engaging, cast.hin, on=LAST.last)
    freeze = freeze_figures(quarter=LAST, by=cast.national.actor)
    before = frozen_values(freeze)
    kinds = [makers.term(Vocabulary.SUPPORT_KIND, "EVIDENCE").id]
    longer = InteractionDetails(
        kind=InteractionKind.CALL, on=LAST.last, minutes=300, kind_ids=kinds
    )
    correct(interaction=interaction, details=longer, why="It was longer", by=cast.hin.actor)
    assert frozen_values(freeze) == before
    own, query = cast.hin.organisation.hin.name, f"?quarter={LAST.code}"
    key = ("Hours by level", "In all", own)
    assert _lines(as_, cast.hin, query)[key] == "1.5"
    assert _lines(as_, cast.hin, f"{query}&show=live")[key] == "5"
    for show, hours in (("frozen", 1.5), ("live", 5.0)):
        as_of = freeze.frozen_at if show == "frozen" else None
        _, rows = rows_behind("hours", LAST, engaging.hin_id, "", as_of, today())
        assert [row[7] for row in rows] == [hours]
    page = as_(cast.hin).get(f"/figures{query}").text
    assert "Frozen on" in page
    assert "by Nadia Cole" in page


def test_a_quarter_is_frozen_once_and_after_its_end(session: Session, cast: Cast) -> None:
    with pytest.raises(Invalid, match="not over yet"):
        freeze_figures(quarter=Quarter.of(today()), by=SYSTEM)
    spring = Quarter(date(2026, 4, 1))
    a_second_early = datetime(2026, 6, 30, 22, 59, 59, tzinfo=UTC)
    with pytest.raises(Invalid):
        freeze_figures(quarter=spring, by=SYSTEM, at=a_second_early)
    freeze_figures(quarter=spring, by=SYSTEM, at=datetime(2026, 6, 30, 23, 0, tzinfo=UTC))
    assert freeze_of(spring) is not None
    with pytest.raises(Conflict, match="frozen already"):
        freeze_figures(quarter=spring, by=SYSTEM)


def test_only_the_national_team_freezes(as_, session: Session, cast: Cast) -> None:
    with pytest.raises(Forbidden):
        freeze_figures(quarter=LAST, by=cast.hin.actor)
    asked = {"quarter": LAST.code}
    assert as_(cast.hin).post("/figures/freeze", data=asked).status_code == 403
    page = as_(cast.national).post("/figures/freeze", data=asked, follow_redirects=True)
    assert "are frozen" in page.text


def test_freezing_asks_and_says_first_what_is_missing(
    as_, session: Session, engaging: Engagement, cast: Cast
) -> None:
    _log(engaging, cast.hin, on=LAST.last)
    engaging.opened_at = LAST.begins_at
    engaging.due_on = today() - timedelta(days=1)
    engaging.level = None
    makers.put(
        Validation(
            innovation=engaging.innovation,
            hin_id=engaging.hin_id,
            question="Does it help?",
            state=ValidationState.RUNNING,
            from_on=LAST.first,
            to_on=LAST.last,
        )
    )
    session.commit()
    url = f"/figures/freeze?quarter={LAST.code}"
    page = as_(cast.national).get(url).text
    assert "1 engagement has no support level" in page
    assert "1 engagement is past the day promised" in page
    assert "1 interaction of this quarter was logged today" in page
    assert "1 validation has no care setting" in page
    assert "1 validation runs past its last day" in page
    assert "promise has no day" not in page, "only what there is"
    assert freeze_of(LAST) is None, "looking freezes nothing"
    assert "Freeze the figures" in page
    assert url.replace("&", "&amp;") in as_(cast.national).get(f"/figures?quarter={LAST.code}").text
    running = as_(cast.national).get("/figures/freeze").text
    assert "is not over yet" in running
    assert "Freeze the figures</button>" not in running
    assert as_(cast.hin).get(url).status_code == 403


def test_what_was_corrected_since_the_quarter_ended_is_said(
    as_, session: Session, engaging: Engagement, cast: Cast
) -> None:
    interaction = _log(engaging, cast.hin, on=LAST.last)
    longer = InteractionDetails(
        kind=InteractionKind.CALL,
        on=LAST.last,
        minutes=300,
        kind_ids=[makers.term(Vocabulary.SUPPORT_KIND, "EVIDENCE").id],
    )
    correct(interaction=interaction, details=longer, why="It was longer", by=cast.hin.actor)
    session.commit()
    page = as_(cast.national).get(f"/figures/freeze?quarter={LAST.code}").text
    assert "1 interaction was corrected since the quarter ended" in page


def test_a_file_has_a_row_for_each_figure_and_group_and_definitions_apart(
    as_, two_hins: tuple[Engagement, Engagement], cast: Cast
) -> None:
    """Networks side by side, so that it can be pasted; what counts stands on its own sheet."""
    text = as_(cast.national).get("/figures/download.csv").get_data().decode("utf-8-sig")
    header, *rows = csv.reader(io.StringIO(text))
    assert header == ["Figure", "Of", "Unit", *(hin.name for hin in hins()), "England"]
    assert len({tuple(row[:2]) for row in rows}) == len(rows)
    assert {row[0] for row in rows} == {figure.label for figure in codes_in_order()}
    body = as_(cast.national).get("/figures/download.xlsx").get_data()
    book = openpyxl.load_workbook(io.BytesIO(body))
    assert book.sheetnames == ["About", "Data", "Definitions"]
    told = {row[0].value: row[2].value for row in book["Definitions"].iter_rows(min_row=2)}
    assert told == {figure.label: figure.definition for figure in codes_in_order()}


def test_the_nation_reads_companies_and_hours_as_networks_by_levels(
    as_, two_hins: tuple[Engagement, Engagement], cast: Cast
) -> None:
    page = as_(cast.national).get("/figures").text
    table = page.partition('id="every-hours"')[2].partition("</table>")[0]
    for hin in hins():
        assert escape(hin.name) in table
    assert "Level 2" in table
    assert "network=HI-MAN&amp;group=1" in table
    assert 'id="every-companies"' in page
    assert "every-hours" not in as_(cast.hin).get("/figures").text


def test_a_figure_of_many_groups_has_a_picture_and_the_page_a_list_of_contents(
    as_, session: Session, engaging: Engagement, cast: Cast
) -> None:
    kinds = terms(Vocabulary.SUPPORT_KIND)
    for kind in kinds:
        _log(engaging, cast.hin, kind_ids=[kind.id])
    session.commit()
    page = as_(cast.hin).get("/figures").text
    for figure in codes_in_order():
        assert f'href="#{figure.code}"' in page
    assert 'id="picture-hours_by_support"' in page
    assert 'id="picture-interactions"' not in page, "two lines need none"
    assert f"the {MAX_BARS} largest of {len(kinds)} are shown" in page


def test_a_quarter_that_is_none_or_has_not_begun_shows_todays(as_, cast: Cast) -> None:
    browser = as_(cast.hin)
    for code in ("nonsense", "2098-99-Q1", "", "0000-01-Q4"):
        assert browser.get(f"/figures?quarter={code}").status_code == 200
    assert Quarter.of(today()).label in browser.get("/figures?quarter=2098-99-Q1").text


def test_the_load_of_each_person_is_for_their_own_network(
    as_, two_hins: tuple[Engagement, Engagement], cast: Cast
) -> None:
    page = as_(cast.hin).get("/figures").text
    assert "Hana West" in page
    assert "Owen Mills" not in page
    whole = as_(cast.national).get("/figures").text
    assert "Hana West" not in whole
    person = cast.hin.user.id
    rows = as_(cast.hin).get(f"/figures/load/download.csv?group={person}").text
    assert len(rows.splitlines()) == 2
    others = as_(cast.other_hin).get(f"/figures/load/download.csv?group={person}").text
    assert len(others.splitlines()) == 1
    for reader in (cast.national, cast.other_hin):
        every = as_(reader).get("/figures/download.csv").text
        assert "Hana West" not in every


def test_an_archived_record_still_counts(
    as_, session: Session, engaging: Engagement, cast: Cast
) -> None:
    _log(engaging, cast.hin)
    engaging.innovation.status = RecordStatus.ARCHIVED
    session.flush()
    own = cast.hin.organisation.hin.name
    assert _lines(as_, cast.hin)["Companies supported", "Level 2", own] == "1"


def test_overdue_tells_of_today_or_of_the_day_of_freezing(
    session: Session, engaging: Engagement, cast: Cast
) -> None:
    engaging.due_on = today() - timedelta(days=1)
    session.flush()

    def overdue(found: list[Value]) -> list[float]:
        return [f.value for f in found if f.code == "overdue" and f.hin_id is None]

    assert overdue(live_values(Quarter.of(today()), today())) == [1.0]
    assert overdue(live_values(LAST, today())) == []
    freeze = freeze_figures(quarter=LAST, by=cast.national.actor)
    engaging.due_on = None
    session.flush()
    assert overdue(frozen_values(freeze)) == [1.0]
    assert rows_behind("overdue", LAST, None, "", freeze.frozen_at, today())[1] == []


def _overview(page: str) -> dict[str, list[str]]:
    """What each figure comes to in the table of all: its cells by its label."""
    table = page[page.index("<table") : page.index("Open every figure")]
    return {
        label: re.findall(r"<td>(.*?)</td>", cells, re.DOTALL)
        for label, cells in re.findall(r'<a href="#\w+">([^<]+)</a>(.*?)</tr>', table, re.DOTALL)
    }


def test_all_figures_stand_in_one_table_and_the_groups_are_folded(
    as_, two_hins: tuple[Engagement, Engagement], cast: Cast
) -> None:
    page = as_(cast.hin).get("/figures").text
    ours, england = _overview(page)["Hours by level"]
    assert ">1.50<" in ours
    assert england == "4"
    assert '<details class="nhsuk-details" open' not in page
    opened = as_(cast.hin).get("/figures?open=all").text
    assert opened.count('<details class="nhsuk-details" open') == opened.count("<details")


def test_a_median_of_nothing_is_not_0(as_, cast: Cast) -> None:
    rows = _overview(as_(cast.hin).get(f"/figures?quarter={LAST.previous.code}").text)
    assert rows["Median working days to decide"] == ["None", "None"]
    assert rows["Strategic partnerships formed"] == ["0", "0"]
