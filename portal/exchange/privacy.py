"""Where people stand in what the Exchange publishes."""

from portal.exchange.models import ContentPicture
from portal.personal import Place

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
    Place("content_version", "versions of items", typed="words content", plain="step"),
    Place(
        "area_fact",
        "facts on the pages of areas",
        typed="words more state unit counts period partners note",
        plain="code qualifier link source",
    ),
)
