"""What becomes of the rows of a record when two are made one (`portal.merging`)."""

from portal.merging import moves, stays

MERGES = (
    moves("evidence.innovation_id", "pieces of evidence"),
    moves("evidence_file.innovation_id", "files of evidence"),
    moves("standard_held.innovation_id", "standards"),
    moves("use.innovation_id", "places of use"),
    moves("proven_status.innovation_id", "verifications as proven"),
    moves("collaborator.innovation_id", "people who work on it"),
    moves("collaborator_invitation.innovation_id", "invitations to work on it"),
    moves("sharing_request.innovation_id", "requests to share it"),
    stays("innovation_term.innovation_id", "its own answers"),
    stays("section_copy.innovation_id", "its own drafts"),
    stays("change_request.innovation_id", "asked for of its own sections"),
    stays("transfer.innovation_id", "an offer of that record alone"),
    stays("stage_change.innovation_id", "its own past"),
    stays("status_change.innovation_id", "its own past"),
    stays("sharing_change.innovation_id", "its own past"),
    stays("duplicate_decision.innovation_id", "what was said of the pair"),
    stays("duplicate_decision.other_id", "what was said of the pair"),
    stays("duplicate_pair.one_id", "found anew"),
    stays("duplicate_pair.other_id", "found anew"),
    stays("duplicate_look.innovation_id", "it says when that record was compared"),
    stays("innovation_key.innovation_id", "made from its own words"),
    stays("innovation.merged_into_id", "an earlier merge leads on to it"),
    moves("innovation.organisation_id", "records"),
    moves("innovation.kept_by_id", "records kept for companies"),
    moves("innovation.importer_id", "records that it imported"),
    moves("use.organisation_id", "places of use"),
    moves("use.confirmed_by_id", "confirmed uses"),
    moves("sharing_request.organisation_id", "requests to share records"),
)
