"""A changed record takes its place on lists, which are then what matching all would make."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.feature_extraction.text import TfidfVectorizer
from sqlalchemy import select

from portal.clock import now
from portal.innovations.models import Innovation, RecordStatus, Sharing
from portal.matching import indexing, services
from portal.matching.engine import MOVED, Catalogue, Limits, Matcher, Need, Solution
from portal.matching.models import Suggestion
from search_index.text import analyse
from tests import makers
from tests.matching.world import innovation, matched

WORDS = ("falls", "heart", "care", "home", "A&E", "digital", "💡", "sensor", "the", "night")
TEXTS = st.lists(st.sampled_from(WORDS), max_size=6).map(" ".join)
LIMITS = st.builds(
    Limits, st.none() | st.integers(1, 4), st.just(0.0), st.sampled_from([0.0, 0.15])
)


@given(st.lists(TEXTS, min_size=1, max_size=9), st.integers(0, 8), TEXTS, TEXTS, LIMITS)
def test_a_list_made_again_is_the_list_made_anew(texts, place, changed, asked, limits):
    held = Catalogue([Solution(n, {"summary": text}) for n, text in enumerate(texts)])
    need, one = Need("n", {"title": asked}), place % len(texts)
    before = Matcher(held).match(need, **limits._asdict())
    known = {pairing.solution_id: pairing.score for pairing in before}
    after = Matcher(held.changed([Solution(one, {"summary": changed})]))
    known.pop(one, None)
    wanted = after.match(need, **limits._asdict())
    again = after.match_again(after.ask([need])[0], known, limits)
    assert again.ids == [pairing.solution_id for pairing in wanted]
    anew = {pairing.solution_id: pairing for pairing in again.anew}
    for pairing in wanted:
        if pairing.solution_id in anew:
            assert anew[pairing.solution_id] == pairing
        else:
            assert known[pairing.solution_id] == pytest.approx(pairing.score, abs=MOVED)


@given(st.lists(TEXTS, min_size=1, max_size=8), TEXTS)
def test_one_solution_alone_is_scored_as_among_all(texts, asked):
    matcher = Matcher([Solution(n, {"summary": text}) for n, text in enumerate(texts)])
    need = Need("n", {"title": asked})
    scores = {one.solution_id: one.score for one in matcher.match(need, top=None)}
    for number in range(len(texts)):
        alone = matcher.alone(number)
        (found,) = alone.best(alone.ask([need]), 1).scores[:, 0]
        assert found == pytest.approx(scores.get(number, 0.0), abs=1e-5)
    with pytest.raises(ValueError, match="unknown"):
        matcher.alone("unknown")


MADE_UP = st.lists(st.sampled_from(("wobbet", "quarn", "brimlo", "tesk")), max_size=6)


@given(st.lists(MADE_UP.map(" ".join), min_size=2, max_size=8))
def test_words_that_are_neither_concepts_nor_boilerplate_weigh_as_in_scikit_learn(texts):
    plain = [f"{text} quarn" for text in texts]
    # The empty text is the one more that keeps anything from being divided by none.
    wanted = TfidfVectorizer(analyzer=analyse, sublinear_tf=True).fit_transform([*plain, ""])
    rows = Matcher([Solution(n, {"name": text}) for n, text in enumerate(plain)])._words._matrix
    alike = (wanted @ wanted.T).toarray()[:-1, :-1]
    assert (rows @ rows.T).toarray() == pytest.approx(alike, abs=1e-5)


def lists(session):
    """What stands on every list, in order, with its likeness in words."""
    found = {}
    rows = select(Suggestion).order_by(Suggestion.rank, Suggestion.innovation_id)
    for row in session.scalars(rows):
        place = (row.innovation_id, row.rank, pytest.approx(row.score, abs=2 * MOVED))
        found.setdefault((row.challenge_id, row.readership), []).append(place)
    return found


def ids(places):
    return [innovation_id for innovation_id, _, _ in places]


def another_text(row: Innovation) -> None:
    row.summary = "A lamp that finds falls of residents in care homes at night, early."


def hidden(row: Innovation) -> None:
    row.sharing = Sharing.HINS


def lapsed(row: Innovation) -> None:
    row.is_proven_until = None


def archived(row: Innovation) -> None:
    row.status = RecordStatus.ARCHIVED


def off_the_subject(row: Innovation) -> None:
    row.summary, row.name = "Paper.", "Paper"


CHANGES = (another_text, hidden, lapsed, archived, off_the_subject)


@pytest.mark.parametrize("change", CHANGES, ids=[one.__name__ for one in CHANGES])
@pytest.mark.parametrize("longest", [2, 50])
def test_a_changed_record_leaves_the_lists_that_matching_all_makes(
    cast, session, monkeypatch, change, longest
):
    monkeypatch.setattr(indexing, "MAX_SHOWN_MATCHES", longest)
    monkeypatch.setattr(indexing, "MAX_PROMISING_MATCHES", longest)
    for number in range(3):
        makers.challenge(f"Falls of residents in care homes {number}", of=cast.ics)
    rows = [innovation(cast, f"Made {n}", summary=f"{'Falls ' * n} homes {n}.") for n in range(6)]
    rows += [innovation(cast, f"Promising {n}", proven=n < 1) for n in range(3)]
    services.ask_for_refresh()
    matched(session)
    for row in rows[2], rows[-1]:
        before = lists(session)
        change(row)
        row.changed_at = now()
        matched(session)
        placed = lists(session)
        services.ask_for_refresh()
        matched(session)
        anew = lists(session)
        stood = {
            place for found in (before, anew) for place in found if row.id in ids(found[place])
        }
        assert stood
        assert {one: placed.get(one) for one in stood} == {one: anew.get(one) for one in stood}
