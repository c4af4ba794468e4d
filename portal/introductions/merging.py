"""What becomes of introductions when two records, or two organisations, are made one."""

from portal.merging import moves

MERGES = (
    moves("introduction.innovation_id", "introductions"),
    moves("introduction.organisation_id", "introductions"),
    moves("introduction_change.organisation_id", "steps of introductions"),
    moves("introduction_message.organisation_id", "messages"),
)
