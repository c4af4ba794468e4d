"""What programs may ask of each address, and what they send to it.

What has no value unless it is sent is not there: `args.get("updated_since")`.
"""

from marshmallow import Schema, fields, validate

from portal.api.forms.fields import Base64, CleanText, Count, Moment, RowNumber
from portal.api.rules import MAX_CURSOR, MAX_PER_PAGE, PER_PAGE
from portal.files import MAX_NAME_LENGTH
from portal.imports.serialise.kinds import KINDS
from portal.reference.models import Vocabulary
from portal.search.rules import FACETS, Order
from portal.support.models import InteractionKind
from portal.support.rules.interactions import MAX_MINUTES, MINUTE_STEP
from portal.web.fields import MAX_LONG_TEXT_LENGTH, MAX_TEXT_LENGTH
from portal.web.spreadsheets import MAX_ROWS

MAX_ENGAGED, MAX_KINDS, MAX_PEOPLE, MAX_PERIODS = 50, 20, 50, 120
MAX_SENT = 16 * 1024 * 1024
"""Bytes of a file: in base64 it is a third longer, and must be within what the service takes."""


def _said(text: str) -> dict[str, str]:
    return {"description": text}


class Paged(Schema):
    """From where a list goes on, and how much of it is wanted."""

    cursor = fields.String(
        load_default="",
        validate=validate.Length(max=MAX_CURSOR),
        metadata=_said("From where to read on: as the answer before gave it"),
    )
    limit = fields.Integer(
        load_default=PER_PAGE,
        validate=validate.Range(min=1, max=MAX_PER_PAGE),
        metadata=_said("How many items an answer holds at most"),
    )


class Since(Paged):
    """A list of which only what changed lately is wanted."""

    updated_since = Moment(
        metadata=_said("Only what changed since: a moment with its zone, or a day")
        | {"type": "string", "examples": ["2026-11-28", "2026-11-28T09:30:00Z"]},
    )


class SearchArguments(Schema):
    """The search, as its page has it."""

    q = fields.String(load_default="", metadata=_said("Words, as typed into the page of search"))
    sort = fields.Enum(Order, by_value=True, load_default=Order.BEST)
    cursor = fields.String(load_default="", validate=validate.Length(max=MAX_CURSOR))


for _name, _heading in FACETS.items():
    SearchArguments._declared_fields[_name] = fields.List(
        fields.String(validate=validate.Length(max=200)),
        load_default=list,
        metadata=_said(f"{_heading}: a value that the answer's facets name; may be repeated"),
    )


class ChallengesArguments(Since):
    """Which challenges are wanted."""

    state = fields.String(load_default="open", validate=validate.OneOf(["open", "closed"]))


class OfRecord(Paged):
    """A list about one record or about all."""

    innovation = RowNumber(metadata=_said("Of this innovation alone"))


class InteractionsArguments(OfRecord):
    """Which interactions are wanted."""

    logged_since = Moment(
        metadata=_said("Only those logged since: a moment with its zone, or a day")
        | {"type": "string", "examples": ["2026-11-28"]},
    )


class TermsArguments(Schema):
    """Which vocabulary is wanted."""

    vocabulary = fields.Enum(Vocabulary, by_value=True)


class QuarterArguments(Schema):
    """Which quarter is wanted."""

    quarter = fields.String(
        load_default="",
        validate=validate.Length(max=20),
        metadata=_said("As 2026-27-Q1; the last one that is over unless said"),
    )


class DayArguments(Schema):
    """Which day is wanted."""

    day = fields.Date(metadata=_said("Today unless said"))


class FeedArguments(Paged):
    """From where the feed of changes is wanted."""

    since = Moment(
        metadata=_said("Only changes since: a moment with its zone, or a day")
        | {"type": "string", "examples": ["2026-11-28"]},
    )


class Marked(Schema):
    """A key by which what is sent counts once."""

    key = fields.String(
        load_default="",
        data_key="Idempotency-Key",
        validate=validate.Length(max=MAX_CURSOR),
        metadata=_said("Of your own choice, such as a UUID: sent again with it, it counts once"),
    )


