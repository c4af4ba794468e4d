"""What the pages about places of use ask."""

from typing import Any, Self

from flask import request

from portal.reference.models import Site, SiteState
from portal.reference.queries.sites import find_sites, site_by_code, site_label, site_named
from portal.web.fields import LookupField
from portal.web.forms import PortalForm
from portal.web.lookup_field import Named, is_looking
from portal.web.validators import Required


def _about(site: Site) -> Named:
    run_by = f"run by {site.parent.name}" if site.parent else ""
    closed = "closed" if site.state is SiteState.CLOSED else ""
    about = ", ".join(filter(None, (site.where, site.code, site.kind.label, run_by, closed)))
    return site.code, site.name, about


def _named(typed: str) -> Named | None:
    site = site_named(typed)
    return _about(site) if site else None


SITES_LOOKED_UP: dict[str, Any] = {
    "find": lambda typed: [_about(site) for site in find_sites(typed).sites],
    "named": _named,
    "known": lambda code: site_label(site_by_code(code)),
    "what": "Place",
}
"""How a place of the national directory is found."""


class AttachPlaceForm(PortalForm):
    """Which place of the directory is it?"""

    site = LookupField(
        "Place in the national directory",
        [Required("Enter the place")],
        description="Words of its name, its town or postcode, or its code.",
        **SITES_LOOKED_UP,
    )

    @classmethod
    def for_name(cls, name: str) -> Self:
        """Return the form; when it opens, with what fits a name that was entered."""
        form = cls()
        if request.method != "POST":
            form.site.look(name)
        return form

    def validate(self, extra_validators: Any = None) -> bool:
        """Check what was chosen; whoever only looks has not finished yet."""
        return not is_looking() and bool(super().validate(extra_validators))
