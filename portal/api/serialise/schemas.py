"""The shapes of answers, as the document of the API says them."""

from marshmallow import Schema, fields

from portal.api.serialise import meanings
from portal.api.serialise.meanings import says


def moment() -> fields.AwareDateTime:
    """Return the field of a moment in UTC, null where there is none."""
    return fields.AwareDateTime(allow_none=True)


def day() -> fields.Date:
    """Return the field of a day, null where there is none."""
    return fields.Date(allow_none=True)


class CodedValue(Schema):
    """A term of a vocabulary, or a place."""

    code = fields.String()
    label = fields.String()


def coded() -> fields.Nested:
    """Return the field of something with a code, null where there is none."""
    return fields.Nested(CodedValue, allow_none=True)


class Problem(Schema):
    """Why a request was refused (RFC 9457)."""

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String()
    errors = fields.Dict(
        keys=fields.String(),
        values=fields.List(fields.String()),
        metadata={"description": "What is wrong, by the field in which it is"},
    )


class Listed(Schema):
    """What every list has beside its items."""

    next = fields.String(
        allow_none=True, metadata={"description": "The address of what follows; null at the end"}
    )


class Reason(Schema):
    """Why something was found: a field of the record, and what it says there."""

    field = fields.String()
    text = fields.String()


class InnovationResult(Schema):
    """A record that a search found, as its card shows it."""

    id = fields.Integer()
    name = fields.String()
    url = fields.String()
    organisation = fields.String()
    summary = fields.String()
    stage = fields.String()
    category = fields.String()
    proven_until = day()
    in_use_at = fields.List(fields.String())
    reasons = fields.List(fields.Nested(Reason))
    matched_fields = fields.List(fields.String())


class FacetValue(Schema):
    """One value of a filter, and how many results have it."""

    value = fields.String()
    label = fields.String()
    count = fields.Integer(allow_none=True)


class Facet(Schema):
    """A filter of the search."""

    name = fields.String()
    label = fields.String()
    values = fields.List(fields.Nested(FacetValue))


class SearchAnswer(Listed):
    """What a search found."""

    said = fields.String(metadata={"description": "The search in words"})
    total = fields.Integer()
    items = fields.List(fields.Nested(InnovationResult))
    facets = fields.List(fields.Nested(Facet))
    did_you_mean = fields.String(allow_none=True)


@says(meanings.RECORD)
class Record(Schema):
    """An innovation, as it stands in the list of innovations."""

    id = fields.Integer()
    name = fields.String()
    url = fields.String()
    organisation = fields.String()
    summary = fields.String()
    status = fields.String()
    stage = coded()
    category = coded()
    hin = coded()
    ics = coded()
    sharing = fields.String(allow_none=True)
    proven_until = day()
    submitted_at = moment()
    changed_at = moment()


class MergedRecord(Schema):
    """A record that was made one with another."""

    id = fields.Integer()
    merged_into = fields.Integer()


class Records(Listed):
    """Innovations, and which of those given out before must be forgotten."""

    items = fields.List(fields.Nested(Record))
    removed = fields.List(
        fields.Integer(),
        metadata={"description": "With updated_since: what you may see no more, by number"},
    )
    merged = fields.List(
        fields.Nested(MergedRecord),
        metadata={"description": "Those removed that were made one with another, and which"},
    )


@says(meanings.CHALLENGE)
class ChallengeItem(Schema):
    """A challenge; whom to write to is never in it."""

    id = fields.Integer()
    title = fields.String()
    url = fields.String()
    state = fields.String()
    organisation = fields.String()
    ics = coded()
    problem = fields.String()
    who_affected = fields.String()
    people_a_year = fields.Integer(allow_none=True)
    outcome_wanted = fields.String()
    must_haves = fields.String()
    care_settings = fields.List(fields.Nested(CodedValue))
    conditions = fields.List(fields.Nested(CodedValue))
    areas = fields.List(fields.Nested(CodedValue))
    needed_by = day()
    readers = fields.String()
    opened_at = moment()
    closed_at = moment()
    changed_at = moment()
    outcome = fields.String(allow_none=True)


class Challenges(Listed):
    """Challenges, and which of those given out before must be forgotten."""

    items = fields.List(fields.Nested(ChallengeItem))
    removed = fields.List(fields.Integer())


class MatchedInnovation(Schema):
    """The innovation of a match."""

    id = fields.Integer()
    name = fields.String()
    url = fields.String()
    organisation = fields.String()
    summary = fields.String()


class Match(Schema):
    """An innovation that may answer a challenge, and why."""

    innovation = fields.Nested(MatchedInnovation)
    rank = fields.Integer()
    is_proven = fields.Boolean()
    strength = fields.String()
    reason = fields.String()
    shared_words = fields.List(fields.String())
    facts = fields.List(fields.String())
    not_covered = fields.List(fields.String())
    judged = fields.String(allow_none=True)


class Matches(Schema):
    """The matches of a challenge, the proven ones first, each kind best first."""

    challenge = fields.Integer()
    items = fields.List(fields.Nested(Match))


