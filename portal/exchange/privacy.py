"""Where people stand in what the Exchange publishes."""

from portal.clock import day_of
from portal.exchange.models import ContentPicture, VisitMark
from portal.personal import Place, Retention, deleting

FOR_A_DAY = "Deleted the next day"
_PICTURE = ContentPicture.place("pictures of the Exchange")

PLACES = (
    Place(
        "content_item",
        "items of the Exchange",
        typed="title summary answers source returned_why retired_why pending",
        plain="link time_zone stems title_stems related",
    ),
    Place("content_result", "results of case studies", typed="what method period", plain="unit"),
    Place(
        _PICTURE.table,
        _PICTURE.what,
        typed=f"{_PICTURE.typed} alt credit consent",
        plain=_PICTURE.plain,
        files=_PICTURE.files,
    ),
    # Cut short, made with a secret of the day, and gone the next: nothing leads back to anybody.
    Place("visit_salt", hidden="salt", stays=FOR_A_DAY),
    Place("visit_mark", plain="page", hidden="mark", stays=FOR_A_DAY),
    Place("visit_count", "visitors by page and day", plain="page"),
    Place("content_link", plain="url said"),
    Place("content_following", "what is followed on the Exchange", typed="asked", theirs="user_id"),
    Place("content_version", "versions of items", typed="words content", plain="step"),
    Place(
        "area_fact",
        "facts on the pages of areas",
        typed="words more state unit counts period partners note",
        plain="code qualifier link source",
    ),
)

RETENTION = (
    Retention(
        code="visit_marks",
        what="Marks that a page of the Exchange was opened, made of a secret of the day, the page,"
        " the address and the kind of browser, and cut short",
        why="Visitors are counted by page and day, without cookies and without keeping addresses;"
        " programs that read pages are left out",
        done="Deleted, with the secret of the day; numbers by page and day stay",
        days=1,
        floor=1,
        ceiling=1,
        **deleting(VisitMark, lambda before: VisitMark.day < day_of(before)),
    ),
)
