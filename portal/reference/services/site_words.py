"""Keep the words by which places are found."""

from collections.abc import Iterable, Sequence
from typing import Protocol

from sqlalchemy import delete, insert

from portal.db import db
from portal.reference.models import SiteWord
from portal.reference.rules.places import words_of


class Findable(Protocol):
    """A place, or what is known of one that was just written."""

    @property
    def id(self) -> int:
        """Its number."""

    @property
    def code(self) -> str:
        """Its ODS code."""

    @property
    def name(self) -> str:
        """What it is called."""

    @property
    def town(self) -> str:
        """Where it is."""

    @property
    def postcode(self) -> str:
        """Its postcode."""


def put_words(sites: Sequence[Findable], *, is_new: bool = False) -> None:
    """Let places be found by the words that they have now; with `is_new` they had none."""
    if not sites:
        return
    if not is_new:
        ids = [site.id for site in sites]
        db.session.execute(delete(SiteWord).where(SiteWord.site_id.in_(ids)))
    pairs = sorted((word, site.id) for site in sites for word in _words(site))
    # In the order of the index: it is written from one end to the other.
    rows = [{"word": word, "site_id": site_id} for word, site_id in pairs]
    db.session.execute(insert(SiteWord), rows)


def _words(site: Findable) -> Iterable[str]:
    return words_of(site.name, site.town, site.postcode, site.code)
