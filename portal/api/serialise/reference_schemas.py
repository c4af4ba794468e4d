"""The shapes of reference data and of figures."""

from marshmallow import Schema, fields

from portal.api.serialise import meanings
from portal.api.serialise.meanings import says
from portal.api.serialise.schemas import CodedValue, coded, day, moment


class Successor(Schema):
    """What an ICS, or a part of it, became."""

    code = fields.String()
    on = fields.Date()
    part = fields.String()


class NameItem(Schema):
    """What a network or a system was called, and when; of one that was never renamed there may be
    none."""

    name = fields.String()
    valid_from = day()
    valid_to = day()


@says(meanings.SYSTEM)
class IcsItem(Schema):
    """An integrated care system, for as long as its boundary holds."""

    code = fields.String()
    name = fields.String()
    icb_name = fields.String()
    region = coded()
    valid_from = fields.Date()
    valid_to = day()
    names = fields.List(fields.Nested(NameItem))
    became = fields.List(fields.Nested(Successor))


class IcsList(Schema):
    """Every ICS that there is or was."""

    items = fields.List(fields.Nested(IcsItem))


class Area(Schema):
    """A network serves an ICS between two days."""

    ics = fields.String()
    is_lead = fields.Boolean()
    valid_from = fields.Date()
    valid_to = day()


@says(meanings.NETWORK)
class HinItem(Schema):
    """A Health Innovation Network."""

    code = fields.String()
    name = fields.String()
    region = coded()
    website = fields.String()
    names = fields.List(fields.Nested(NameItem))
    serves = fields.List(fields.Nested(Area))


class HinList(Schema):
    """Every network."""

    items = fields.List(fields.Nested(HinItem))


@says(meanings.TERM)
class TermItem(Schema):
    """A term of a vocabulary; retired ones stay for the records that hold them."""

    vocabulary = fields.String()
    code = fields.String()
    label = fields.String()
    group = fields.String()
    position = fields.Integer()
    definition = fields.String()
    retired_on = day()


class TermList(Schema):
    """Terms."""

    items = fields.List(fields.Nested(TermItem))


class Holiday(Schema):
    """A bank holiday in England."""

    on = fields.Date()
    name = fields.String()


class HolidayList(Schema):
    """Bank holidays."""

    items = fields.List(fields.Nested(Holiday))


class StageCountItem(Schema):
    """How many innovations of the nation stand at a stage of development."""

    stage = fields.Nested(CodedValue)
    phase = fields.String()
    innovations = fields.Integer()


class PipelineAnswer(Schema):
    """The nation's pipeline at the end of a day."""

    day = fields.Date()
    total = fields.Integer()
    stages = fields.List(fields.Nested(StageCountItem))


class FigureValue(Schema):
    """One number of a figure."""

    figure = fields.String(metadata={"description": "Its code, which stays"})
    label = fields.String()
    unit = fields.String()
    network = fields.String(
        allow_none=True, metadata={"description": "The code of a network; null is the nation"}
    )
    group = fields.String(metadata={"description": "Of which group; empty is all of them"})
    group_label = fields.String()
    value = fields.Float()


class FiguresAnswer(Schema):
    """The figures of a quarter."""

    quarter = fields.String()
    first_day = fields.Date()
    last_day = fields.Date()
    frozen_at = moment()
    values = fields.List(fields.Nested(FigureValue))


class QuarterItem(Schema):
    """A quarter whose figures are settled."""

    quarter = fields.String()
    label = fields.String()


class QuarterList(Schema):
    """The settled quarters, the newest first."""

    items = fields.List(fields.Nested(QuarterItem))


@says(meanings.DEFINITION)
class DefinitionItem(Schema):
    """What a figure counts."""

    figure = fields.String()
    label = fields.String()
    unit = fields.String()
    definition = fields.String()
    source = fields.String()


class DefinitionList(Schema):
    """Every figure."""

    items = fields.List(fields.Nested(DefinitionItem))
