"""The engine in three lines: needs and solutions in, ranked pairings with reasons out."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.matching.engine import (
    WEIGHTS,
    Asking,
    Catalogue,
    Matcher,
    Need,
    Reasons,
    Solution,
    calls,
    knowledge,
)
from search_index import lexicon

FALLS = Solution(
    1, {"name": "SteadyHome", "summary": "Spots the risk of falls in care homes early"}
)
HEART = Solution(2, {"name": "HeartLine", "summary": "Remote monitoring for heart failure at home"})
NOTES = Solution(3, {"name": "PaperFree", "summary": "Digital notes for hospital wards"})
ALL = [FALLS, HEART, NOTES]


def test_a_need_finds_its_solution_first():
    found = Matcher(ALL).match(Need("n", {"title": "Residents of care homes fall too often"}))
    assert found[0].solution_id == FALLS.id
    assert found[0].rank == 1
    assert 0 < found[0].score <= 1


def test_reasons_name_the_words_as_people_write_them():
    (found,) = Matcher(ALL).match(Need("n", {"title": "Patients fell; remotely, and monitored"}))
    assert found.solution_id == HEART.id
    shared = {word for one in found.reasons.shared for word in one.need}
    assert shared == {"monitored", "remotely"}
    assert {word for one in found.reasons.shared for word in one.solution} == {
        "monitoring",
        "Remote",
    }
    assert sum(one.weight for one in found.reasons.shared) == pytest.approx(1, abs=0.01)
    assert found.reasons.missing_words == []


def test_words_of_everyday_english_count_and_are_no_reason():
    """Told is what these texts speak of oftener than people do: "wards", however common, is."""
    texts = ["Digital notes for wards", "Beds of wards", "Wards are safer", "Quiet wards at night"]
    others = [Solution(n, {"summary": text}) for n, text in enumerate(texts, 10)]
    offered = Solution(9, {"summary": "Wards that fell behind come free of paper drug charts"})
    need = Need("n", {"title": "Our wards are behind with drug charts, and nobody is free to come"})
    found = Matcher([offered, *others, *(Solution(n, {"name": "Lamp"}) for n in range(50, 90))])
    pairing = found.pair(need, 9)
    told = {word.casefold() for one in pairing.reasons.shared for word in one.need}
    assert {"wards", "charts"} <= told
    assert not told & {"behind", "free", "come", "nobody"}
    plain = found.pair(Need("m", {"title": "Our wards and drug charts"}), 9)
    assert pairing.reasons.likeness != plain.reasons.likeness, "they count all the same"


def test_what_is_missing_is_named_by_concepts_and_no_odd_words():
    need = Need("n", {"title": "Nobody keeps watch on heart failure after discharge; A&E is full"})
    solution = Solution(9, {"summary": "Remote monitoring in heart failure"})
    found = Matcher([solution, *ALL]).pair(need, 9)
    assert "A&E" in found.reasons.missing_words
    assert not {"nobody", "keeps", "full", "heart failure"} & {
        word.casefold() for word in found.reasons.missing_words
    }


def test_other_words_for_the_same_thing_are_found_and_both_named():
    solution = Solution(9, {"summary": "Shows live waits in emergency departments"})
    found = Matcher([solution, *ALL]).match(Need("n", {"title": "Too busy in A&E"}))[0]
    assert found.solution_id == 9
    assert found.reasons.shared[0].need == ["A&E"]
    assert found.reasons.shared[0].solution == ["emergency departments"]


def test_a_concept_that_answers_another_is_found_by_it_and_says_so():
    solution = Solution(9, {"summary": "Hospital at home"})
    need = Need("n", {"title": "Telehealth"})
    (found,) = Matcher([solution, FALLS, NOTES]).match(need)
    assert found.solution_id == 9
    assert found.reasons.shared[0].need == ["Telehealth"]
    assert found.reasons.shared[0].solution == ["at home"]
    assert found.reasons.missing_words == []


def test_a_sentence_about_the_call_counts_less_than_one_about_the_need():
    need = Need("n", {"problem": "Wounds heal slowly. Applicants may use digital dressings."})
    assert need.bag["wound"] == 1
    assert need.bag["digit"] == calls.ABOUT_THE_CALL
    alone = Need("n", {"title": "A prize for applicants", "problem": "Applicants wait"})
    assert alone.bag["applic"] == 1.5 + 1


def test_every_related_concept_is_one_that_texts_can_name():
    named = {f"#{phrase.concept}" for phrase in lexicon.phrases()}
    assert set(knowledge._related()) <= named


def test_agreement_in_coded_facts_is_a_part_of_its_own():
    homes = {"care_setting": frozenset({"Care homes"})}
    twins = [Solution(1, FALLS.fields), Solution(2, FALLS.fields, homes)]
    need = Need("n", {"title": "Falls"}, {"care_setting": frozenset({"Care homes", "Hospital"})})
    best, second = Matcher(twins).match(need)
    assert best.solution_id == 2
    assert best.reasons.facets == {"care_setting": ["Care homes"]}
    assert best.reasons.missing_facets == {"care_setting": ["Hospital"]}
    assert best.reasons.parts["care_setting"] > 0 == second.reasons.parts["care_setting"]
    assert best.score == pytest.approx(sum(best.reasons.parts.values()), abs=1e-5)


def test_a_condition_in_common_is_enough_to_be_paired_and_a_setting_is_not():
    asthma = frozenset({"Asthma"})
    need = Need("n", {"title": "xyzzy"}, {"condition": asthma, "care_setting": frozenset({"Home"})})
    solutions = [
        Solution(1, {"summary": "Inhaler"}, {"condition": asthma}),
        Solution(2, {"summary": "Inhaler"}, {"care_setting": frozenset({"Home"})}),
    ]
    assert [found.solution_id for found in Matcher(solutions).match(need)] == [1]


def test_the_same_number_of_people_is_a_part_of_its_own():
    few, many = (Solution(n, FALLS.fields, people=n) for n in (50, 50_000))
    best, second = Matcher([many, few]).match(Need("n", {"title": "Falls"}, people=60))
    assert [best.solution_id, best.reasons.people] == [50, 50]
    assert best.reasons.parts["people"] > second.reasons.parts["people"] > 0
    (unsaid,) = Matcher([many]).match(Need("n", {"title": "Falls"}))
    assert unsaid.reasons.people is None
    assert unsaid.reasons.parts["people"] == 0


def test_what_was_tried_and_failed_is_not_asked_for():
    need = Need("n", {"title": "Heart failure", "tried": "Digital notes for wards"})
    assert [found.solution_id for found in Matcher(ALL).match(need)] == [HEART.id]


def test_what_a_solution_is_for_says_more_than_its_evidence():
    word = "Falls in care homes"
    for_it = Solution(1, {"name": "A", "need": word, "evidence": "Published study"})
    about_it = Solution(2, {"name": "A", "need": "Published study", "evidence": word})
    found = Matcher([about_it, for_it]).match(Need("n", {"title": word}))
    assert [one.solution_id for one in found] == [1, 2]


def test_one_pair_explained_alone_is_the_pair_of_the_list():
    matcher, need = Matcher(ALL), Need("n", {"title": "Notes on wards and heart failure"})
    for found in matcher.match(need):
        assert matcher.pair(need, found.solution_id) == found
    assert matcher.pair(need, FALLS.id) is None
    assert matcher.pair(need, "unknown") is None


@given(st.integers(1, 5))
def test_the_best_alone_are_the_best_of_the_list(top):
    matcher, need = Matcher(ALL), Need("n", {"title": "Notes on wards, falls and heart failure"})
    listed = [(one.solution_id, one.score) for one in matcher.match(need, top=top)]
    (numbers,), (scores,) = matcher.best(matcher.ask([need]), top)
    assert [matcher.solutions[one].id for one in numbers if one >= 0] == [one for one, _ in listed]
    assert scores[: len(listed)] == pytest.approx([score for _, score in listed], abs=1e-5)


@settings(max_examples=40)
@given(
    st.lists(st.lists(st.integers(0, 25), max_size=6), min_size=1, max_size=7),
    st.integers(1, 8),
    st.randoms(use_true_random=False),
)
def test_the_best_of_many_needs_at_once_are_those_of_each_alone(asked, top, draw):
    """Over some hundreds of solutions, so that words are common and rare and groups form."""
    words = [f"w{number}ord" for number in range(25)]
    chances = [1 / (place + 1) for place in range(25)]
    offered = [
        Solution(number, {"summary": " ".join(draw.choices(words, chances, k=5))})
        for number in range(draw.choice([0, 1, 63, 64, 130, 600]))
    ]
    needs = [
        Need(number, {"title": " ".join((*words, "unheard")[word] for word in told)})
        for number, told in enumerate(asked)
    ]
    matcher = Matcher(offered)
    numbers, scores = matcher.best(matcher.ask(needs), top)
    for need, chosen, reached in zip(needs, numbers.tolist(), scores, strict=True):
        every = {one.solution_id: one.score for one in matcher.match(need, top=None)}
        best = sorted(every.values(), reverse=True)[:top]
        assert reached[: len(best)] == pytest.approx(best, abs=1e-5)
        assert len({one for one in chosen if one >= 0}) == len(best)
        assert [every[one] for one in chosen if one >= 0] == pytest.approx(best, abs=1e-5)


def test_reasons_can_be_stored_and_read_back():
    (found, *_) = Matcher(ALL).match(Need("n", {"title": "Falls in care homes"}))
    stored = json.loads(json.dumps(found.reasons.as_json()))
    assert Reasons.from_json(stored) == found.reasons


def test_records_outside_the_background_move_no_score():
    need = Need("n", {"title": "Falls in care homes at home"})
    alone = Matcher([FALLS, HEART]).match(need)
    beside = Matcher(ALL, background=np.array([0, 1])).match(need)
    assert [one for one in beside if one.solution_id != NOTES.id] == alone


@pytest.mark.parametrize("solutions", [[], [Solution(1, {})], [Solution(1, {"name": "the of"})]])
def test_nothing_to_compare_is_no_error(solutions):
    assert Matcher(solutions).match(Need("n", {"title": "Falls"})) == []
    nothing = np.zeros(0, np.intp)
    assert Matcher(solutions, background=nothing).match(Need("n", {})) == []
    assert Matcher(solutions, nothing).match(Need("n", {"title": "Falls"})) == []


WORDS = ("falls", "heart", "care", "home", "A&E", "digital", "💡", "١٢", "the", "\x00", "=1+1")
TEXTS = st.lists(st.sampled_from(WORDS), max_size=6).map(" ".join)


CHANGES = st.dictionaries(st.integers(0, 9), st.none() | TEXTS)


@given(st.lists(TEXTS, max_size=8), st.lists(CHANGES, max_size=3), TEXTS)
def test_a_catalogue_that_changed_is_one_that_was_read_anew(texts, changes, asked):
    held = dict(enumerate(texts))
    catalogue = Catalogue([Solution(n, {"summary": text}) for n, text in held.items()])
    for change in changes:
        put = {n: text for n, text in change.items() if text is not None}
        held = {n: text for n, text in {**held, **change}.items() if text is not None}
        catalogue = catalogue.changed(
            [Solution(n, {"summary": text}) for n, text in put.items()], change.keys() - put.keys()
        )
    anew = Matcher([Solution(n, {"summary": held[n]}) for n in sorted(held)])
    need = Need("n", {"title": asked})
    assert Matcher(catalogue).match(need) == anew.match(need)


FACTS = st.frozensets(st.sampled_from(["Home", "Hospital", "School"]), max_size=2)
RECORD = st.tuples(TEXTS, FACTS, FACTS, st.none() | st.integers(0, 10**6), st.booleans())


@given(st.lists(RECORD, max_size=8), RECORD, st.integers(1, 3))
def test_a_reader_gets_what_they_would_if_hidden_records_did_not_exist(records, asked, top):
    solutions = [
        Solution(n, {"summary": text}, {"condition": conditions, "area": areas}, people)
        for n, (text, conditions, areas, people, _) in enumerate(records)
    ]
    seen = np.array([n for n, record in enumerate(records) if record[-1]], np.intp)
    text, conditions, areas, people, _ = asked
    need = Need("n", {"title": text}, {"condition": conditions, "area": areas}, people)
    among_all = Matcher(Catalogue(solutions), seen, seen)
    without = Matcher([solutions[n] for n in seen])
    assert among_all.match(need, top=top) == without.match(need, top=top)


@given(st.lists(TEXTS, max_size=5), TEXTS)
def test_scores_lie_between_0_and_1_and_fall_with_rank(texts, asked):
    matcher = Matcher([Solution(n, {"summary": text}) for n, text in enumerate(texts)])
    found = matcher.match(Need("n", {"title": asked}))
    scores = [one.score for one in found]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)
    assert [one.rank for one in found] == list(range(1, len(found) + 1))


def test_the_weights_are_in_one_place_and_words_weigh_most():
    assert max(WEIGHTS, key=WEIGHTS.__getitem__) == "words"


def test_a_word_that_many_needs_use_tells_little_of_any():
    need = Need("n", {"title": "Applicants with falls"})
    applicants = Solution(8, {"summary": "Applicants in homes"})
    falls = Solution(9, {"summary": "Falls in homes"})
    others = [Need(str(one), {"title": f"Applicants for topic{one}"}) for one in range(20)]
    plain = Matcher([applicants, falls])
    assert plain.pair(need, 8).score == pytest.approx(plain.pair(need, 9).score, abs=0.05)
    taught = Matcher([applicants, falls], asking=Asking.of([need, *others]))
    assert taught.order(need) == [9, 8]
    assert taught.pair(need, 8).score < taught.pair(need, 9).score * 0.7


def test_what_everybody_asks_for_is_still_found_by_its_words():
    needs = [Need(str(n), {"title": f"Falls in ward{chr(97 + n)}x"}) for n in range(25)]
    falls = Solution(9, {"summary": "Falls in homes"})
    (found,) = Matcher([falls], asking=Asking.of(needs)).match(needs[0])
    assert found.reasons.likeness > 0.25


def test_without_other_needs_every_word_keeps_its_weight():
    assert Asking().share("fall") == 1.0
    asking = Asking.of([Need("a", {"title": "Falls"}), Need("b", {"title": "Falls at night"})])
    assert 0 < asking.share("fall") < asking.share("night") < asking.share("other") == 1.0
