"""Somebody looks for something and finds it, with the reason."""

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from html import unescape

import openpyxl
import pytest
from sqlalchemy.orm import Session

from portal.clock import clock_at, now, today
from portal.innovations.models import Evidence, RecordStatus, Sharing, Use
from portal.reference.models import Vocabulary
from portal.search.indexing import asking
from portal.web import downloads
from tests import makers
from tests.cast import Cast
from tests.pages import PageClient
from tests.search.conftest import Look, counts, names, said
from tests.statements import Statements

Apply = Callable[[], None]
PUBLIC = Sharing.PUBLIC


@pytest.fixture
def catalogue(cast: Cast, session: Session, up_to_date: Apply) -> Apply:
    """Three public records and what is in them."""
    falls = makers.innovation(
        "Steady Steps",
        of=cast.innovator,
        sharing=PUBLIC,
        summary="Exercise classes that stop older people falling.",
        need="A fall is the commonest reason for a visit to A&E in later life.",
        category=makers.term(Vocabulary.CATEGORY, "MODELS_CARE"),
        terms=[makers.term(Vocabulary.CARE_SETTING, "CARE_HOME")],
    )
    makers.proven(falls)
    makers.innovation(
        "Thopaz",
        of=cast.other_innovator,
        sharing=PUBLIC,
        summary="A portable digital chest drain.",
        need="Air leaks after lung surgery are hard to read.",
        category=makers.term(Vocabulary.CATEGORY, "MEDICAL_DEVICE"),
        terms=[makers.term(Vocabulary.CARE_SETTING, "ACUTE_INPATIENT")],
    )
    makers.innovation(
        "Balance Board",
        of=cast.other_innovator,
        sharing=PUBLIC,
        summary="A board that measures balance, for people who may fall.",
        need="Nobody knows who is about to fall.",
        category=makers.term(Vocabulary.CATEGORY, "MEDICAL_DEVICE"),
        terms=[makers.term(Vocabulary.CARE_SETTING, "CARE_HOME")],
    )
    up_to_date()
    return up_to_date


def test_words_find_it_and_the_page_says_why(catalogue: Apply, look: Look) -> None:
    page = look("older people falling")
    assert names(page)[0] == "Steady Steps"
    assert "<mark>falling</mark>" in page
    assert "Why it is here:" in page
    assert "summary" in page
    assert "Brightwell Health" in page


def test_a_result_says_how_strong_its_evidence_is(
    cast: Cast, up_to_date: Apply, look: Look
) -> None:
    kind = makers.term(Vocabulary.EVIDENCE_KIND, "CLINICAL_CARE")
    row = makers.innovation("Steady Mat", of=cast.innovator, sharing=PUBLIC)
    for code in ("UNPUBLISHED", "RCT"):
        study = makers.term(Vocabulary.EVIDENCE_TYPE, code)
        row.evidence.append(Evidence(kind=kind, type=study, title=f"A study: {code}"))
    makers.innovation("Steady Shoe", of=cast.innovator, sharing=PUBLIC)
    up_to_date()
    page = look("steady")
    assert "Evidence: randomised trial, peer-reviewed (best of 2)" in page
    assert "No evidence on the record yet" in page


def test_a_reason_begins_close_to_its_first_match(
    cast: Cast, up_to_date: Apply, look: Look
) -> None:
    need = "Staff of many wards cannot see in time, nor tell others, that somebody stumbles."
    makers.innovation("Lamp", of=cast.innovator, sharing=PUBLIC, need=need)
    up_to_date()
    page = look("stumbles")
    assert "… time, nor tell others, that somebody <mark>stumbles</mark>." in page


def test_a_sentence_is_shown_as_the_reason_before_a_list_of_labels(
    cast: Cast, up_to_date: Apply, look: Look
) -> None:
    terms = [makers.term(Vocabulary.CONDITION, "CARDIOVASCULAR_HEART_FAILURE")]
    for need in ("Nobody sees that heart failure is near.", "Nobody knows what helps."):
        makers.innovation(need[:15], of=cast.innovator, sharing=PUBLIC, need=need, terms=terms)
    up_to_date()
    page = look("heart failure")
    assert "problem it solves: Nobody sees that <mark>heart failure</mark> is near." in page
    assert "conditions: <mark>Heart failure</mark>" in page


