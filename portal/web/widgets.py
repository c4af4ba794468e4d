"""How fields look: each widget renders the whole NHS.UK form group."""

from typing import Any

from flask import current_app
from markupsafe import Markup
from wtforms import Field

# What a page may say about one field's look; every other keyword becomes an HTML attribute.
LOOK = (
    "width",
    "rows",
    "prefix",
    "suffix",
    "autocomplete",
    "spellcheck",
    "inputmode",
    "inline",
    "small",
    "classes",
)


def component(folder: str, macro: str, params: dict[str, Any]) -> Markup:
    """Return the NHS.UK component ``macro`` rendered with ``params``."""
    template = current_app.jinja_env.get_template(f"nhsuk/components/{folder}/macro.jinja")
    return Markup(getattr(template.module, macro)(params))  # noqa: S704 - escaped by the macro


def kit_macro(name: str, *args: object, **kwargs: object) -> Markup:
    """Return one of our own macros from ``macros/fields.html``, rendered."""
    template = current_app.jinja_env.get_template("macros/fields.html")
    return Markup(getattr(template.module, name)(*args, **kwargs))  # noqa: S704 - as above


def label_of(field: Field, heading: bool, caption: str | None) -> dict[str, Any]:
    """Return the label or legend; as page heading it is the h1 with an optional caption."""
    label: dict[str, Any] = {"text": str(field.label.text), "size": "l" if heading else "s"}
    if heading:
        label["isPageHeading"] = True
        label["caption"] = {"text": caption} if caption else None
    return label


def group(field: Field, *, heading: bool, caption: str | None, hint: str | None) -> dict[str, Any]:
    """Return what every form group shares: name, hint and first error."""
    params: dict[str, Any] = {"id": field.id, "name": field.name}
    text = hint or field.description
    if text:
        params["hint"] = {"text": str(text), "id": f"{field.id}-hint"}
    if field.errors:
        params["errorMessage"] = {"text": str(field.errors[0]), "id": f"{field.id}-error"}
    return params


class InputWidget:
    """A one-line input."""

    folder, macro = "input", "input"

    def __init__(self, type_: str = "text", **look: Any) -> None:
        """Take the HTML type and the default look, such as ``width=10``."""
        self.type = type_
        self.look = look

    def __call__(
        self,
        field: Field,
        *,
        heading: bool = False,
        caption: str | None = None,
        hint: str | None = None,
        **kwargs: Any,
    ) -> Markup:
        """Return the form group; see ``LOOK`` for what ``kwargs`` may say."""
        look = {**self.look, **kwargs}
        params = group(field, heading=heading, caption=caption, hint=hint)
        params |= {"type": self.type, "label": label_of(field, heading, caption)}
        params |= {key: look.pop(key) for key in LOOK if key in look}
        params |= self.value(field)
        look.pop("id", None)
        return component(self.folder, self.macro, {**params, "attributes": look})

    def value(self, field: Field) -> dict[str, Any]:
        """Return what the input holds."""
        return {"value": field.shown()}


class PasswordWidget(InputWidget):
    """A password with a show button; never filled in again."""

    folder, macro = "password-input", "passwordInput"

    def value(self, field: Field) -> dict[str, Any]:
        """Return nothing: a password is not sent back."""
        return {}


class LongTextWidget(InputWidget):
    """A text area, with a character count when the field has a limit."""

    folder, macro = "character-count", "characterCount"

    def value(self, field: Field) -> dict[str, Any]:
        """Return the text and the limit that the count goes down from."""
        return {"value": field.shown(), "maxlength": field.max_length, "threshold": 75}


class FileWidget(InputWidget):
    """A file to send."""

    folder, macro = "file-upload", "fileUpload"

    def value(self, field: Field) -> dict[str, Any]:
        """Return nothing: browsers choose files themselves."""
        return {}


class DateWidget:
    """Day, month and year beside each other."""

    def __call__(
        self,
        field: Field,
        *,
        heading: bool = False,
        caption: str | None = None,
        hint: str | None = None,
        **kwargs: Any,
    ) -> Markup:
        """Return the form group with three inputs, the wrong ones marked."""
        params = group(field, heading=heading, caption=caption, hint=hint)
        legend = label_of(field, heading, caption)
        items = [self._item(field, part) for part in field.PARTS]
        return component(
            "date-input", "dateInput", {**params, "fieldset": {"legend": legend}, "items": items}
        )

    def _item(self, field: Field, part: str) -> dict[str, Any]:
        """Return one of the three inputs."""
        return {
            "id": f"{field.id}-{part}",
            "name": f"{field.name}-{part}",
            "label": {"text": part.capitalize()},
            "value": field.typed.get(part, ""),
            "width": 4 if part == "year" else 2,
            "error": part in field.wrong,
        }


class SelectWidget:
    """A drop-down list, plain HTML: it may be long."""

    def __call__(self, field: Field, **kwargs: Any) -> Markup:
        """Return the form group with the list."""
        return kit_macro("select", field, **kwargs)


class ChoicesWidget:
    """Radios or checkboxes, plain HTML; long or grouped lists fold away group by group."""

    def __init__(self, kind: str) -> None:
        """Take ``"radios"`` or ``"checkboxes"``."""
        self.kind = kind

    def __call__(self, field: Field, **kwargs: Any) -> Markup:
        """Return the form group; ``reveal={value: markup}`` shows more below a choice."""
        return kit_macro("choices", field, self.kind, **kwargs)


class LookupWidget:
    """Words to look for, a button that looks, and below what fits."""

    def __call__(self, field: Field, **kwargs: Any) -> Markup:
        """Return the form group."""
        return kit_macro("lookup", field, **kwargs)


class ConfirmWidget:
    """One checkbox with its own label."""

    def __call__(self, field: Field, **kwargs: Any) -> Markup:
        """Return the form group with the single checkbox."""
        return kit_macro("confirm", field)


class HiddenWidget:
    """A hidden input."""

    input_type = "hidden"
    field_flags = {"hidden": True}

    def __call__(self, field: Field, **kwargs: Any) -> Markup:
        """Return the bare input."""
        return kit_macro("hidden", field)
