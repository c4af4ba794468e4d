"""One of very many: found by words that are typed, then chosen where several fit."""

from collections.abc import Callable, Sequence
from typing import Any

from flask import request
from wtforms.utils import unset_value
from wtforms.validators import StopValidation

from portal import text
from portal.web import widgets
from portal.web.base_fields import PortalField
from portal.web.validators import Required

MAX_TYPED = 200
FIND = "find"
"""The name of the button that looks without saving."""

Named = tuple[str, str, str]
"""A value, what it is called, and a hint that tells it from others."""


def is_looking() -> bool:
    """Whether the form was sent by the button that looks, so that nothing is saved or refused."""
    return FIND in request.form


class LookupField(PortalField):
    """Words to look for, giving the value of what they name, or of what was chosen among several.

    ``find`` returns what fits some words, ``named`` the one that some words name and nothing else,
    ``known`` what a value is called. ``suggest`` is the address of suggestions while one types.
    """

    widget = widgets.LookupWidget()

    def __init__(
        self,
        label: str | None = None,
        validators: Any = (),
        *,
        find: Callable[[str], Sequence[Named]],
        named: Callable[[str], Named | None],
        known: Callable[[str], str],
        suggest: str = "",
        **kwargs: Any,
    ) -> None:
        """Take how things are found."""
        self.find, self.named, self.known, self.suggest = find, named, known, suggest
        self.typed = ""
        self.found: Sequence[Named] = ()
        """What may be chosen, where several fit."""
        super().__init__(label, validators, **kwargs)

    @property
    def choice_name(self) -> str:
        """Return the name of the radios."""
        return f"{self.name}-choice"

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        """Read the record's value, then what was typed and chosen when the form was sent."""
        super().process(None, data, extra_filters)
        if formdata is None or self.name not in formdata:
            self.typed = self.known(self.data) if self.data else ""
            return
        self.typed = text.clean((formdata.getlist(self.name) or [""])[0])[:MAX_TYPED]
        self.raw_data = [self.typed]
        self.data = self._read((formdata.getlist(self.choice_name) or [""])[0])

    def look(self, typed: str) -> None:
        """Show what fits some words that nobody typed here."""
        self.typed = typed
        self.found = self.find(typed)

    def _read(self, chosen: str) -> str | None:
        if not self.typed:
            return None
        one = self.named(self.typed)
        if one is not None and chosen in ("", one[0]):
            return one[0]
        self.found = self.find(self.typed)
        picked = next((item for item in self.found if item[0] == chosen), None)
        if picked is None:
            return None
        self.found, self.typed = (), self.known(picked[0])
        return picked[0]

    @property
    def is_blank(self) -> bool:
        """Say whether nothing was typed."""
        return not self.typed

    def pre_validate(self, form: Any) -> None:
        """Refuse words that name nothing, or several things of which none was chosen."""
        if self.is_blank or self.data is not None:
            return
        if self.found:
            raise StopValidation(f"{self.what}: select one of those that fit")
        way_out = "" if self._is_required() else ", or leave it empty"
        raise StopValidation(
            f"{self.what}: nothing fits “{self.typed[:60]}”. Check the spelling{way_out}"
        )

    def _is_required(self) -> bool:
        return any(isinstance(one, Required) for one in self.validators)

    @property
    def error_href(self) -> str:
        """Return where the error summary leads: the first of what fits, or the words."""
        return f"#{self.id}-choice-1" if self.found else f"#{self.id}"

    @property
    def is_looked_up(self) -> bool:
        """Say whether the page answers somebody who only looked."""
        return is_looking()

    def shown(self) -> str:
        """Return what was typed, or what the record's value is called."""
        return self.typed
