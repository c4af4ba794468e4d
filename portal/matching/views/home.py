"""What matching contributes to the home page: what fits, what is unmet, and gaps."""

from portal.matching.queries import home
from portal.web.home import HomeList

LISTS = (
    HomeList(
        "matching/_home_fitting.html",
        lambda actor: actor.is_innovator,
        lambda actor: {"fitting": home.fitting(actor)},
    ),
    HomeList(
        "matching/_home_matches.html",
        lambda actor: actor.is_ics,
        lambda actor: {"matches": home.new_matches(actor)},
    ),
    HomeList(
        "matching/_home_unmet.html",
        lambda actor: actor.is_hin,
        lambda actor: {"unmet": home.unmet_needs(actor)},
    ),
    HomeList(
        "matching/_home_gaps.html",
        lambda actor: actor.is_national,
        lambda actor: {"gaps": home.coverage_gaps(actor)},
    ),
)