def test_the_maker_the_evidence_and_the_place_of_use_are_found_too(
    catalogue: Apply, cast: Cast, session: Session, look: Look
) -> None:
    row = makers.innovation("Quiet Ward", of=cast.innovator, sharing=PUBLIC)
    kind = makers.term(Vocabulary.EVIDENCE_KIND, "REAL_WORLD")
    row.evidence.append(Evidence(kind=kind, title="Trial in Kettering", result="Noise halved"))
    trust = makers.organisation("Upminster Teaching Hospitals")
    row.uses.append(Use(organisation=trust, from_on=today() - timedelta(days=9)))
    catalogue()
    assert names(look("kettering")) == ["Quiet Ward"]
    assert names(look("upminster")) == ["Quiet Ward"]
    assert "in use at Upminster Teaching Hospitals" in look("upminster")
    assert "Quiet Ward" in names(look("brightwell"))


def test_without_words_everything_is_there_proven_first(catalogue: Apply, look: Look) -> None:
    page = look()
    assert names(page)[0] == "Steady Steps"
    assert len(names(page)) == 3
    assert said(page) == "3 innovations."


def test_results_can_be_sorted_by_name_and_by_newest(catalogue: Apply, look: Look) -> None:
    assert names(look(sort="name")) == ["Balance Board", "Steady Steps", "Thopaz"]
    assert names(look(sort="newest"))[0] == "Balance Board"
    page = look("fall", sort="name")
    assert names(page) == ["Balance Board", "Steady Steps"]
    assert "<mark>" in page


def test_staff_who_ask_for_everything_get_it_in_order_whatever_the_index_knows(
    catalogue: Apply, cast: Cast, look: Look, as_: Callable[..., PageClient], session: Session
) -> None:
    hidden = makers.innovation("Careful Chair", of=cast.innovator, sharing=Sharing.HINS)
    browser, every = as_(cast.hin), ["Balance Board", "Careful Chair", "Steady Steps", "Thopaz"]
    page = look("", browser, sort="name")
    assert (names(page), said(page)) == ([every[0], *every[2:]], "3 innovations.")  # not indexed
    catalogue()
    page = look("", browser, sort="name")
    assert (names(page), said(page)) == (every, "4 innovations.")
    assert names(look("", as_(cast.ics), sort="name")) == [every[0], *every[2:]]
    hidden.status = RecordStatus.ARCHIVED
    session.flush()  # and the index is behind
    page = look("", browser, sort="name")
    assert (names(page), said(page)) == ([every[0], *every[2:]], "3 innovations.")


def test_filters_narrow_add_up_within_one_and_are_counted(catalogue: Apply, look: Look) -> None:
    page = look(category="MEDICAL_DEVICE")
    assert names(page) == ["Balance Board", "Thopaz"]
    assert counts(page, "care_setting") == {"ACUTE_INPATIENT": 1, "CARE_HOME": 1}
    assert counts(page, "category") == {"MEDICAL_DEVICE": 2, "MODELS_CARE": 1}
    both = look(category=["MEDICAL_DEVICE", "MODELS_CARE"], care_setting="CARE_HOME")
    assert sorted(names(both)) == ["Balance Board", "Steady Steps"]
    assert "Remove filter" in both


def test_a_sentence_describes_the_search(catalogue: Apply, look: Look) -> None:
    page = look("fall", proven="yes", care_setting="CARE_HOME")
    assert (
        said(page)
        == "1 result for “fall” among proven innovations used in care homes or other care settings."
    )


def test_signs_alone_say_that_they_find_nothing(catalogue: Apply, look: Look) -> None:
    page = unescape(look("???"))
    assert "“???” has no letters or digits to search for, so it leaves nothing out." in page
    assert "results for" not in said(page)
    assert len(names(page)) == len(names(look("")))


def test_the_head_says_what_no_result_has_and_what_these_have(catalogue: Apply, look: Look) -> None:
    page = unescape(look("dentist for older people falling"))
    assert names(page)[0] == "Steady Steps"
    assert "No result has “dentist”; these have “older”, “people”, “falling”." in page
    assert said(page) == "2 results for “dentist for older people falling”."


