"""How text becomes words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_index import lexicon, text, words


def stems(written: str) -> set[str]:
    return {stem for stem in text.analyse(written) if not stem.startswith("#")}


def concepts(written: str) -> set[str]:
    return {stem for stem in text.analyse(written) if stem.startswith("#")}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Café", "cafe"),
        ("organisations", "Organization"),
        ("paediatric haematology", "pediatric hematology"),
        ("behaviour", "behavior"),
        ("programmes", "program"),
        ("centre", "centers"),
        ("ageing", "aging"),
        ("monitoring", "monitored"),
        ("patient's", "patients"),
        ("\uff26\uff35\uff2c\uff2c", "full"),
        ("covid-19", "COVID\u201119"),
        ("Hyper\u00adchol\u00adester\u00adol", "hypercholesterol"),
        ("\ufeffhyper\u200bchol\u2060esterol", "hypercholesterol"),
        ("ten or more", "10 or more"),
        ("pre-op", "pre op"),
        ("non-invasive", "non invasive"),
    ],
)
def test_spellings_of_one_word_are_one_word(one: str, other: str) -> None:
    assert stems(one) == stems(other)


@pytest.mark.parametrize(
    ("written", "held"),
    [
        ("COVID-19", {"covid", "19", "covid19"}),
        ("sFlt-1/PlGF", {"sflt", "1", "plgf", "sflt1"}),
        ("NEWS2", {"news2", "news"}),
        ("news 2", {"news2", "news", "2"}),
        ("news-2", {"news2", "news", "2"}),
        ("type 2 diabetes", {"type", "2", "type2", "diabet"}),
        ("the 3 D model", {"3", "d", "3d", "model"}),
        ("by 2 or 3 people", {"2", "3", "peopl"}),
        ("pre-op checks", {"preop", "op", "check"}),
        ("GP surgeries", {"gp", "surgeri:practice"}),
        ("surgery", {"surgeri"}),
        ("open 24/7", {"open", "24/7"}),
        ("A&E", {"a&e"}),
        ("myCOPD", {"mycopd", "copd"}),
        ("HeartFlow", {"heartflow", "heart", "flow"}),
        ("Thopaz+", {"thopaz"}),
        ("s12 Solutions", {"s12", "solut"}),
        ("C the Signs", {"c", "sign"}),
        ("U.K. firms", {"uk", "firm"}),
        ("GPs and ICSs", {"gps", "gp", "icss", "ics"}),
        ("UTIs", {"uti"}),
        ("O\u2019Brien", {"obrien", "brien"}),
        ("version 2.5", {"version", "2.5"}),
    ],
)
def test_names_numbers_and_compounds_keep_what_people_search_for(
    written: str, held: set[str]
) -> None:
    assert stems(written) == held


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("COPD", "chronic obstructive pulmonary disease"),
        ("A&E", "emergency departments"),
        ("A and E", "accident and emergency"),
        ("AHSN", "Health Innovation Network"),
        ("high blood pressure", "hypertension"),
        ("lipids", "raised cholesterol"),
        ("skin cancer", "melanoma"),
        ("too many drugs", "polypharmacy"),
        ("unpaid carers", "caregivers"),
        ("people who cannot get online", "digital exclusion"),
        ("PE or other lung clot", "pulmonary embolism"),
        ("fewer DNAs", "did not attend"),
        ("DNA rates", "missed appointments"),
    ],
)
def test_two_names_of_one_thing_share_a_concept(one: str, other: str) -> None:
    assert concepts(one) & concepts(other)


@pytest.mark.parametrize(
    "written", ["PE", "PE after surgery", "we freed a spot", "a nice ward", "DNA of a tumour"]
)
def test_what_the_text_does_not_decide_is_not_expanded(written: str) -> None:
    unsafe = {
        "#missed_appointments",
        "#pulmonary_embolism",
        "#physical_education",
        "#eating_disorder",
        "#nice",
    }
    assert not concepts(written) & unsafe


def test_an_ambiguous_abbreviation_follows_the_words_around_it() -> None:
    assert "#eating_disorder" in concepts("ED services for anorexia")
    assert "#emergency_department" in concepts("waits in ED for an ambulance")
    assert "#physical_education" in concepts("PE lessons in school")


def test_falls_are_accidents_only_where_the_text_says_so() -> None:
    assert "#falls" in concepts("falls among frail residents")
    assert "#falls" not in concepts("when oxygen falls the phone rings")


def test_a_text_in_capitals_says_nothing_by_them() -> None:
    """In a text that shouts, an abbreviation that counts only in capitals is just a word."""
    assert "#health_innovation_network" not in concepts("ASK WHO IT WAS THAT PAID FOR THE HIN")
    assert stems("WHO WAS IT THAT PAID") == stems("who was it that paid")
    assert "#health_innovation_network" in concepts("HIN ICS")
    assert "#eating_disorder" in concepts("FREED")


@pytest.mark.parametrize(
    ("written", "left"),
    [
        ("soft\u00adhyphen", "softhyphen"),
        ("\u200bzero\u200c width\ufeff", "zero width"),
        ("\u202eright to left\u202c", "right to left"),
        ("\U0001f469\u200d\u2695\ufe0f nurse", "\U0001f469\u200d\u2695\ufe0f nurse"),
        ("joined\u200dletters\ufe0f", "joinedletters"),
        ("\u00ad\u200b\u200d", ""),
    ],
)
def test_what_nobody_sees_goes_and_emoji_stay(written: str, left: str) -> None:
    assert words.visible(written) == left
    assert text.name_key(written) == text.name_key(left)


def test_a_phrase_that_is_only_near_a_concept_says_so() -> None:
    nearness = {
        token.surface: token.is_near
        for token in text.tokens("no internet, though much is online")
        if token.stem == "#digital_inclusion"
    }
    assert nearness["no internet"] is False
    assert nearness["online"] is True


def test_a_concept_says_what_else_it_is_called() -> None:
    (found,) = text.expand(text.words("AHSN"))
    assert "health innovation network" in found.others
    assert "AHSN" not in found.others


def test_common_words_are_left_out_but_capitals_are_names() -> None:
    assert stems("the and of who") == set()
    assert stems("WHO and IT") == {"who", "it"}


def test_words_that_every_record_says_keep_little_weight() -> None:
    weights = text.boilerplate_weight(["innov", "thopaz", text.stem("solutions")])
    assert weights["thopaz"] == 1.0
    assert weights["innov"] < 0.5
    assert weights[text.stem("solutions")] < 0.5


def test_every_phrase_of_the_synonyms_finds_its_own_concept() -> None:
    for phrase in lexicon.phrases():
        written = f"{phrase.text} {phrase.cues[0]}" if phrase.cues else phrase.text
        assert f"#{phrase.concept}" in concepts(written), phrase


@given(st.text(max_size=300))
def test_tokens_lie_where_they_say_in_any_text(written: str) -> None:
    for token in text.tokens(written):
        as_written = written[token.start : token.end]
        assert token.surface in {as_written, as_written.lower()}
        assert token.stem


@given(st.text(max_size=300))
def test_analysis_does_not_depend_on_case_folding_twice(written: str) -> None:
    assert text.fold(text.fold(written)) == text.fold(written)
