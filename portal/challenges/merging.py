"""What becomes of challenges when two organisations are made one."""

from portal.merging import moves

MERGES = (
    moves("challenge.organisation_id", "challenges"),
    moves("call_told.organisation_id", "what it was told about calls"),
    moves("challenge_message.organisation_id", "messages"),
    moves("challenge_supporter.organisation_id", "challenges that it supports"),
)
