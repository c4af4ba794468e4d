"""What was learnt, as a list."""

from portal.clock import day_of
from portal.improvement.models import Lesson
from portal.web.listing import Column, Listing


def _whose(row: Lesson) -> str:
    return row.hin.name if row.hin else "National team"


LESSONS: Listing[Lesson] = Listing(
    title="What was learnt",
    one="lesson",
    many="lessons",
    columns=(
        Column("What", lambda row: row.title, key="what", order=Lesson.title),
        Column("In words", lambda row: row.words, on_page=False),
        Column("For whom", lambda row: row.audience),
        Column("Programme", lambda row: row.programme.name),
        Column("From", _whose),
        Column("Kept", lambda row: day_of(row.at), key="kept", order=Lesson.at),
    ),
    default="-kept",
    tie=Lesson.id,
)