def test_a_real_word_is_kept_and_a_name_is_only_asked_about(catalogue: Apply, look: Look) -> None:
    page = unescape(look("portals for lung surgery"))
    assert "No result has “portals”" in page
    assert "These are results for" not in page
    page = unescape(look("Thopas drain"))
    assert names(page) == ["Thopaz"]
    assert "Did you mean" in page
    assert "q=thopaz+drain" in page
    page = unescape(look("thopas"))
    assert names(page) == ["Thopaz"]
    assert "No result has “thopas”. These are results for" in page


def test_a_long_question_is_taken_whole_and_a_longer_one_says_that_it_was_cut(
    catalogue: Apply, look: Look
) -> None:
    long = "older people who live alone and are afraid " * 6 + "of what a portable chest drain does"
    assert len(long) == 293
    page = look(long)
    assert "Thopaz" in names(page)
    assert "only its beginning was used" not in page
    assert "maxlength" not in page.partition('id="search-words"')[2].partition(">")[0]
    assert "only its beginning was used" in look("older people " * 100)


def test_numbers_and_days_can_be_asked_for_from_one_to_another(
    catalogue: Apply, cast: Cast, session: Session, look: Look
) -> None:
    row = makers.innovation("Quiet Ward", of=cast.innovator, sharing=PUBLIC, patients_a_year=900)
    trust = makers.organisation("Upminster Teaching Hospitals")
    row.uses.append(Use(organisation=trust, from_on=today() - timedelta(days=9)))
    catalogue()
    assert names(look("sites:>0")) == ["Quiet Ward"]
    assert names(look("patients:[500 TO 1000]")) == ["Quiet Ward"]
    assert names(look("patients:>1000")) == []
    assert names(look(f"proven_until:>={today()}")) == ["Steady Steps"]
    assert len(names(look(f"submitted:{today().year}"))) == 4
    assert names(look("where:upminster OR name:thopaz", sort="name")) == ["Quiet Ward", "Thopaz"]


def test_proven_means_proven_today_even_before_the_index_heard_of_it(
    catalogue: Apply, look: Look
) -> None:
    assert names(look(proven="yes")) == ["Steady Steps"]
    assert counts(look(), "proven") == {"yes": 1, "no": 2}
    with clock_at(now() + timedelta(days=366)):
        assert counts(look(), "proven") == {"no": 3}
        assert names(look(proven="yes")) == []
        assert len(names(look(proven="no"))) == 3
        assert '<strong class="nhsuk-tag nhsuk-tag--green">Proven' not in look()


def test_a_draft_or_an_archived_record_is_never_found_not_even_by_its_owner(
    catalogue: Apply, cast: Cast, look: Look, as_: Callable[..., PageClient]
) -> None:
    makers.innovation("Zebrafish draft", of=cast.innovator, status=RecordStatus.DRAFT)
    kept = makers.innovation("Zebrafish kept", of=cast.innovator, sharing=PUBLIC)
    catalogue()
    assert names(look("zebrafish")) == ["Zebrafish kept"]
    kept.status = RecordStatus.ARCHIVED
    catalogue()
    for person in (cast.innovator, cast.hin, cast.national):
        assert names(look("zebrafish", as_(person))) == []


def test_what_is_in_confidence_is_not_indexed(catalogue: Apply, cast: Cast, look: Look) -> None:
    makers.innovation(
        "Priced",
        of=cast.innovator,
        sharing=PUBLIC,
        price_note="xylophone a year",
        commercial_plans="xylophone abroad",
    )
    catalogue()
    assert names(look("xylophone")) == []


def test_a_wrong_letter_still_finds_it_and_says_so(catalogue: Apply, look: Look) -> None:
    page = look("thopas")
    assert names(page) == ["Thopaz"]
    assert "These are results for" in page


def test_nothing_found_says_which_filter_emptied_it(catalogue: Apply, look: Look) -> None:
    page = look("thopaz", care_setting="CARE_HOME")
    assert names(page) == []
    assert "Nothing found" in page
    assert "Take away the filter on care setting" in page
    assert "(1 result)" in page
    assert "start again with all innovations" in page


def test_words_that_nothing_holds_leave_a_way_on(catalogue: Apply, look: Look) -> None:
    page = look("qqqq zzzz")
    assert "Nothing found" in page
    assert "Tell us what you were looking for" in page
    # With nothing to filter by there is nothing to apply.
    assert "Apply filters" not in page
    assert "Apply filters" in look("falling")


