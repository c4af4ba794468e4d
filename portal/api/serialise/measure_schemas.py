"""The shapes of answers about measures over time."""

from marshmallow import Schema, fields

from portal.api.serialise.schemas import Listed


class MeasureItem(Schema):
    """A measure over time: its operational definition."""

    id = fields.Integer()
    name = fields.String()
    url = fields.String(metadata={"description": "Its page"})
    programme = fields.String()
    network = fields.String(
        allow_none=True, metadata={"description": "The network whose own it is; null for all"}
    )
    kind = fields.String()
    rhythm = fields.String()
    chart = fields.String()
    direction = fields.String()
    numerator = fields.String()
    denominator = fields.String()
    exclusions = fields.String()
    unit = fields.String()
    per = fields.Integer()
    is_patients = fields.Boolean(
        metadata={"description": "Whether patients are counted: then few of them are hidden"}
    )


class Measures(Listed):
    """Measures over time."""

    items = fields.List(fields.Nested(MeasureItem))


class MeasuredPlace(Schema):
    """A place that counts a measure."""

    code = fields.String()
    name = fields.String()


class MeasureRead(MeasureItem):
    """A measure with the places that count it, and its elements."""

    places = fields.List(fields.Nested(MeasuredPlace))
    elements = fields.List(fields.Integer())


class MeasureValue(Schema):
    """A point of a chart, as its page shows it."""

    on = fields.Date(metadata={"description": "The first day of the period"})
    period = fields.String()
    numerator = fields.Float(allow_none=True)
    denominator = fields.Float(allow_none=True)
    value = fields.Float(allow_none=True)
    is_hidden = fields.Boolean(
        metadata={"description": "Something was counted that you may not see"}
    )
    centre = fields.Float(allow_none=True)
    lower = fields.Float(allow_none=True)
    upper = fields.Float(allow_none=True)
    target = fields.Float(allow_none=True)
    words = fields.String(metadata={"description": "Why the point is marked; empty for no reason"})


class MeasureValues(Schema):
    """A chart of one place, as the reader may see it."""

    measure = fields.Integer()
    place = fields.String()
    is_exact = fields.Boolean(
        metadata={"description": "Whether counts are shown as they are, not rounded"}
    )
    items = fields.List(fields.Nested(MeasureValue))


class Entered(Schema):
    """What became of readings that were sent."""

    measure = fields.Integer()
    place = fields.String()
    changed = fields.Integer(
        metadata={"description": "Periods that were entered or changed; others stood so already"}
    )
