"""What becomes of the trail when two organisations are made one."""

from portal.merging import stays

MERGES = (stays("audit_event.organisation_id", "nothing changes an event"),)
