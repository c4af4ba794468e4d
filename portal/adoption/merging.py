"""What becomes of adoption when two records, or two organisations, are made one."""

from portal.merging import moves

MERGES = (
    # The dated rows themselves lie in a lower room; `innovations/merging.py` speaks of them.
    moves("adoption_funding.innovation_id", "rows about money"),
    moves("adoption_cohort.innovation_id", "cohorts of places"),
    moves("eligible_list.innovation_id", "lists of eligible places"),
    moves("product_group_member.innovation_id", "memberships of groups of products"),
    moves("adoption_sheet.innovation_id", "updates of a quarter"),
    moves("adoption_sheet_row.innovation_id", "rows of updates"),
)