class NewInteraction(Schema):
    """An interaction to be logged, with innovations that the token's network supports."""

    innovations = fields.List(
        RowNumber(strict=True), required=True, validate=validate.Length(min=1, max=MAX_ENGAGED)
    )
    kind = fields.Enum(InteractionKind, by_value=True, required=True)
    on = fields.Date(required=True, metadata=_said("The day, in England"))
    minutes = fields.Integer(
        strict=True,
        required=True,
        validate=validate.Range(min=MINUTE_STEP, max=MAX_MINUTES),
        metadata=_said("In quarters of an hour; shared among the innovations"),
    )
    support_kinds = fields.List(
        fields.String(validate=validate.Length(max=40)),
        required=True,
        validate=validate.Length(min=1, max=MAX_KINDS),
        metadata=_said("Codes of the vocabulary support_kind"),
    )
    title = CleanText(max_length=MAX_TEXT_LENGTH, load_default="")
    note = CleanText(max_length=MAX_LONG_TEXT_LENGTH, lines=True, load_default="")
    next_step = CleanText(max_length=MAX_TEXT_LENGTH, load_default="")
    next_on = fields.Date(load_default=None, allow_none=True)
    is_private = fields.Boolean(
        load_default=True, metadata=_said("Only staff of the network may read it")
    )
    people = fields.List(
        CleanText(max_length=MAX_TEXT_LENGTH),
        load_default=list,
        validate=validate.Length(max=MAX_PEOPLE),
    )
    organisations = fields.List(
        CleanText(max_length=MAX_TEXT_LENGTH),
        load_default=list,
        validate=validate.Length(max=MAX_PEOPLE),
    )


class NewImport(Schema):
    """A spreadsheet to be brought in: it is looked at, and nothing is written before you say so."""

    kind = fields.String(
        required=True,
        validate=validate.OneOf([one.code for one in KINDS.values() if one.is_by_api]),
    )
    name = CleanText(
        max_length=MAX_NAME_LENGTH, required=True, metadata=_said("Of the file, with its ending")
    )
    content = Base64(
        max_bytes=MAX_SENT,
        required=True,
        metadata=_said("The file in base64: CSV, XLSX, XLS or ODS, up to 16MB and 20,000 rows"),
    )
    source = CleanText(
        max_length=MAX_TEXT_LENGTH,
        load_default="",
        metadata=_said("Where the facts come from, and under which licence"),
    )
    sheet = CleanText(
        max_length=MAX_NAME_LENGTH, load_default="", metadata=_said("The first one unless said")
    )
    header_row = fields.Integer(
        strict=True,
        load_default=1,
        validate=validate.Range(min=1, max=MAX_ROWS),
        metadata=_said("On which row the names of the columns stand"),
    )
    columns = fields.Dict(
        keys=fields.String(validate=validate.Length(max=MAX_NAME_LENGTH)),
        values=fields.String(validate=validate.Length(max=MAX_TEXT_LENGTH)),
        load_default=dict,
        metadata=_said(
            "For each field the name of its column; unless said as in your organisation's last file"
        ),
    )


class NewStage(Schema):
    """At which stage of development an innovation is now."""

    stage = fields.String(
        required=True,
        validate=validate.Length(min=1, max=40),
        metadata=_said("A code of the vocabulary development_stage"),
    )


class PlaceArguments(Schema):
    """Of which place values are wanted."""

    place = fields.String(
        load_default="",
        validate=validate.Length(max=60),
        metadata=_said("The code of a place that counts the measure; your own area unless said"),
    )


class NewReading(Schema):
    """What was counted in one period; without a numerator what stands there is taken out."""

    on = fields.Date(required=True, metadata=_said("A day of the period, in England"))
    numerator = Count(required=True)
    denominator = Count(load_default=None)


class NewReadings(Schema):
    """What was counted at one place."""

    place = fields.String(
        load_default="",
        validate=validate.Length(max=60),
        metadata=_said("The code of a place that counts the measure; your own area unless said"),
    )
    readings = fields.List(
        fields.Nested(NewReading), required=True, validate=validate.Length(min=1, max=MAX_PERIODS)
    )
    source = CleanText(max_length=MAX_TEXT_LENGTH, load_default="")
    why = CleanText(
        max_length=MAX_TEXT_LENGTH,
        load_default="",
        metadata=_said("Needed where a number that stands is changed: it stays in the history"),
    )
