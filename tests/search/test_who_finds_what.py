"""Nobody finds, counts or is offered what they may not see."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.accounts.models import Actor
from portal.clock import today
from portal.db import db
from portal.innovations.models import Collaborator, Innovation, RecordStatus, Sharing
from portal.innovations.policy import can_see
from portal.reference.models import Vocabulary
from portal.search import queries, services
from portal.search.indexing import asking
from portal.search.models import IndexChange
from portal.search.rules import FACETS, SearchQuery, labels_of_reader, labels_of_record
from tests import makers
from tests.cast import Cast
from tests.examples import examples
from tests.pages import PageClient
from tests.search.conftest import Look, counts, names, said

Apply = Callable[[], None]


def test_another_companys_record_for_hins_is_neither_found_nor_counted(
    cast: Cast, up_to_date: Apply, look: Look, as_: Callable[..., PageClient]
) -> None:
    device = makers.term(Vocabulary.CATEGORY, "MEDICAL_DEVICE")
    makers.innovation("Secret kiwi", of=cast.innovator, sharing=Sharing.HINS, category=device)
    makers.innovation("Open kiwi", of=cast.innovator, sharing=Sharing.PUBLIC, category=device)
    up_to_date()
    for person in (None, cast.other_innovator, cast.ics, cast.administrator):
        browser = as_(person) if person else None
        for words in ("kiwi", ""):
            page = look(words, browser)
            assert names(page) == ["Open kiwi"]
            assert counts(page, "category") == {"MEDICAL_DEVICE": 1}
            assert said(page).startswith("1 result for" if words else "1 innovation.")
        assert names(look("secret", browser)) == []
    for person in (cast.innovator, cast.colleague, cast.hin, cast.other_hin, cast.national):
        assert len(names(look("kiwi", as_(person)))) == 2


def test_spelling_never_offers_a_word_that_only_hidden_records_hold(
    cast: Cast, up_to_date: Apply, look: Look, as_: Callable[..., PageClient]
) -> None:
    makers.innovation("Zentrifix", of=cast.innovator, sharing=Sharing.HINS)
    makers.innovation("Other", of=cast.innovator, sharing=Sharing.PUBLIC)
    up_to_date()
    assert names(look("zentrifox", as_(cast.hin))) == ["Zentrifix"]
    assert "entrifix" not in look("zentrifox")


def test_a_word_that_only_hidden_records_hold_is_a_word_that_nobody_holds(
    cast: Cast, up_to_date: Apply, look: Look, as_: Callable[..., PageClient]
) -> None:
    makers.innovation("Zentrifix", of=cast.innovator, sharing=Sharing.HINS)
    makers.innovation("Kiwi help", of=cast.innovator, sharing=Sharing.PUBLIC)
    up_to_date()
    pages = {}
    for word in ("zentrifix", "zentrifox", "unheardof"):
        page = look(f"kiwi {word}")
        assert names(page) == ["Kiwi help"]
        assert f"No result has “{word}”" in page
        assert names(look(word)) == []
        pages[word] = page.replace(word, "X")
    assert pages["zentrifix"] == pages["zentrifox"] == pages["unheardof"]
    assert names(look("kiwi zentrifix", as_(cast.hin)))[0] == "Zentrifix"


def test_a_record_hidden_a_moment_ago_is_neither_found_nor_counted(
    cast: Cast, session: Session, up_to_date: Apply, look: Look
) -> None:
    device = makers.term(Vocabulary.CATEGORY, "MEDICAL_DEVICE")
    row = makers.innovation("Kiwi", of=cast.innovator, sharing=Sharing.PUBLIC, category=device)
    makers.innovation("Plum", of=cast.innovator, sharing=Sharing.PUBLIC)
    up_to_date()
    row.sharing = Sharing.HINS
    session.commit()
    assert session.scalar(select(IndexChange.innovation_id)) == row.id
    page = look()
    assert names(page) == ["Plum"]
    assert said(page) == "1 innovation."
    assert counts(page, "category") == {}
    assert names(look("kiwi")) == []


def test_even_an_index_that_nobody_told_never_shows_a_hidden_record(
    cast: Cast, session: Session, up_to_date: Apply, look: Look
) -> None:
    row = makers.innovation("Kiwi", of=cast.innovator, sharing=Sharing.PUBLIC)
    up_to_date()
    row.sharing = Sharing.HINS
    session.flush()
    session.execute(delete(IndexChange))
    session.commit()
    assert names(look("kiwi")) == []
    assert names(look(sort="name")) == []


def test_labels_say_the_same_as_the_policy(cast: Cast, session: Session) -> None:
    rows = [
        makers.innovation(of=getattr(cast, of), sharing=sharing)
        for of in ("innovator", "other_innovator", "hin")
        for sharing in Sharing
    ]
    rows[0].collaborators.append(Collaborator(user=cast.ics.user))
    rows[1].collaborators.append(Collaborator(user=cast.other_innovator.user))
    session.flush()
    for actor in cast.every_actor():
        for row in rows:
            users = [row.owner_id, *(one.user_id for one in row.collaborators)]
            labels = labels_of_record(row.sharing, row.organisation_id, users)
            assert bool(labels & labels_of_reader(actor)) == can_see(actor, row), (actor, row.id)


records = st.fixed_dictionaries(
    {
        "sharing": st.sampled_from(Sharing),
        "status": st.sampled_from(RecordStatus),
        "of": st.sampled_from(["innovator", "other_innovator"]),
        "category": st.sampled_from(["MEDICAL_DEVICE", "DIGITAL", "AI"]),
        "stage": st.sampled_from(["READY", "IDEA"]),
        "word": st.sampled_from(["kiwi", "plum", "cherry"]),
        "settings": st.sets(st.sampled_from(["CARE_HOME", "PRIMARY_CARE"])),
        "proven": st.sampled_from([None, 30, -30]),
    }
)
asked = st.fixed_dictionaries(
    {
        "text": st.sampled_from(["", "kiwi", "plum"]),
        "category": st.sets(st.sampled_from(["MEDICAL_DEVICE", "DIGITAL"])),
        "care_setting": st.sets(st.sampled_from(["CARE_HOME"])),
        "proven": st.sets(st.sampled_from(["yes", "no"])),
    }
)


@settings(
    max_examples=examples(25),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(wanted=st.lists(records, max_size=7), question=asked)
def test_totals_and_counts_are_as_if_hidden_records_did_not_exist(
    session: Session,
    cast: Cast,
    up_to_date: Apply,
    wanted: list[dict[str, Any]],
    question: dict[str, Any],
) -> None:
    rows = [_record(cast, **values) for values in wanted]
    session.commit()
    services.rebuild()
    people = (cast.innovator, cast.ics, cast.hin, cast.national, cast.administrator)
    try:
        for actor in (Actor(), *(person.actor for person in people)):
            _compare(actor, rows, question)
    finally:
        for row in rows:
            session.delete(row)
        session.commit()


def _compare(actor: Actor, rows: list[Innovation], question: dict[str, Any]) -> None:
    """Count in plain Python over what the actor may see, and ask the search."""
    filters = {name: sorted(values) for name, values in question.items() if name != "text"}
    seen = [r for r in rows if r.status is RecordStatus.SUBMITTED and can_see(actor, r)]
    seen = [r for r in seen if question["text"] in r.name]
    found = asking.find(actor, SearchQuery(question["text"], filters), queries.choices())
    assert not found.problem
    expected = [r for r in seen if _passes(r, filters)]
    assert {one.innovation.id for one in found.results} == {r.id for r in expected}
    assert found.total == len(expected)
    for facet in ("category", "stage", "care_setting", "proven"):
        others = {name: values for name, values in filters.items() if name != facet}
        tally: dict[str, int] = {}
        for row in (r for r in seen if _passes(r, others)):
            for value in _values(row, facet):
                tally[value] = tally.get(value, 0) + 1
        given_counts = {v: n for v, n in found.counts.get(facet, {}).items() if n}
        assert given_counts == tally, (facet, actor)
    assert set(filters) <= set(FACETS)


def _passes(row: Innovation, filters: dict[str, list[str]]) -> bool:
    return all(not v or set(v) & set(_values(row, name)) for name, v in filters.items())


def _values(row: Innovation, facet: str) -> list[str]:
    if facet == "care_setting":
        return [term.code for term in row.terms]
    if facet == "proven":
        return ["yes" if row.is_proven_until and row.is_proven_until >= today() else "no"]
    term = row.category if facet == "category" else row.stage
    return [term.code] if term else []


def _record(
    cast: Cast,
    *,
    sharing: Sharing,
    status: RecordStatus,
    of: str,
    category: str,
    stage: str,
    word: str,
    settings: set[str],
    proven: int | None,
) -> Innovation:
    row = makers.innovation(
        f"The {word}",
        of=getattr(cast, of),
        sharing=sharing,
        status=status,
        category=makers.term(Vocabulary.CATEGORY, category),
        stage=makers.term(Vocabulary.DEVELOPMENT_STAGE, stage),
        terms=[makers.term(Vocabulary.CARE_SETTING, code) for code in sorted(settings)],
    )
    if proven:
        makers.proven(row, days=proven)
    db.session.flush()
    return row


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_download_holds_only_what_its_reader_may_see(
    cast: Cast, up_to_date: Apply, client: PageClient, kind: str
) -> None:
    makers.innovation("Secret kiwi", of=cast.innovator, sharing=Sharing.HINS)
    makers.innovation("Open kiwi", of=cast.innovator, sharing=Sharing.PUBLIC)
    up_to_date()
    _count, rows = asking.find_all(Actor(), SearchQuery("kiwi"), queries.choices())
    assert [row.name for row in rows] == ["Open kiwi"]
    assert b"Secret" not in client.get(f"/search.{kind}?q=kiwi").data
