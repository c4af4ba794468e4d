"""Where people stand in records, and how long addresses that were invited are kept."""

from portal.innovations.models import (
    CollaboratorInvitation,
    EvidenceFile,
    RecordReminder,
    Transfer,
)
from portal.innovations.policy import ADDRESS_READERS as RULES
from portal.personal import AddressReaders, Place, Retention, changing, deleting

ADDRESS_READERS = (AddressReaders("somebody who owns a record, or works on one", tuple(RULES)),)

PLACES = (
    Place(
        "innovation",
        "records",
        typed="name summary description need who_for benefits_note inequalities_note cost_basis"
        " saving_basis price_note plans commercial_plans source_note",
        plain="website postcode external_key",
    ),
    Place("innovation_key", plain="key"),
    EvidenceFile.place("files of evidence"),
    Place("evidence", typed="title result", plain="link"),
    Place("standard_held", "standards", typed="reference"),
    Place("use", "places of use", typed="organisation_named site"),
    Place("adoption", "stages of places", typed="place_named unit note"),
    Place("section_copy", "drafts of sections", typed="draft change_wanted"),
    Place("change_request", "changes asked for", typed="words"),
    Place("collaborator", "work on records"),
    Place("collaborator_invitation", "invitations to work on a record", addresses="email"),
    Place("transfer", "offers of records", addresses="email"),
    Place("duplicate_decision", "judgements about duplicates"),
    Place("duplicate_pair", "possible duplicates", plain="reasons"),
    Place("record_following", "records that are followed", plain="seen", theirs="user_id"),
    Place("record_reminder", "reminders about records", typed="words", theirs="user_id"),
    Place("sharing_change", "changes of who may see a record"),
    Place("stage_change", "changes of stage", typed="why"),
    Place("status_change", "changes of status", typed="why"),
)


def _blank(transfer: Transfer) -> None:
    transfer.email = ""


RETENTION = (
    Retention(
        code="record_reminders",
        what="Reminders about records that their person was told of",
        why="To see what was told, while the message is still found",
        done="Deleted",
        days=90,
        floor=7,
        ceiling=400,
        **deleting(RecordReminder, lambda before: RecordReminder.told_at < before),
    ),
    Retention(
        code="record_invitations",
        what="Invitations to work on a record that were answered or withdrawn",
        why="To see who was asked, while that is still in question",
        done="Deleted",
        days=180,
        floor=30,
        ceiling=730,
        **deleting(
            CollaboratorInvitation,
            lambda before: (
                (CollaboratorInvitation.answered_at < before)
                | (CollaboratorInvitation.withdrawn_at < before)
            ),
        ),
    ),
    Retention(
        code="record_offers",
        what="The address to which a record was offered, once that was answered or withdrawn",
        why="To see to whom a record was offered, while that is still in question",
        done="The address is deleted, the offer stays",
        days=180,
        floor=30,
        ceiling=730,
        **changing(
            Transfer,
            lambda before: (
                (Transfer.email != "")
                & ((Transfer.answered_at < before) | (Transfer.withdrawn_at < before))
            ),
            _blank,
        ),
    ),
)