def test_forty_hits_come_in_pages_of_twenty_within_nine_statements(
    cast: Cast,
    up_to_date: Apply,
    look: Look,
    as_: Callable[..., PageClient],
    statements: Statements,
) -> None:
    trust = makers.organisation("Anytown Hospitals")
    for n in range(40):
        row = makers.innovation(f"Falls {n:02}", of=cast.innovator, sharing=PUBLIC)
        row.uses.append(Use(organisation=trust, from_on=today()))
    up_to_date()
    browser = as_(cast.ics)
    look("falls", browser)
    for args in ({}, {"sort": "name"}, {"proven": "no", "sort": "newest", "page": 2}):
        with statements.at_most(9):
            page = look("falls", browser, **args)
        assert len(names(page)) == 20
    assert "Showing 1 to 20 of 40 results" in look("falls")
    assert names(look("falls", page=9)) == names(look("falls", page=2))


def test_the_whole_result_downloads_with_its_filters_and_date(
    catalogue: Apply, client: PageClient
) -> None:
    asked = {"q": "fall", "sort": "name", "care_setting": "CARE_HOME"}
    text = client.get("/search.csv", query_string=asked).data.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["Name"] for row in rows] == ["Balance Board", "Steady Steps"]
    assert rows[0]["Care settings"] == "Care homes or other care settings"
    asked_for = "2 results for “fall” among innovations used in care homes or other care settings"
    assert {row["Search"] for row in rows} == {asked_for}
    assert {row["Made on"] for row in rows} == {today().isoformat()}
    book = openpyxl.load_workbook(
        io.BytesIO(client.get("/search.xlsx", query_string=asked).data), read_only=True
    )
    about = {row[0].value: row[1].value for row in book["About"].iter_rows()}
    assert about["Words"] == "fall"
    assert about["Care setting"] == "Care homes or other care settings"
    assert about["Rows"] == 2
    assert about["Made"]
    assert book["Data"].max_row == 3


def test_a_long_result_is_sent_as_it_is_read(
    catalogue: Apply, client: PageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = client.get("/search.csv", query_string={"sort": "name"}).data
    monkeypatch.setattr(asking, "AT_ONCE", 2)
    monkeypatch.setattr(downloads, "PIECE", 1)
    answer = client.get("/search.csv", query_string={"sort": "name"})
    assert answer.is_streamed
    pieces = list(answer.response)
    assert len(pieces) > 3
    assert b"".join(pieces) == whole


def test_a_short_category_reads_as_a_word(catalogue: Apply, look: Look) -> None:
    assert said(look(category="MEDICAL_DEVICE")) == "2 medical device innovations."
    page = look("fall", category="MODELS_CARE")
    assert "in the category models of care and clinical pathways" in said(page)


def test_text_of_a_record_is_never_markup(catalogue: Apply, cast: Cast, look: Look) -> None:
    makers.innovation(
        "<script>alert(1)</script> Kiwi",
        of=cast.innovator,
        sharing=PUBLIC,
        summary="<b>Kiwi</b> & <img src=x onerror=alert(1)> kiwi",
        need="<mark>kiwi</mark> <script>alert(2)</script>",
    )
    catalogue()
    page = look("kiwi <script>")
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "&lt;b&gt;<mark>Kiwi</mark>&lt;/b&gt;" in page
    assert "&lt;mark&gt;" in page


HOSTILE = [
    "",
    " ",
    "\x00",
    "*",
    "***",
    '"',
    '"""',
    "((((((",
    "NOT",
    "AND OR NOT",
    "-",
    "-fall",
    "name:",
    "name:*",
    "%",
    "_",
    "\\",
    "'; DROP TABLE innovation; --",
    "fall " * 1000,
    "x" * 10_000,
    "\u202efall",
    "🙂🙂",
    "ﬀﬀ",
    "مرحبا",
]


@pytest.mark.parametrize("words", HOSTILE)
def test_no_question_is_an_error(catalogue: Apply, look: Look, words: str) -> None:
    look(words)
    look(words, sort="name", page="-1", proven="perhaps", category="no such")
