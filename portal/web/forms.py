"""Forms: what was typed, what is wrong with it, and whether the record moved on meanwhile."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from flask import g, request
from flask_wtf import FlaskForm
from flask_wtf.form import _Auto, _is_submitted
from werkzeug.datastructures import CombinedMultiDict

from portal.errors import Conflict, Invalid, Outdated
from portal.web import typed
from portal.web.conflicts import words_of
from portal.web.csrf import LateCsrf
from portal.web.fields import FileField, HiddenVersion
from portal.web.opened import name_of
from portal.web.requests import PortalRequest


class _Problems:
    """The errors of a form as the error summary needs them."""

    _fields: dict[str, Any]
    form_errors: list[str]
    hrefs: Mapping[str, str | None] = {}
    """Where errors of the whole form are mended, by their words."""
    is_outdated = False
    """Whether a service refused because the record had been changed first."""
    when_outdated = (
        "What you typed is still here and was not saved. If it should stand after all, send it"
        " again."
    )
    """What `form_tag` says above the fields of an outdated form; "" where its page says more."""

    @contextmanager
    def refusals(self) -> Iterator[None]:
        """Turn what a service refuses inside (`Invalid`, `Conflict`) into errors of this form.

        Commit and return the redirect inside; what comes after shows the form again, as typed.
        """
        try:
            yield
        except Invalid as refusal:
            self.refuse(str(refusal), refusal.field if refusal.field in self._fields else None)
        except Conflict as refusal:
            self.outdate(refusal)

    def outdate(self, refusal: Conflict) -> None:
        """Say in the form's own words that somebody was first."""
        self.is_outdated = True
        self.refuse(words_of(refusal))

    @property
    def status(self) -> int:
        """Return the status of the page that shows this form: 409 when it is outdated."""
        return 409 if self.is_outdated else 200

    @property
    def problems(self) -> list[dict[str, str | None]]:
        """Return ``{text, href}`` for the first error of every field, then the form's own."""
        found: list[dict[str, str | None]] = [
            {"text": str(field.errors[0]), "href": _href(field)}
            for field in self._fields.values()
            if field.errors
        ]
        return found + [{"text": str(e), "href": self.hrefs.get(str(e))} for e in self.form_errors]

    @property
    def has_files(self) -> bool:
        """Say whether the form must be sent in parts, because it has a file."""
        return any(isinstance(field, FileField) for field in self._fields.values())

    def refuse(self, message: str, field: str | None = None, *, href: str = "") -> None:
        """Add an error that only a service could find, to a field or to the whole form; `href` is
        where one of the whole form is mended, as in a row that the form's page writes itself."""
        if field is None:
            self.form_errors.append(message)
            self.hrefs = {**self.hrefs, message: href or None}
        else:
            self._fields[field].errors = [*self._fields[field].errors, message]


def _href(field: Any) -> str | None:
    """Return where the error of ``field`` can be mended, None for hidden ones."""
    if getattr(field.flags, "hidden", None):
        return None
    return getattr(field, "error_href", f"#{field.id}")


def _sent() -> CombinedMultiDict[str, Any]:
    """Return files and fields as they were sent: each field cleans its own, and says so. A form
    sent without any field is sent all the same."""
    typed = request.typed if isinstance(request, PortalRequest) else request.form
    return CombinedMultiDict([request.files, typed])


class PortalForm(_Problems, FlaskForm):
    """A form that is sent with POST and carries a token against forged requests.

    `form_tag` adds who opened it and a one-time key (`portal.web.opened`). After a session ended,
    the page that comes back shows what was typed before (`portal.web.kept`).
    """

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        typed.know_form(cls)

    class Meta(FlaskForm.Meta):
        """Where the form's data come from, and its token."""

        csrf_class = LateCsrf

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """Return what was sent, or what was kept of this form when it could not be saved."""
            if formdata is not _Auto:
                return super().wrap_formdata(form, formdata)
            if _is_submitted():
                return _sent()
            before = g.get("kept")
            if before is None or before.form != name_of(form):
                return None
            g.kept_is_shown = True
            return before.formdata

    def is_submitted_and_valid(self) -> bool:
        """Say whether the form was sent and every field is right."""
        return bool(self.validate_on_submit())


class VersionedForm(PortalForm):
    """A form about a record that others may change at the same time.

    The record needs a whole-number ``version``; the service compares it with
    ``form.version.data`` and raises ``Conflict`` when they differ. The page that says so carries
    the version that is stored now: who has read what was changed may send the form once more.
    """

    version = HiddenVersion()

    def outdate(self, refusal: Conflict) -> None:
        """Say so, and carry the version of what is stored now."""
        super().outdate(refusal)
        stored = refusal.row if isinstance(refusal, Outdated) else None
        self.version.data = getattr(stored, "version", self.version.object_data)


class FilterForm(_Problems, FlaskForm):
    """A form whose answers live in the address: sent with GET, no token."""

    class Meta(FlaskForm.Meta):
        """No token: reading changes nothing."""

        csrf = False

    def __init__(self, formdata: Any = None, **kwargs: Any) -> None:
        """Read the query string unless other data are given."""
        super().__init__(formdata=request.args if formdata is None else formdata, **kwargs)
