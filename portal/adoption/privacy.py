"""Where people stand in adoption."""

from portal.personal import Place

PLACES = (
    Place("product_group", "groups of products", typed="name definition"),
    Place("product_group_member"),
    Place("eligible_list", "lists of eligible places", typed="name basis"),
    Place("eligible_place", "eligible places", typed="left_out_why"),
    Place("adoption_cohort", "cohorts of places", typed="name definition"),
    Place("adoption_cohort_place"),
    Place("adoption_funding", "money for adoption", typed="note"),
    Place("adoption_sheet", "updates of a quarter", typed="asked"),
    Place("adoption_sheet_row", "rows of updates", typed="note"),
)
