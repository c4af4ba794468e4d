"""What a new field of the record must reach, or be excused from with a reason.

Search, matching and the cross-tab name the fields that they read, so that one forgotten there
breaks nothing and is simply not found, matched or counted. Here every question of the record
answers one thing, then another, and the test sees whether the document changed.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from portal import rooms
from portal.accounts.models import Organisation
from portal.figures.dimensions import Dimension
from portal.innovations.models import (
    EvidenceFile,
    Innovation,
    Nation,
    RecordStatus,
    Sharing,
    StandardStatus,
)
from portal.innovations.sections.questions import PARTS, TEXTS, Kind, Part, Question
from portal.matching.documents import solution_of
from portal.matching.engine import ENGINE_VERSION
from portal.reference.models import Hin, Ics, Region, Site, Term
from portal.search import documents, listeners
from portal.search.documents import FIELD_LABELS

TODAY = date(2022, 6, 1)
CONFIDENTIAL = "commercial in confidence: other readers must not find it or be told of it"
NUMBERS = "shown and compared on the record; a sum of pounds is no word to search by"
FILES = "what a file says is read by who saves it; title and result say it in words"
ADDRESS = "an address, which nobody searches by or is matched on"

NOT_SEARCHED: Mapping[str, str] = {
    "about.website": ADDRESS,
    "about.main_purpose": "the purposes that search reads are those among the record's terms",
    "about.nation": "where its people are based says nothing of what it does; ICS and HIN filter",
    "about.postcode": CONFIDENTIAL,
    "evidence.kind": "title and result are searched; the cross-tab filters by kind",
    "evidence.type": "title and result are searched; the method stands on the record",
    "evidence.on": "a day of the evidence is read with it, on the record",
    "evidence.link": ADDRESS,
    "evidence.files": FILES,
    "standards.reference": "a certificate number, read by those who check it",
    "costs.cost": NUMBERS,
    "costs.cost_basis": NUMBERS,
    "costs.saving": NUMBERS,
    "costs.saving_basis": NUMBERS,
    "costs.payback_months": NUMBERS,
    "costs.price_note": CONFIDENTIAL,
    "plans.plans": "what its people want next, not what it does",
    "plans.support_wanted": "asked of HINs, who read it on the record when they triage",
    "plans.programmes": "who helped it says nothing of what it does",
    "plans.commercial_plans": CONFIDENTIAL,
}
"""Questions whose answer no search document holds, and why."""

NOT_FIT = "says nothing of which problem it solves"
FEW = "a few general labels that fit most needs; the note beside them is compared"
NOT_MATCHED: Mapping[str, str] = {
    **{
        f"about.{name}": NOT_FIT
        for name in ("website", "stage", "nation", "postcode", "ics", "hin")
    },
    "need.benefits": FEW,
    "need.inequalities": FEW,
    **{f"evidence.{name}": NOT_FIT for name in ("kind", "type", "on", "link", "files")},
    **{f"standards.{name}": NOT_FIT for name in ("standard", "status", "reference")},
    **{
        f"costs.{name}": NOT_FIT
        for name in ("cost", "cost_basis", "saving", "saving_basis", "payback_months")
    },
    "costs.price_note": CONFIDENTIAL,
    **{
        f"use.{name}": "shown on the match; where it is used is not what it is for"
        for name in (
            "directory_site",
            "organisation",
            "organisation_named",
            "site",
            "from_on",
            "until_on",
        )
    },
    **{f"plans.{name}": NOT_FIT for name in ("plans", "support_wanted", "programmes")},
    "plans.commercial_plans": CONFIDENTIAL,
}
"""Questions whose answer the matching engine does not compare, and why."""

COUNTED_BY: Mapping[str, str] = {
    "about.category": "category",
    "about.main_purpose": "main_purpose",
    "about.stage": "stage",
    "about.areas": "area",
    "about.ics": "ics",
    "about.hin": "first_hin",
    "need.care_settings": "care_setting",
    "need.conditions": "condition",
    "need.benefits": "benefit",
    "need.inequalities": "inequality",
    "evidence.kind": "evidence_kind",
    "standards.standard": "standard",
    "standards.status": "standard",
    "use.directory_site": "in_use",
    "use.organisation": "in_use",
    "use.from_on": "in_use",
    "use.until_on": "in_use",
}
"""By which dimension of the cross-tab the answer is counted."""
AMOUNT = "an amount: counted by bands, if ever, which nobody has defined yet"
NOT_COUNTED: Mapping[str, str] = {
    "about.nation": "older records have none; region and ICS tell where in England",
    "evidence.type": "a record is counted by what its evidence shows, not by each method",
    "evidence.files": "how many files there are says nothing of the record",
    "evidence.on": "a day of one piece of evidence, not of the record",
    **{f"costs.{name}": AMOUNT for name in ("cost", "saving", "payback_months", "patients_a_year")},
    "plans.support_wanted": "asked anew with every edit; HINs read it case by case",
    "plans.programmes": "told by the innovator, and not yet checked by a programme",
}
"""Coded, numbered and dated questions that are no dimension, and why. Texts never are."""

QUESTIONS: Mapping[str, tuple[Part, Question]] = {
    f"{part.section.value}.{question.name}": (part, question)
    for part in PARTS.values()
    for question in part.questions
}
DAYS = {
    "on": (date(2020, 1, 1), date(2021, 1, 1)),
    "from_on": (date(2020, 1, 1), date(2100, 1, 1)),
    "until_on": (date(2100, 1, 1), date(2021, 1, 1)),
}
PLAIN: Mapping[Kind, tuple[Any, Any]] = {
    **dict.fromkeys(TEXTS, ("one text", "another text")),
    Kind.POUNDS: (Decimal(100), Decimal(200)),
    Kind.WHOLE: (100, 200),
    Kind.STATUS: (StandardStatus.YES, StandardStatus.NOT_YET),
    Kind.NATION: (Nation.ENGLAND, Nation.WALES),
    Kind.FILES: ([EvidenceFile(name="a")], [EvidenceFile(name="b")]),
}


def _answer(question: Question, *, other: bool) -> Any:
    """Return one of two answers to a question, as it stands on the row."""
    if question.kind is Kind.DAY:
        return DAYS[question.name][other]
    if question.kind in PLAIN:
        return PLAIN[question.kind][other]
    word = f"{question.name} {'b' if other else 'a'}"
    if question.vocabulary is not None:
        return Term(vocabulary=question.vocabulary, code=word, label=word, group=word, position=1)
    if question.kind is Kind.ORGANISATION:
        return Organisation(name=word) if other else None
    if question.kind is Kind.SITE:
        return Site(code=word, name=word) if other else None
    region = Region(code=word, name=word)
    place = Ics if question.kind is Kind.ICS else Hin
    return place(code=word, name=word, region=region)


def _set(row: Any, question: Question, answer: Any) -> None:
    if question.is_many:
        row.terms = [t for t in row.terms if t.vocabulary is not question.vocabulary] + [answer]
    else:
        setattr(row, question.name, answer)


def _record(changed: str = "", without: str = "") -> Innovation:
    """Return a submitted record that answers everything, one question of it otherwise.

    It is never added to a session. `without` leaves an answer out, that another may show.
    """
    record = Innovation(
        status=RecordStatus.SUBMITTED,
        sharing=Sharing.PUBLIC,
        organisation_id=1,
        organisation=Organisation(name="Maker"),
    )
    for part in PARTS.values():
        row: Any = record if part.row is None else part.row()
        for question in part.questions:
            name = f"{part.section.value}.{question.name}"
            if name != without:
                _set(row, question, _answer(question, other=name == changed))
        if part.is_list:
            getattr(record, part.rows).append(row)
    return record


def _hides(name: str) -> str:
    """Return the question whose answer stands in front of this one's."""
    return {"about.hin": "about.ics"}.get(name, "")


