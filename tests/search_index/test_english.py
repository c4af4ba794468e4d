"""Which words are taken for English."""

import pytest

from search_index.english import is_english


@pytest.mark.parametrize(
    "word",
    ["maturity", "dentist", "children", "portals", "human", "paediatric", "haematology",
     "immunisation", "organisations", "behavioural", "carers", "tumours"],
)  # fmt: skip
def test_real_words_are_known_in_british_and_american_spelling(word: str) -> None:
    assert is_english(word)


@pytest.mark.parametrize("word", ["huma", "thopas", "falure", "steaddy", "recieve", "mycopd", ""])
def test_names_and_typing_errors_are_not(word: str) -> None:
    assert not is_english(word)
