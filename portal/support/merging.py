"""What becomes of support when two records, or two organisations, are made one."""

from portal.merging import moves, stays

MERGES = (
    moves("engagement.innovation_id", "engagements of networks, with their interactions"),
    moves("proposal.innovation_id", "proposals of networks"),
    stays("engagement.replaced_by_id", "it tells of two engagements of one network"),
    moves("participant.organisation_id", "interactions that it took part in"),
    moves("task_message.organisation_id", "messages"),
)