def _read_by(reads: Callable[[Innovation], object]) -> set[str]:
    """Return the questions whose answer changes what `reads` makes of a record."""
    return {
        name
        for name in QUESTIONS
        if reads(_record(name, _hides(name))) != reads(_record(without=_hides(name)))
    }


def _searched() -> set[str]:
    return _read_by(lambda record: documents.document(record, today=TODAY, version=1))


def _dimensions() -> dict[str, Dimension]:
    return {one.code: one for found in rooms.DIMENSIONS for one in found.dimensions}


def test_every_question_has_its_column_or_its_terms() -> None:
    columnless = [
        name
        for name, (part, question) in QUESTIONS.items()
        if not question.is_many
        and not hasattr(Innovation if part.row is None else part.row, question.name)
    ]
    assert not columnless, f"add a column to innovations/models/record.py for each: {columnless}"


def _decided(forgotten: set[str], todo: str, stale: set[str]) -> None:
    """Fail for questions of which nobody decided, and for reasons that do not hold any more."""
    assert not forgotten, f"{todo}: {sorted(forgotten)}"
    assert not stale, f"take these out of the list of this test: {sorted(stale)}"


def test_every_question_is_searched_or_says_why_not() -> None:
    silent = set(QUESTIONS) - _searched()
    _decided(
        silent - set(NOT_SEARCHED),
        "add these to search/documents.py, or say in NOT_SEARCHED here why not",
        set(NOT_SEARCHED) - silent,
    )


