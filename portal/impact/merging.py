"""What becomes of returns when two organisations are made one."""

from portal.merging import moves

MERGES = (
    moves("company_return.organisation_id", "answers to yearly returns"),
    moves("heard_investment.organisation_id", "investment of which networks heard"),
)
