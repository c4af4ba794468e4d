"""What becomes of answers when two records, or two organisations, are made one."""

from portal.merging import moves

MERGES = (
    moves("answer.innovation_id", "answers to challenges"),
    moves("answer_change.organisation_id", "steps of answers"),
    moves("answer_message.organisation_id", "messages"),
)
