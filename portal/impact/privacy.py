"""Where people stand in impact, and how long that is kept."""

from portal.impact.models import ReturnKey
from portal.personal import Place, Retention, deleting

PLACES = (
    Place("return_campaign", "yearly returns"),
    Place("company_return", "answers to yearly returns", typed="evidence spoken_to draft"),
    Place("return_network", "networks that supported a company in a year"),
    Place("return_investment", "investment that companies reported"),
    Place("heard_investment", "investment of which networks heard"),
    Place("return_step", "steps of yearly returns", typed="words", plain="answer"),
    Place(
        "return_key",
        "links to yearly returns",
        addresses="email",
        hidden="key_hash",
        stays="They open returns of this portal alone, while a campaign is open",
    ),
    Place(
        "estimate",
        "estimates",
        typed="model evaluator baseline period document note",
        plain="code link",
    ),
    Place("estimate_choice", "which estimates are in use", typed="why"),
    Place(
        "impact_event",
        "milestones, agreements, awards and events",
        typed="title other source withdrawn_why",
        plain="link",
    ),
)

RETENTION = (
    Retention(
        code="return_links",
        what="The addresses to which links to a yearly return were sent",
        why="Whoever answered is asked back and told what became of the answer",
        done="Deleted",
        days=400,
        floor=180,
        ceiling=800,
        **deleting(ReturnKey, lambda before: ReturnKey.sent_at < before),
    ),
)
