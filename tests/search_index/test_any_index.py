"""The contract: what every engine does, whichever is behind the address."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from search_index.backends import open_index
from search_index.interface import Answer, Document, Index, Query
from search_index.ranking import fingerprint

DRAIN = Document(
    1,
    {
        "name": "Thopaz+",
        "organisation": "Medela",
        "summary": "A portable digital chest drain.",
        "description": "Measures air leak after lung surgery. " * 12
        + "Nurses on the ward see the readings on a screen. "
        + "It is charged overnight. " * 12,
    },
    {"stage": ["Deploy"], "setting": ["Hospital"]},
    audience=["public"],
    standing=1.0,
)
COPD = Document(
    2,
    {
        "name": "myCOPD",
        "organisation": "my mhealth",
        "summary": "An app for people with chronic obstructive pulmonary disease.",
        "conditions": "Chronic obstructive pulmonary disease",
    },
    {"stage": ["Deploy"], "setting": ["Community", "Home"]},
    audience=["public", "hin:1"],
)
FALLS = Document(
    3,
    {
        "name": "Steady Steps",
        "organisation": "Balance Works",
        "summary": "Exercise classes that stop older people falling.",
        "need": "A fall is the commonest reason for an emergency department visit in later life.",
    },
    {"stage": ["Develop"], "setting": ["Community"]},
    audience=["hin:1"],
)
SIGNS = Document(
    4,
    {
        "name": "C the Signs",
        "organisation": "C the Signs",
        "summary": "Helps GPs to spot patients at risk of cancer early.",
        "description": "Signs of skin cancer and melanoma are checked against guidance.",
    },
    {"stage": ["Deploy"], "setting": ["Primary care"]},
    audience=["public"],
    standing=1.0,
)
EVERY = (DRAIN, COPD, FALLS, SIGNS)


@pytest.fixture(params=["memory", "embedded", "postgresql"])
def index(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Index]:
    if request.param == "postgresql":
        where: str | Path = request.getfixturevalue("database")
    else:
        where = "memory:" if request.param == "memory" else tmp_path / "index"
    opened = open_index(where, create=True)
    opened.put(EVERY)
    yield opened
    opened.close()


def ids(answer: Answer) -> list[int]:
    return [hit.id for hit in answer.hits]


def test_a_word_finds_the_records_that_hold_it_in_any_form(index: Index) -> None:
    assert ids(index.search(Query("falls"))) == [3]


def test_an_abbreviation_finds_what_is_written_out_and_the_other_way_round(index: Index) -> None:
    assert ids(index.search(Query("COPD"))) == [2]
    assert ids(index.search(Query("A&E"))) == [3]
    assert index.search(Query("A&E")).understood.also["A&E"][0] == "emergency department"
    assert ids(index.search(Query("general practitioner")))[0] == 4


def test_what_means_a_concept_comes_before_what_is_only_near_it(index: Index) -> None:
    texts = ("Booking on the internet.", "Help against digital exclusion.")
    index.put(Document(10 + n, {"summary": text}) for n, text in enumerate(texts))
    assert ids(index.search(Query("cannot get online")))[:2] == [11, 10]


def test_the_exact_name_comes_first_however_it_is_typed(index: Index) -> None:
    index.put([Document(9, {"name": "Signs", "description": "c the signs " * 30})])
    for typed in ("c the signs", "C THE SIGNS", "“C the Signs”"):
        hits = index.search(Query(typed)).hits
        assert (hits[0].id, hits[0].exact_name) == (4, True)


def test_names_are_found_with_one_or_two_typing_errors(index: Index) -> None:
    for typed in ("thopas", "tohpaz", "medella"):
        answer = index.search(Query(typed))
        assert ids(answer)[0] == 1
        assert answer.suggestion in {"thopaz", "medela"}
        assert list(answer.understood.corrected) == [typed]


def test_a_question_asked_again_is_read_anew_once_the_records_have_changed(index: Index) -> None:
    question = Query("thopas")
    assert [index.search(question).suggestion for _ in range(2)] == ["thopaz"] * 2
    index.put([Document(9, {"name": "Thopas"})])
    answer = index.search(question)
    assert (ids(answer)[0], answer.suggestion) == (9, None)


def test_a_question_is_read_for_each_reader_alone(index: Index) -> None:
    """Only HIN 1 may see the record that has the word: nobody else is corrected to it."""
    typed = "steaddy"
    readers = [Query(typed, audience=frozenset({label})) for label in ("hin:1", "public", "hin:1")]
    assert [index.search(one).suggestion for one in readers] == ["steady", None, "steady"]


def test_a_word_of_the_trade_is_not_taken_for_a_typing_error(index: Index) -> None:
    index.put([Document(9, {"name": "Letter sorts"})])
    answer = index.search(Query("pressure sores"))
    assert (answer.suggestion, answer.total) == (None, 0)
    assert answer.understood.unknown == ("pressure", "sores")


def test_real_words_names_and_capitals_are_looked_for_as_typed(index: Index) -> None:
    index.put([Document(9, {"summary": "Maternity care for human needs, booked by drones."})])
    answer = index.search(Query("maturity of care"))
    assert (ids(answer)[0], answer.suggestion) == (9, None)
    assert (answer.understood.unknown, answer.understood.corrected) == (("maturity",), {})
    answer = index.search(Query("Thopas drain"))
    assert (ids(answer), answer.suggestion) == ([1], "thopaz drain")
    assert (answer.understood.unknown, answer.understood.corrected) == (("Thopas",), {})
    assert index.search(Query("huma")).total == 0
    assert index.search(Query("Huma")).understood.corrected == {}


def test_a_word_is_joined_and_split_at_its_borders_before_it_is_taken_for_an_error(
    index: Index,
) -> None:
    index.put([
        Document(20, {"name": "NEWS2", "summary": "A score for ill adults."}),
        Document(21, {"name": "HeartFlow", "summary": "A model of arteries."}),
        Document(22, {"name": "Score", "summary": "The news 2 score in care homes."}),
        Document(23, {"name": "Weekly", "summary": "A letter with news."}),
        Document(24, {"name": "Quick Response Team"}),
    ])  # fmt: skip
    for typed in ("news 2", "news-2", "NEWS2", "news2", "News 2"):
        answer = index.search(Query(typed))
        assert (set(ids(answer)[:2]), answer.suggestion) == ({20, 22}, None), typed
    understood = index.search(Query("News 2 score")).understood
    assert (understood.words, understood.unknown) == (("News", "2", "score"), ())
    for typed in ("heart flow", "heartflow", "Heart-Flow"):
        assert ids(index.search(Query(typed)))[0] == 21, typed
    answer = index.search(Query("quickresponse"))
    assert (ids(answer), answer.suggestion) == ([24], "quick response")


def test_a_part_before_a_hyphen_is_no_word_and_a_surgery_no_operation(index: Index) -> None:
    index.put([
        Document(30, {"summary": "Tests for pre-eclampsia."}),
        Document(31, {"summary": "Calls after pre-op checks."}),
        Document(32, {"summary": "Screens in GP surgeries."}),
        Document(33, {"summary": "Reviews for people on ten or more medicines."}),
    ])  # fmt: skip
    assert ids(index.search(Query("pre-op"))) == [31]
    assert ids(index.search(Query("preop"))) == [31]
    assert 32 not in ids(index.search(Query("surgery")))
    assert ids(index.search(Query("GP surgery")))[0] == 32
    assert ids(index.search(Query("10 or more medicines")))[0] == 33


def test_characters_that_nobody_sees_make_no_difference(index: Index) -> None:
    index.put([Document(40, {"name": "Hyper\u00adchol\u00adester\u00adol clinic\u200b"})])
    for typed in ("hypercholesterol", "Hyper\u200bcholesterol\ufeff", "hypercholesterol clinic"):
        assert ids(index.search(Query(typed)))[0] == 40, ascii(typed)
    assert index.search(Query("hypercholesterol clinic")).hits[0].exact_name


def test_a_word_said_twice_counts_more(index: Index) -> None:
    index.put([Document(50, {"summary": "alpha beta"}), Document(51, {"summary": "alpha gamma"})])
    assert ids(index.search(Query("beta gamma")))[:2] == [50, 51]
    assert ids(index.search(Query("beta gamma and gamma again")))[:2] == [51, 50]


def test_operators_join_fields_spellings_and_ranges(index: Index) -> None:
    index.put([
        Document(60, {"name": "Glimmer"}, {"sites": ["3"], "submitted": ["2024-05-01"]}),
        Document(61, {"name": "Glimmer two"}, {"sites": ["12"], "submitted": ["2025-12-31"]}),
        Document(62, {"name": "Glow"}, {"sites": ["0"]}),
    ])  # fmt: skip
    found = {
        "glimmer OR glow": {60, 61, 62},
        "(glimmer OR glow) AND two": {61},
        "(glimmer OR glow) -two": {60, 62},
        "glimer~": {60, 61},
        "glimmer sites:>3": {61},
        "sites:[0 TO 3]": {60, 62},
        "submitted:2025": {61},
        "submitted:<=2024": {60},
        "NOT (two OR sites:3) gl*": {62},
        "name:glimmer AND NOT submitted:[2024 TO 2024-12]": {61},
    }
    for typed, expected in found.items():
        answer = index.search(Query(typed))
        assert (set(ids(answer)), answer.relaxed) == (expected, ()), typed


def test_one_of_several_words_will_do_however_many_records_hold_it(index: Index) -> None:
    index.put([
        *(Document(number, {"name": f"kettle {number}"}) for number in range(100, 160)),
        Document(90, {"name": "samovar"}),
    ])  # fmt: skip
    everybody = Query("kettle OR samovar", limit=None)
    assert index.search(everybody).total == 61
    assert ids(index.search(everybody))[0] == 90
    assert ids(index.search(Query("kettle samovar"))) == [90], "plain words: the telling one"


def test_a_range_is_over_what_the_reader_may_see(index: Index) -> None:
    index.put([Document(70, {"name": "Hidden"}, {"sites": ["5"]}, audience=["hin:9"])])
    answer = index.search(Query("sites:5", audience=frozenset({"public"})))
    assert answer.total == 0


def test_every_word_counts_but_not_every_word_is_needed(index: Index) -> None:
    answer = index.search(Query("digital chest drain for zebras"))
    assert ids(answer) == [1]
    assert answer.understood.unknown == ("zebras",)
    assert answer.understood.ignored == ("for",)


def test_the_proven_record_comes_first_among_equals(index: Index) -> None:
    same = {"name": "Sensor mat", "summary": "Warns of a bed exit."}
    index.put([Document(20, same), Document(21, same, standing=1.0), Document(22, same)])
    assert ids(index.search(Query("warns of bed exit"))) == [21, 20, 22]


def test_operators_ask_for_phrases_prefixes_fields_and_exclusions(index: Index) -> None:
    assert ids(index.search(Query('"chest drain"'))) == [1]
    assert index.search(Query('"drain chest"')).relaxed == ("“drain chest”",)
    assert ids(index.search(Query("mela*"))) == [4]
    assert ids(index.search(Query("organisation:medela"))) == [1]
    assert ids(index.search(Query("org:medela"))) == [1]
    assert set(ids(index.search(Query("cancer disease -melanoma")))) == {2}
    assert ids(index.search(Query("surgery AND ward"))) == [1]
    assert 3 not in ids(index.search(Query("people NOT falling")))


def test_a_phrase_does_not_reach_across_fields(index: Index) -> None:
    assert index.search(Query('"myCOPD my mhealth"')).relaxed == ("“myCOPD my mhealth”",)


def test_operators_that_leave_nothing_give_the_nearest_and_say_what_was_dropped(
    index: Index,
) -> None:
    answer = index.search(Query("chest drain +zebra"))
    assert ids(answer) == [1]
    assert answer.relaxed == ("zebra",)


def test_filters_mean_any_within_and_all_between(index: Index) -> None:
    either = {"setting": frozenset({"Hospital", "Home"})}
    assert set(ids(index.search(Query(filters=either)))) == {1, 2}
    both = {**either, "stage": frozenset({"Develop"})}
    assert ids(index.search(Query(filters=both))) == []


def test_a_facet_counts_under_every_filter_but_its_own(index: Index) -> None:
    query = Query(
        filters={"stage": frozenset({"Deploy"}), "setting": frozenset({"Hospital"})},
        facets=["stage", "setting"],
    )
    answer = index.search(query)
    assert answer.facets["stage"] == {"Deploy": 1}
    assert answer.facets["setting"] == {
        "Community": 1, "Home": 1, "Hospital": 1, "Primary care": 1,
    }  # fmt: skip


def test_each_filter_that_empties_the_answer_says_what_it_costs(index: Index) -> None:
    filters = {"stage": frozenset({"Develop"}), "setting": frozenset({"Community"})}
    answer = index.search(Query("myCOPD", filters=filters))
    assert answer.total == 0
    assert answer.emptied_by == {"stage": 1, "setting": 0}


def test_readers_get_and_count_only_what_is_for_them(index: Index) -> None:
    query = Query(audience=frozenset({"public"}), facets=["setting"])
    answer = index.search(query)
    assert set(ids(answer)) == {1, 2, 4}
    assert answer.facets["setting"]["Community"] == 1
    assert set(ids(index.search(Query(audience=frozenset({"hin:1"}))))) == {2, 3}
    assert set(ids(index.search(Query("cancer falls", allowed=[2, 3])))) == {3}
    assert index.search(Query(audience=frozenset())).total == 0


def test_a_hit_says_why(index: Index) -> None:
    hit = index.search(Query("nurses chest drain")).hits[0]
    assert set(hit.matched_fields) == {"summary", "description"}
    assert {word.lower() for word in hit.matched_words} >= {"chest drain", "nurses"}
    best = {passage.field: passage for passage in hit.passages}["description"]
    assert [span.text for span in best.spans if span.is_match] == ["Nurses"]
    assert "".join(span.text for span in best.spans).startswith("… ")
    assert len("".join(span.text for span in best.spans)) < 320


def test_passages_are_the_text_as_written(index: Index) -> None:
    written = "<b>Wörld</b> & “quoted” zymotic 💊 text"
    index.put([Document(30, {"name": "Odd", "summary": written})])
    passage = index.search(Query("zymotic")).hits[0].passages[0]
    assert "".join(span.text for span in passage.spans) == written


def test_paging_walks_through_every_hit_once(index: Index) -> None:
    index.put([Document(n, {"name": f"Kettle {n}"}) for n in range(100, 145)])
    pages = [index.search(Query("kettle", offset=at, limit=20)) for at in (0, 20, 40)]
    assert [len(page.hits) for page in pages] == [20, 20, 5]
    assert {page.total for page in pages} == {45}
    whole = index.search(Query("kettle", limit=None))
    assert [one for page in pages for one in ids(page)] == ids(whole)


def test_a_change_replaces_and_a_removal_forgets(index: Index) -> None:
    index.put([Document(3, {"name": "Kettle"}, version=2)])
    assert index.search(Query("falls")).total == 0
    assert ids(index.search(Query("kettle"))) == [3]
    assert index.remove([3, 77]) == 1
    assert index.search(Query("kettle")).total == 0
    assert index.count() == 3


def test_an_older_version_never_overwrites_a_newer_one(index: Index) -> None:
    assert index.put([Document(3, {"name": "Kettle"}, version=5)]) == 1
    assert index.put([Document(3, {"name": "Teapot"}, version=4)]) == 0
    assert index.put([Document(3, {"name": "Kettle"}, version=5)]) == 1
    assert ids(index.search(Query("kettle"))) == [3]


def test_clearing_forgets_everything(index: Index) -> None:
    index.clear()
    assert (index.count(), index.search(Query()).total) == (0, 0)
    assert index.put([DRAIN]) == 1
    assert ids(index.search(Query("thopaz"))) == [1]


def test_fingerprints_tell_whether_the_index_equals_the_database(index: Index) -> None:
    assert dict(index.fingerprints()) == {one.id: fingerprint(one) for one in EVERY}


def test_completions_come_from_names_organisations_and_conditions(index: Index) -> None:
    assert [s.text for s in index.suggest("my")] == ["myCOPD", "my mhealth"]
    assert [(s.text, s.field, s.id) for s in index.suggest("obst")] == [
        ("Chronic obstructive pulmonary disease", "conditions", 2)
    ]
    assert index.suggest("ste", audience=frozenset({"public"})) == []
    assert index.suggest("") == []


def test_no_words_at_all_give_everything_the_proven_first(index: Index) -> None:
    answer = index.search(Query())
    assert answer.total == 4
    assert set(ids(answer)[:2]) == {1, 4}
    assert all(hit.passages == () for hit in answer.hits)
