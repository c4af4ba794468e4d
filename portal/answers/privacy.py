"""Where people stand in answers."""

from portal.answers.models import AnswerFile
from portal.personal import Place

PLACES = (
    Place(
        "answer",
        "answers to challenges",
        typed="evidence where_it_runs asked_of_ics cost_note decision_words",
    ),
    Place("answer_point", "how answers meet must-haves", typed="asked words"),
    Place("answer_change", "steps of answers", typed="words"),
    Place("answer_assessor", "people who assess answers", typed="interest_words"),
    Place("answer_assessment", "scores of answers", typed="words", plain="scores"),
    Place("answer_message", "messages about answers", typed="body"),
    AnswerFile.place("files about answers"),
    Place("answer_reader", "read marks of answers", theirs="user_id"),
)
