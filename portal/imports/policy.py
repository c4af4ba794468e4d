"""Who may bring what in. Pure."""

from portal.accounts.models import Actor, OrganisationKind
from portal.challenges.policy import can_post
from portal.imports.models import Import, ImportState

MAKERS = (
    OrganisationKind.COMPANY,
    OrganisationKind.CHARITY,
    OrganisationKind.UNIVERSITY,
    OrganisationKind.NHS_TRUST,
)
"""The kinds of organisation that a file may add: no ICS, HIN or national team comes by a file."""


def can_import_innovations(actor: Actor) -> bool:
    """Whether the actor may bring innovations in: HIN staff of their own area, national staff."""
    return actor.is_staff and actor.organisation_id is not None


def can_import_challenges(actor: Actor) -> bool:
    """Whether the actor may bring in the challenges of their own organisation."""
    return can_post(actor) and actor.organisation_id is not None


def can_import(actor: Actor) -> bool:
    """Whether the actor may bring anything in."""
    return can_import_innovations(actor) or can_import_challenges(actor)


def can_register_on_behalf(actor: Actor) -> bool:
    """Whether the actor may register an innovation for its company."""
    return can_import_innovations(actor)


def can_see(actor: Actor, importing: Import) -> bool:
    """Whether the actor may look at an import: colleagues of whoever sent the file."""
    return can_import(actor) and actor.organisation_id == importing.organisation_id


def can_map(importing: Import) -> bool:
    """Whether its columns may be matched anew: as long as nothing was brought in."""
    return importing.state in {
        ImportState.READING,
        ImportState.MAPPING,
        ImportState.CHECKED,
        ImportState.STOPPED,
    }
