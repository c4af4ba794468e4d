"""Who may bring what in. Pure."""

from collections.abc import Callable, Mapping

from portal.accounts.models import Actor, OrganisationKind
from portal.accounts.policy import can_administer
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


def can_import_accounts(actor: Actor) -> bool:
    """Whether the actor may bring organisations in, and invite people by a file."""
    return can_administer(actor) and actor.organisation_id is not None


def can_read_directory(actor: Actor) -> bool:
    """Whether the actor may bring the places of the national directory in line with its files."""
    return can_administer(actor)


MAY: Mapping[str, Callable[[Actor], bool]] = {
    "innovations": can_import_innovations,
    "challenges": can_import_challenges,
    "organisations": can_import_accounts,
    "people": can_import_accounts,
}
"""Who may bring in what, by the code of its kind."""


WHO = "Files are brought in by HIN, ICS and national staff, and by administrators."


def can_import(actor: Actor) -> bool:
    """Whether the actor may bring anything in."""
    return any(may(actor) for may in MAY.values())


def can_follow_claims(actor: Actor) -> bool:
    """Whether the actor may read what files of their organisation said to be proven."""
    return can_import_innovations(actor) or can_import_challenges(actor)


def can_register_on_behalf(actor: Actor) -> bool:
    """Whether the actor may register an innovation for its company."""
    return can_import_innovations(actor)


def can_see(actor: Actor, importing: Import) -> bool:
    """Whether the actor may look at an import: colleagues of whoever sent the file who may bring
    the same in. Administrators and the national team are of one organisation, and not alike."""
    may = MAY.get(importing.kind)
    return may is not None and may(actor) and actor.organisation_id == importing.organisation_id


def can_map(importing: Import) -> bool:
    """Whether its columns may be matched anew: as long as nothing was brought in."""
    return importing.state in {
        ImportState.READING,
        ImportState.MAPPING,
        ImportState.CHECKED,
        ImportState.STOPPED,
    }
