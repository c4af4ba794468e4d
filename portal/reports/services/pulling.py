"""Take a network's approved paragraph into the national report, with its credit."""

from portal.accounts.models import Actor
from portal.audit import services as audit
from portal.errors import Forbidden, Invalid
from portal.reports import policy
from portal.reports.models import ReportSection
from portal.reports.queries.pulling import Offer
from portal.reports.rules.pulling import pulled
from portal.reports.services.writing import save_text


def pull(*, section: ReportSection, version: int, offer: Offer | None, by: Actor) -> None:
    """Put a paragraph that a network offers at the end of a section of the national report.

    Raises Forbidden, Invalid where it is offered no longer, Outdated where somebody saved first.
    """
    if not policy.can_write(by, section) or section.report.hin_id is not None:
        raise Forbidden("Who writes a section of the national report takes paragraphs into it.")
    if offer is None:
        raise Invalid("Select a paragraph that is still approved", field="paragraph")
    fresh = pulled(offer.words, offer.network.code, offer.network.name)
    text = f"{section.text}\n\n{fresh}".strip()
    save_text(section=section, version=version, text=text, by=by)
    said = f"took a paragraph of {offer.network.name} into the section “{section.heading}”"
    audit.note(section, "pulled", said, by=by)
