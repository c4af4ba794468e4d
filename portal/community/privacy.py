"""Where people stand in campaigns and ideas."""

from portal.community.models import IdeaFile
from portal.personal import Place

PLACES = (
    Place("idea_campaign", "campaigns for ideas", typed="title question criteria"),
    Place("campaign_guest", "people invited to campaigns", addresses="email"),
    Place(
        "idea",
        "ideas",
        typed="title problem words benefit held_why answer",
        plain="exists_url",
    ),
    Place("idea_tag", "tags of ideas", typed="name"),
    Place("idea_author", "co-authors of ideas"),
    Place("idea_supporter", "support of ideas", theirs="user_id"),
    Place("idea_step", "steps of ideas", typed="words"),
    Place("idea_message", "comments on ideas", typed="body"),
    IdeaFile.place("files about ideas"),
    Place("idea_follower", "ideas that people follow", theirs="user_id"),
    Place("idea_report", "reports of ideas", typed="words"),
    Place("idea_appeal", "appeals about ideas", typed="words answer"),
)
