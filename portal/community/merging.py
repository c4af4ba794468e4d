"""What becomes of ideas when two records, or two organisations, are made one."""

from portal.merging import moves

MERGES = (
    moves("idea.innovation_id", "ideas that became a record"),
    moves("idea.exists_innovation_id", "ideas that existed already"),
    moves("idea.organisation_id", "ideas"),
    moves("idea_campaign.organisation_id", "campaigns for ideas"),
    moves("idea_step.organisation_id", "steps of ideas"),
    moves("idea_message.organisation_id", "comments"),
)
