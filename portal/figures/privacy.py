"""Where people stand in frozen figures: nowhere but as those who froze them."""

from portal.personal import Place

PLACES = (
    Place("figure_freeze", "figures that were frozen"),
    Place("frozen_figure", plain="measure group"),
    Place("figure_change", plain="table_name mark", stays="Marks of what changed in this database"),
)
