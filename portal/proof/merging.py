"""What becomes of proof when two records, or two organisations, are made one."""

from portal.merging import moves

MERGES = (
    moves("validation.innovation_id", "validations"),
    moves("milestone_reached.innovation_id", "milestones"),
    moves("validation.organisation_id", "validations"),
)
