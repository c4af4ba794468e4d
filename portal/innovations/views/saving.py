"""What the pages with drafts share: which button was pressed, and the page of a conflict."""

from collections.abc import Sequence

from flask import render_template, request

from portal.accounts.models import Actor, User
from portal.accounts.session import current_actor
from portal.db import db
from portal.errors import NotFound
from portal.innovations.forms.answers import AnswersForm
from portal.innovations.models import Innovation, Section
from portal.innovations.queries.reading import AnswerRow, SectionRows, shown_parts
from portal.innovations.sections.answers import Answers, copy_of, current_answers, version_of
from portal.innovations.sections.questions import PARTS, Part
from portal.web.forms import VersionedForm

Page = tuple[str, int]


def part_named(slug: str) -> Part:
    """Return the section of an address; raises NotFound."""
    part = PARTS.get(Section(slug)) if slug in {s.value for s in Section} else None
    if part is None:
        raise NotFound("There is no such section.")
    return part


def is_submitting() -> bool:
    """Whether the button pressed is the one that submits, not the one that keeps a draft."""
    return request.form.get("action") == "submit"


def is_leaving() -> bool:
    """Whether the button pressed is the one that saves and leaves the rest for another time."""
    return request.form.get("then") == "leave"


def typed_version() -> int:
    """Return the version that a page of buttons was opened with; one that never was without it."""
    version: int | None = VersionedForm().version.data
    return -1 if version is None else version


def is_stale(form: AnswersForm, innovation: Innovation, part: Part) -> bool:
    """Whether somebody saved the section after this form was opened."""
    return bool(form.version.data != version_of(innovation, part.section))


def is_own(innovation: Innovation, part: Part, actor: Actor) -> bool:
    """Whether the actor saved the section last: a page that they went back to, or another tab."""
    copy = copy_of(innovation, part.section)
    return (
        copy is not None and copy.drafted_by_id is not None and copy.drafted_by_id == actor.user_id
    )


def conflict_page(
    form: AnswersForm, innovation: Innovation, part: Part, *, action: str = ""
) -> Page:
    """Return the page that shows what the other person saved beside what was typed here.

    The form keeps what was typed and carries the new version, so sending it again saves it.
    """
    form.version.data = version_of(innovation, part.section)
    copy = copy_of(innovation, part.section)
    other = db.session.get(User, copy.drafted_by_id) if copy and copy.drafted_by_id else None
    page = render_template(
        "innovations/conflict.html",
        is_own=is_own(innovation, part, current_actor()),
        form=form,
        innovation=innovation,
        part=part,
        copy=copy,
        other=other,
        pairs=[] if part.is_list else _differing(form, innovation, part),
        theirs=_shown(part, current_answers(innovation, part)),
        action=action,
        is_submitting=is_submitting(),
    )
    return page, 409


def _differing(
    form: AnswersForm, innovation: Innovation, part: Part
) -> Sequence[tuple[AnswerRow, AnswerRow]]:
    """Return the answers of both sides, of the questions that this form asked and that differ."""
    current = current_answers(innovation, part)
    asked = {question.name for question in form.questions}
    theirs = _shown(part, current).answers
    mine = _shown(part, {**current, **form.answers}).answers
    return [
        (their, my)
        for their, my in zip(theirs, mine, strict=True)
        if their.question.name in asked and their.value != my.value
    ]


def _shown(part: Part, answers: Answers) -> SectionRows:
    return shown_parts([(part, answers)], confidential=True)[0]
