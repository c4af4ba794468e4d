"""What a browser sends: query strings and forms without what no database takes."""

from flask import Request
from werkzeug.datastructures import ImmutableMultiDict, MultiDict
from werkzeug.utils import cached_property

from portal.text import without_control

Texts = ImmutableMultiDict[str, str]


class PortalRequest(Request):
    """A request whose query string and form hold no control characters but tabs and line ends.

    Nobody types them on purpose, and PostgreSQL refuses a NUL wherever it looks for one. What was
    sent as it was is `typed`: fields of forms tell people what they took out.
    """

    @cached_property
    def args(self) -> Texts:
        """Return the query string."""
        return _cleaned(super().args)

    @property
    def typed(self) -> Texts:
        """Return the form as it was sent, for fields that clean it themselves."""
        self._load_form_data()
        return self._typed

    def _load_form_data(self) -> None:
        """Read the form once, and clean it before anybody sees it."""
        if "form" in self.__dict__:
            return
        super()._load_form_data()
        self._typed: Texts = self.__dict__["form"]
        self.__dict__["form"] = _cleaned(self._typed)


def _cleaned(given: MultiDict[str, str]) -> Texts:
    return ImmutableMultiDict(
        (without_control(name), without_control(value)) for name, value in given.items(multi=True)
    )
