"""Surveys as rows of a file, and the keys by which a place's link is known."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from itsdangerous import BadSignature, URLSafeSerializer

from portal.improvement.models import SurveyedPlace
from portal.improvement.rules.survey_templates import Template
from portal.improvement.rules.surveys import Counts, QuestionResult, people_words, said_at
from portal.web.downloads import Cell
from portal.web.keys import signer

HEADER = ("Place", "Code", "Answered", "Part", "Question", "Said so", "Of", "Percent")
TOGETHER = "All places together"


def key_of(place_id: int) -> str:
    """Return the key of a place's link: nothing is stored of it, and no number can be tried."""
    return str(_signer().dumps(place_id))


def place_behind(key: str) -> int | None:
    """Return the number of the place whose link it is, None for none."""
    try:
        found = _signer().loads(key)
    except BadSignature:
        return None
    return found if isinstance(found, int) else None


def _signer() -> URLSafeSerializer:
    return signer("survey")


def survey_rows(
    template: Template,
    together: Sequence[QuestionResult],
    places: Iterable[SurveyedPlace],
    counts: Mapping[int, Counts],
    responses: Mapping[int, int],
) -> Iterator[list[Cell]]:
    """Return a row for each question, of all places together and of each that may be named."""
    yield from _rows([TOGETHER, "", ""], together)
    for one in places:
        answered = people_words(responses.get(one.id, 0), template)
        about: list[Cell] = [one.site.name, one.site.code, answered]
        yield from _rows(about, said_at(template, counts.get(one.id, {})))


def _rows(about: list[Cell], said: Sequence[QuestionResult]) -> Iterator[list[Cell]]:
    for one in said:
        told: tuple[Cell, ...] = ("Not shown", "", "")
        if one.share:
            told = (one.share.part, one.share.whole, one.share.percent)
        yield [*about, one.question.part, one.question.words, *told]