def test_every_text_of_the_search_document_has_its_name_on_pages_and_in_the_guide() -> None:
    found = documents.document(_record(), today=TODAY, version=1)
    assert found is not None
    nameless = set(found.fields) - set(FIELD_LABELS)
    assert not nameless, f"give these a name in FIELD_LABELS (search/documents.py): {nameless}"
    guide = Path("docs/search.md").read_text(encoding="utf-8")
    asked = re.search(r"a word in one field \(`([^`]+)`\)", guide)
    assert asked
    assert set(asked[1].split()) == set(FIELD_LABELS), "the fields that docs/search.md names"


def test_what_search_reads_it_also_watches() -> None:
    """A change that nobody watches would be found only when the index is made anew."""
    watched = listeners.WATCHED[Innovation]
    unheard = []
    for name in _searched():
        part, question = QUESTIONS[name]
        if part.row is not None:
            is_heard = part.row in listeners.PARTS and part.rows in watched
        else:
            is_heard = ("terms" if question.is_many else question.name) in watched
        if not is_heard:
            unheard.append(name)
    assert not unheard, f"add these to WATCHED in search/listeners.py: {unheard}"


def test_every_question_is_matched_or_says_why_not() -> None:
    apart = set(QUESTIONS) - _read_by(solution_of)
    _decided(
        apart - set(NOT_MATCHED),
        "add these to matching/documents.py, or say in NOT_MATCHED here why not",
        set(NOT_MATCHED) - apart,
    )


MATCHED = ("5", 15)
"""The version of the matching engine, and how many questions it reads."""


def test_an_engine_that_reads_something_else_has_a_new_version() -> None:
    """By its version a match says how it was made, and older ones are made again at once."""
    assert (ENGINE_VERSION, len(_read_by(solution_of))) == MATCHED, (
        "raise ENGINE_VERSION (matching/engine/matcher.py) when it reads another question, and"
        " write both here"
    )


def test_every_question_that_can_be_counted_is_a_dimension_or_says_why_not() -> None:
    countable = {name for name, (_, question) in QUESTIONS.items() if question.kind not in TEXTS}
    assert not set(COUNTED_BY) & set(NOT_COUNTED)
    _decided(
        countable - set(COUNTED_BY) - set(NOT_COUNTED),
        "name the dimension (innovations/dimensions) in COUNTED_BY here, or say in NOT_COUNTED why"
        " there is none",
        (set(COUNTED_BY) | set(NOT_COUNTED)) - countable,
    )


def test_the_dimensions_that_count_questions_exist_and_have_their_words() -> None:
    dimensions = _dimensions()
    wrong = [
        name
        for name, code in COUNTED_BY.items()
        if code not in dimensions
        or QUESTIONS[name][1].vocabulary not in (None, dimensions[code].vocabulary)
    ]
    assert not wrong, (
        f"no dimension of innovations/dimensions has this code and vocabulary: {wrong}"
    )


def test_what_is_in_confidence_is_neither_searched_nor_matched() -> None:
    secret = {name for name, (_, question) in QUESTIONS.items() if question.is_confidential}
    assert secret <= set(NOT_SEARCHED) & set(NOT_MATCHED)
