"""What becomes of matches when two records, or two organisations, are made one."""

from portal.merging import moves, stays

MERGES = (
    moves("match_feedback.innovation_id", "judgements of matches"),
    moves("challenge_outcome.innovation_id", "challenges that it answered"),
    stays("suggestion.innovation_id", "made anew with the next matching"),
    stays("new_match.innovation_id", "new once for the record that it was"),
    moves("match_feedback.organisation_id", "judgements of matches"),
    moves("unmet_need.organisation_id", "unmet needs"),
    moves("hin_enquiry.organisation_id", "questions to networks"),
)
