"""The rows of list sections: pieces of evidence, standards, places of use."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from portal.accounts.session import current_actor
from portal.db import db
from portal.errors import NotFound
from portal.innovations.forms.answers import AnswersForm, form_for
from portal.innovations.models import Innovation
from portal.innovations.queries import editable_for
from portal.innovations.sections.answers import Answers, current_answers, version_of
from portal.innovations.sections.questions import STANDARDS, Part
from portal.innovations.services.drafts import save_draft
from portal.innovations.views import blueprint
from portal.innovations.views.saving import (
    Page,
    conflict_page,
    is_stale,
    part_named,
    typed_version,
)
from portal.innovations.views.sections import BASE
from portal.web.access import removes


@blueprint.route(f"{BASE}/edit/<section>/add", methods=["GET", "POST"])
def add_item(innovation_id: int, section: str) -> str | Response | Page:
    """Put one more row into the draft of a list section."""
    innovation, part = editable_for(current_actor(), innovation_id), _list_named(section)
    return _item_page(innovation, part, None)


@blueprint.route(f"{BASE}/edit/<section>/<int:number>", methods=["GET", "POST"])
def edit_item(innovation_id: int, section: str, number: int) -> str | Response | Page:
    """Change a row, counted from 1, in the draft of a list section."""
    innovation, part = editable_for(current_actor(), innovation_id), _list_named(section)
    return _item_page(innovation, part, number)


@blueprint.post(f"{BASE}/edit/<section>/<int:number>/remove")
@removes("innovations.edit_section")
def remove_item(innovation_id: int, section: str, number: int) -> Response:
    """Take a row out of the draft of a list section."""
    innovation, part = editable_for(current_actor(), innovation_id), _list_named(section)
    items = _items(innovation, part)
    if not 1 <= number <= len(items):
        raise NotFound(f"There is no such {part.item}.")
    _save(innovation, part, items[: number - 1] + items[number:], typed_version())
    flash(f"The {part.item} is out of the draft.", "success")
    return _to_list(innovation, part)


def _list_named(section: str) -> Part:
    part = part_named(section)
    if not part.is_list:
        raise NotFound("This section is no list.")
    return part


def _items(innovation: Innovation, part: Part) -> list[Answers]:
    return list(current_answers(innovation, part)["items"])


def _item_page(innovation: Innovation, part: Part, number: int | None) -> str | Response | Page:
    items = _items(innovation, part)
    if number is not None and not 1 <= number <= len(items):
        raise NotFound(f"There is no such {part.item}.")
    item: Answers = {"id": None} if number is None else items[number - 1]
    form = form_for(
        part.questions, item, version=version_of(innovation, part.section), is_final=True
    )
    if not form.is_submitted_and_valid() or _is_twice(form, part, items, number):
        return render_template(
            "innovations/item.html", form=form, innovation=innovation, part=part, number=number
        )
    if is_stale(form, innovation, part):
        return conflict_page(form, innovation, part, action=_add_url(innovation, part))
    place = len(items) if number is None else number - 1
    changed = [*items[:place], {**item, **form.answers}, *items[place + 1 :]]
    _save(innovation, part, changed, form.version.data)
    return _to_list(innovation, part)


def _is_twice(form: AnswersForm, part: Part, items: list[Answers], number: int | None) -> bool:
    """Whether a standard would stand in the list twice; the form then says so."""
    if part is not STANDARDS:
        return False
    others = [item for place, item in enumerate(items, start=1) if place != number]
    if form.answers["standard"] not in {item["standard"] for item in others}:
        return False
    form.refuse("Select a standard that is not in your list yet", "standard")
    return True


def _save(innovation: Innovation, part: Part, items: list[Answers], version: int) -> None:
    save_draft(
        innovation=innovation,
        section=part.section,
        answers={"items": items},
        version=version,
        by=current_actor(),
    )
    db.session.commit()


def _add_url(innovation: Innovation, part: Part) -> str:
    return url_for("innovations.add_item", innovation_id=innovation.id, section=part.section.value)


def _to_list(innovation: Innovation, part: Part) -> Response:
    return redirect(
        url_for("innovations.edit_section", innovation_id=innovation.id, section=part.section.value)
    )
