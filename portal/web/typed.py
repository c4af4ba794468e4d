"""What was sent, in words: each answer by the label of its field, a choice by the label it had.

For pages that show a form's answers without the form, because it could not be saved. They know the
form by its name alone: its fields are noted when its class is made.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from flask import g, has_request_context
from wtforms import BooleanField, HiddenField
from wtforms.fields.choices import SelectFieldBase
from wtforms.fields.core import UnboundField

from portal.web.choice_fields import YesNoField
from portal.web.choices import choices as as_choices
from portal.web.choices import is_callback
from portal.web.date_field import DateField

NOT_ANSWERS = {"version", "then", "action", "find"}
"""What a page sends beside the answers, where the form is not known."""
TO_CHOOSE_AGAIN = "Chosen from the list: please choose it again"
"""Said of a choice whose label only the page of the form knows: codes are nobody's words."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A field of a form: its label, and what each of its choices is called.

    `choices` is None where people type; empty where the choices are known to its page alone.
    """

    label: str
    choices: Mapping[str, str] | None = None
    is_date: bool = False
    is_hidden: bool = False


Fields = dict[str, Asked]

_CLASSES: dict[str, list[type]] = {}
"""The forms of the application by their names, which two rooms may share."""
_CHOICES: dict[str, set[str]] = {}
"""Which fields are choices in forms that are made while a page is answered."""


def know_form(made: type) -> None:
    """Note the class of a form.

    One that is made while a page is answered may carry words of one organisation's file: they are
    known to this request alone, and to others only which of its fields are choices.
    """
    if not has_request_context():
        _CLASSES.setdefault(made.__name__, []).append(made)
        return
    fields = _fields(made)
    g.setdefault("asked_forms", {})[made.__name__] = fields
    chosen = {key for key, asked in fields.items() if asked.choices is not None}
    _CHOICES.setdefault(made.__name__, set()).update(chosen)


def _fields(made: type) -> Fields:
    """Return the fields of a class, those that were added to it afterwards too."""
    found = ((key, _asked(getattr(made, key, None))) for key in dir(made))
    return {key: asked for key, asked in found if asked is not None}


def _fields_of(form: str) -> Fields:
    """Return what is known of the fields of the form that has this name."""
    known: Fields = {key: Asked("", {}) for key in _CHOICES.get(form, ())}
    for made in _CLASSES.get(form, ()):
        for key, asked in _fields(made).items():
            known[key] = _both(known.get(key), asked)
    now: dict[str, Fields] = g.get("asked_forms", {}) if has_request_context() else {}
    return {**known, **now.get(form, {})}


def _both(before: Asked | None, now: Asked) -> Asked:
    """Return what holds of a field in two forms of one name: words are words if they are in one."""
    if before is None or before == now:
        return now
    are_typed = before.choices is None or now.choices is None
    choices = None if are_typed else {**(before.choices or {}), **(now.choices or {})}
    is_date = before.is_date and now.is_date
    return Asked(now.label, choices, is_date, before.is_hidden and now.is_hidden)


def _asked(one: object) -> Asked | None:
    """Return what is known of a field of a class; None for what is no field."""
    if not isinstance(one, UnboundField) or not isinstance(one.field_class, type):
        return None
    label = str((one.args[0] if one.args else one.kwargs.get("label")) or "")
    return Asked(
        label.removesuffix(" (optional)"),
        _choices(one),
        is_date=issubclass(one.field_class, DateField),
        is_hidden=issubclass(one.field_class, HiddenField),
    )


def _choices(one: "UnboundField[Any]") -> Mapping[str, str] | None:
    if issubclass(one.field_class, BooleanField):
        return {"y": "Yes"}
    if not issubclass(one.field_class, SelectFieldBase):
        return None
    if issubclass(one.field_class, YesNoField):
        return {"yes": "Yes", "no": "No"}
    given = one.kwargs.get("choices")
    if given is None or is_callback(given):  # asking might need the database that is not there
        return {}
    return {str(item.value): item.label for item in as_choices(given)}


def answers_of(sent: Sequence[tuple[str, str]], form: str) -> list[tuple[str, str]]:
    """Return label and words of each answer among the fields `sent` with a form, in their order."""
    fields, found = _fields_of(form), []
    for key, members in groupby(sent, key=lambda pair: _key(pair[0], fields)):
        asked = _of(key, fields)
        words = _words(key, asked, [value for _, value in members if value.strip()])
        if words:
            found.append(((asked.label if asked else "") or _in_words(key), words))
    return found


def _of(name: str, fields: Fields) -> Asked | None:
    """Return the field behind a name as sent: rows put their number before it."""
    return fields.get(name) or fields.get(name.rpartition("-")[2])


def _key(name: str, fields: Fields) -> str:
    """Return the name of the field that a part belongs to: a date is sent in three."""
    whole, _, part = name.rpartition("-")
    asked = _of(whole, fields) if part in DateField.PARTS else None
    return whole if asked is not None and asked.is_date else name


def _in_words(name: str) -> str:
    return name.replace("_", " ").replace("-", " ").capitalize()


def _words(key: str, asked: Asked | None, values: Sequence[str]) -> str:
    """Return what the values of one field say; "" where nobody typed or chose anything."""
    if asked is None:
        return ", ".join(value for value in values if _is_typed(key, value))
    if asked.is_hidden or not values:
        return ""
    if asked.choices is None:
        return " ".join(values) if asked.is_date else ", ".join(values)
    labels = [asked.choices[value] for value in values if value in asked.choices]
    return ", ".join(labels) or TO_CHOOSE_AGAIN


def _is_typed(name: str, value: str) -> bool:
    """Say whether a person typed what came with no field that is known."""
    return not (value.isdigit() or name in NOT_ANSWERS or name.endswith("-choice"))
