"""Where people stand in campaigns and ideas, and how long addresses that were invited are kept."""

from sqlalchemy import select

from portal.community.models import Campaign, CampaignGuest, IdeaFile
from portal.personal import Place, Retention, deleting

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

RETENTION = (
    Retention(
        code="campaign_guests",
        what="The addresses that were invited to a campaign for ideas, once it is closed",
        why="So that those who were invited read what became of the ideas",
        done="Deleted: they read the campaign no more, and their own ideas still",
        days=400,
        floor=90,
        ceiling=800,
        **deleting(
            CampaignGuest,
            lambda before: CampaignGuest.campaign_id.in_(
                select(Campaign.id).where(Campaign.closes_on < before.date())
            ),
        ),
    ),
)