@says(meanings.ENGAGEMENT)
class EngagementItem(Schema):
    """A network's work with an innovation."""

    id = fields.Integer()
    innovation = fields.Integer()
    innovation_name = fields.String()
    hin = coded()
    state = fields.String()
    level = fields.Integer(allow_none=True)
    lead = fields.String(allow_none=True)
    is_leading = fields.Boolean()
    opened_at = moment()
    picked_up_at = moment()
    decided_at = moment()
    due_on = day()


class Engagements(Listed):
    """Engagements."""

    items = fields.List(fields.Nested(EngagementItem))


@says(meanings.INTERACTION)
class InteractionItem(Schema):
    """An interaction, as far as it was about one innovation."""

    id = fields.Integer(metadata={"description": "Of this innovation's part"})
    interaction = fields.Integer()
    innovation = fields.Integer()
    innovation_name = fields.String()
    hin = coded()
    kind = fields.String()
    support_kinds = fields.List(fields.Nested(CodedValue))
    on = fields.Date()
    minutes = fields.Integer(metadata={"description": "This innovation's part"})
    minutes_in_all = fields.Integer()
    stands = fields.String(metadata={"description": "counts, corrected or withdrawn"})
    title = fields.String()
    note = fields.String()
    next_step = fields.String()
    next_on = day()
    people = fields.List(fields.String())
    organisations = fields.List(fields.String())
    is_private = fields.Boolean()
    logged_by = fields.String(allow_none=True)
    logged_at = moment()


class Interactions(Listed):
    """Interactions."""

    items = fields.List(fields.Nested(InteractionItem))


class WholeRecord(Schema):
    """A whole record; its parts are said in the documentation of the export.

    The moment of the export is left out, so that the same record has the same tag.
    """

    format = fields.String()
    id = fields.Integer()
    name = fields.String()
    organisation = fields.Dict()
    status = fields.String()
    sharing = fields.String()
    registered_at = fields.String(allow_none=True)
    submitted_at = fields.String(allow_none=True)
    changed_at = fields.String(allow_none=True)
    source_note = fields.String()
    is_demonstration = fields.Boolean()
    sections = fields.Dict()
    standards_checked = fields.List(fields.Dict())
    proven = fields.List(fields.Dict())
    stages = fields.List(fields.Dict())
    withheld = fields.List(fields.String())
    people = fields.Dict()
    status_changes = fields.List(fields.Dict())
    sharing_changes = fields.List(fields.Dict())
    drafts = fields.Dict()


class ImportItem(Schema):
    """A spreadsheet that is brought in, from its sending to its end."""

    id = fields.Integer()
    kind = fields.String()
    name = fields.String()
    url = fields.String(metadata={"description": "Its page"})
    state = fields.String(
        metadata={"description": "checking, checked, stopped, applying, applied, undoing, undone"}
    )
    message = fields.String()
    columns = fields.Dict(
        keys=fields.String(),
        values=fields.String(),
        metadata={"description": "The name of the column that answers each field"},
    )
    done = fields.Integer(metadata={"description": "Rows that the job has dealt with"})
    total = fields.Integer(allow_none=True)
    verdicts = fields.Dict(
        keys=fields.String(),
        values=fields.Integer(),
        metadata={"description": "How many rows are new, changes, same, duplicate, wrong …"},
    )
    results = fields.Dict(
        keys=fields.String(),
        values=fields.Integer(),
        metadata={"description": "How many rows were made, changed, left … once it is applied"},
    )


class ImportRowItem(Schema):
    """One row of a spreadsheet: what it is to the portal, and what became of it."""

    id = fields.Integer()
    line = fields.Integer(metadata={"description": "On which row of the sheet it stands"})
    name = fields.String()
    verdict = fields.String(allow_none=True)
    problems = fields.Dict(
        keys=fields.String(),
        values=fields.String(),
        metadata={"description": "What is wrong, by field; an empty one is the whole row"},
    )
    changes = fields.Dict(
        keys=fields.String(), metadata={"description": "Before and after, by field"}
    )
    record = fields.Integer(allow_none=True)
    result = fields.String(allow_none=True)


class ImportRows(Listed):
    """Rows of a spreadsheet."""

    items = fields.List(fields.Nested(ImportRowItem))


class Change(Schema):
    """Something changed, or must be forgotten."""

    noun = fields.String(metadata={"description": "innovation or challenge"})
    id = fields.Integer()
    what = fields.String(metadata={"description": "changed or removed"})
    at = moment()
    url = fields.String(allow_none=True, metadata={"description": "null for what was removed"})
    merged_into = fields.Integer(
        allow_none=True,
        metadata={"description": "The innovation with which a removed one was made one"},
    )


class Changes(Schema):
    """A part of the feed of changes."""

    items = fields.List(fields.Nested(Change))
    next = fields.String(metadata={"description": "The address to ask next, now or another day"})
    is_at_end = fields.Boolean()


class Who(Schema):
    """As whom a token acts."""

    name = fields.String()
    organisation = fields.String()
    role = fields.String()
    scopes = fields.List(fields.String())
    token = fields.Integer()
    expires_at = moment()


class NewStageAnswer(Schema):
    """At which stage of development an innovation is now."""

    id = fields.Integer()
    stage = coded()
    changed_at = moment()
