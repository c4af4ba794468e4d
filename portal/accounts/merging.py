"""What becomes of memberships when two organisations are made one."""

from portal.merging import moves, stays

MERGES = (
    moves("membership.organisation_id", "memberships"),
    moves("invitation.organisation_id", "invitations"),
    moves("approval.organisation_id", "questions to administrators"),
    # Tables of rooms below this one.
    stays("audit_event.organisation_id", "nothing changes an event"),
    stays("file_use.organisation_id", "counts for whom it was sent"),
    stays("organisation.merged_into_id", "an earlier merge leads on to it"),
)
