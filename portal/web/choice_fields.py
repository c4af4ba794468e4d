"""Fields with a list of choices, which may be given when the form is made or at run time."""

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from wtforms import BooleanField
from wtforms import SelectField as WtSelectField
from wtforms import SelectMultipleField as WtSelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import StopValidation

from portal.web import widgets
from portal.web.base_fields import PortalField
from portal.web.choices import choices as as_choices
from portal.web.choices import is_callback

MAX_UNFOLDED_CHOICES = 16  # a group list longer than this in all is folded away group by group
OUTSIDE = "Select an option from the list"


class _Choices(PortalField):
    """What single and multiple choices share."""

    @property
    def choices(self) -> list[SelectChoice] | None:
        """Return the choices; assign any of the shapes that ``web.choices`` knows."""
        given = WtSelectField.choices.fget(self)
        return None if given is None else as_choices(given)

    @choices.setter
    def choices(self, value: Any) -> None:
        WtSelectField.choices.fset(self, value if is_callback(value) else as_choices(value or ()))

    @property
    def groups(self) -> list[tuple[str | None, list[SelectChoice]]]:
        """Return the choices by group, in the order given; one unnamed group when flat."""
        found = groupby(self.choices or (), key=lambda choice: choice.optgroup)
        return [(name, list(members)) for name, members in found]

    @property
    def folds(self) -> bool:
        """Say whether the list is long enough to fold its groups away."""
        return len(self.groups) > 1 and len(self.choices or ()) > MAX_UNFOLDED_CHOICES

    def is_chosen(self, item: SelectChoice) -> bool:
        """Say whether ``item`` is (among) what was chosen."""
        if self.data is None:
            return False
        given = self.data if isinstance(self.data, list) else [self.data]
        return self.coerce(item.value) in given

    def chosen_among(self, items: Iterable[SelectChoice]) -> int:
        """Return how many of ``items`` were chosen."""
        return sum(self.is_chosen(item) for item in items)

    def _known(self) -> set[Any]:
        """Return every value that may be chosen."""
        return {self.coerce(item.value) for item in self.choices or ()}


class SelectField(_Choices, WtSelectField):
    """One of a list, as a drop-down with an empty first line."""

    widget: Any = widgets.SelectWidget()

    def __init__(
        self,
        label: str | None = None,
        validators: Any = (),
        *,
        choices: Iterable[Any] | Any = (),
        prompt: str = "Select an option",
        **kwargs: Any,
    ) -> None:
        """Take the choices and the text of the empty line."""
        self.prompt = prompt
        given = choices if is_callback(choices) else as_choices(choices)
        kwargs.setdefault("invalid_value_message", OUTSIDE)
        super().__init__(label, validators, choices=given, **kwargs)

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take the empty line as nothing chosen."""
        if valuelist and valuelist[0] == "":
            self.data = None
            return
        super().process_formdata(valuelist)

    def pre_validate(self, form: Any) -> None:
        """Refuse what is not on the list; say nothing when nothing was chosen."""
        if self.process_errors:
            raise StopValidation
        if not self.is_blank and self.data not in self._known():
            raise StopValidation(OUTSIDE)


class ChoiceField(SelectField):
    """One of a list, as radios."""

    widget = widgets.ChoicesWidget("radios")


class MultiChoiceField(_Choices, WtSelectMultipleField):
    """Any of a list, as checkboxes; long grouped lists are folded away group by group."""

    widget = widgets.ChoicesWidget("checkboxes")

    def __init__(
        self,
        label: str | None = None,
        validators: Any = (),
        *,
        choices: Iterable[Any] | Any = (),
        outside: str = OUTSIDE,
        **kwargs: Any,
    ) -> None:
        """Take the choices: flat, or ``(group, [choices])`` pairs; `outside` is said of others."""
        self.outside = outside
        given = choices if is_callback(choices) else as_choices(choices)
        kwargs.setdefault("invalid_value_message", outside)
        super().__init__(label, validators, choices=given, **kwargs)

    def pre_validate(self, form: Any) -> None:
        """Refuse what is not on the list."""
        if self.process_errors:
            raise StopValidation
        if not set(self.data or ()) <= self._known():
            raise StopValidation(self.outside)


def _yes_or_no(value: object) -> bool:
    """Return the truth behind "yes" and "no"."""
    if isinstance(value, bool):
        return value
    if value in ("yes", "no"):
        return value == "yes"
    raise ValueError(OUTSIDE)


class YesNoField(ChoiceField):
    """Yes or no as radios, giving True, False or, when not answered, None."""

    def __init__(self, label: str | None = None, validators: Any = (), **kwargs: Any) -> None:
        """Stand the two answers beside each other unless told otherwise."""
        kwargs.setdefault("inline", True)
        kwargs["choices"] = [("yes", "Yes"), ("no", "No")]
        super().__init__(label, validators, coerce=_yes_or_no, **kwargs)


class ConfirmField(PortalField, BooleanField):
    """One checkbox to confirm something."""

    widget = widgets.ConfirmWidget()

    @property
    def is_blank(self) -> bool:
        """Say whether it was left unticked."""
        return not self.data
