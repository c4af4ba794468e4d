"""What all fields share: their words, when they are blank, and where an error link leads."""

from typing import Any

from wtforms import Field

from portal.web.widgets import LOOK


class PortalField(Field):
    """A field that renders its whole form group and says errors in whole sentences.

    Beside WTForms' arguments it takes ``what`` (how errors call it, by default the label) and
    any of ``widgets.LOOK``, such as ``width=10``.
    """

    data: Any

    def __init__(
        self,
        label: str | None = None,
        validators: Any = (),
        *,
        what: str | None = None,
        **kwargs: Any,
    ) -> None:
        """Keep the look apart from WTForms' own arguments."""
        look = {key: kwargs.pop(key) for key in LOOK if key in kwargs}
        kwargs["render_kw"] = {**look, **(kwargs.get("render_kw") or {})}
        self._what = what
        super().__init__(label, validators, **kwargs)

    @property
    def what(self) -> str:
        """Return how errors call this field: "Start date", or "Your answer" to a question."""
        text = str(self.label.text).removesuffix(" (optional)").strip()
        return self._what or ("Your answer" if text.endswith("?") else text)

    @property
    def is_blank(self) -> bool:
        """Say whether nothing was given."""
        return self.data is None or self.data in ("", [])

    @property
    def error_href(self) -> str:
        """Return where the error summary leads: the input to mend."""
        return f"#{self.id}"

    def shown(self) -> str:
        """Return what the input shows: what was typed, else the value of the record."""
        return "" if self.data is None else str(self.data)
