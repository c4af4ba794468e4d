"""What becomes of returns when two organisations are made one."""

from portal.merging import moves

# Where both were asked, the other one keeps its return: one counts (`rules/once.py`).
MERGES = (
    moves("estimate.innovation_id", "modelled effects"),
    moves("company_return.organisation_id", "answers to yearly returns"),
    moves("heard_investment.organisation_id", "investment of which networks heard"),
)
