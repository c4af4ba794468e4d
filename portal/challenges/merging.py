"""What becomes of challenges when two organisations are made one."""

from portal.merging import moves

MERGES = (
    moves("challenge.organisation_id", "challenges"),
    moves("challenge_message.organisation_id", "messages"),
    moves("challenge_supporter.organisation_id", "challenges that it supports"),
)
