"""Ideas as rows of a list."""

from portal.accounts.models import Organisation
from portal.community.models import Campaign, Idea
from portal.community.queries.listing import comments, supporters
from portal.db import by_name
from portal.web.listing import Column, Listing

ListRow = tuple[Idea, int, int, int]
"""An idea, how many support it, how many comments it has and how many are new to the reader."""

IDEAS: Listing[ListRow] = Listing(
    title="Ideas",
    one="idea",
    many="ideas",
    columns=(
        Column[ListRow]("Idea", lambda row: row[0].title, key="idea", order=by_name(Idea.title)),
        Column[ListRow](
            "Campaign",
            lambda row: row[0].campaign.title,
            key="campaign",
            order=by_name(Campaign.title),
            on_page=False,
        ),
        Column[ListRow](
            "From",
            lambda row: row[0].organisation.name,
            key="from",
            order=by_name(Organisation.name),
        ),
        Column[ListRow]("State", lambda row: row[0].state.label, key="state", order=Idea.state),
        Column[ListRow](
            "Support", lambda row: row[1], key="support", order=supporters, is_number=True
        ),
        Column[ListRow](
            "Comments",
            lambda row: row[2],
            key="comments",
            order=comments,
            is_number=True,
            on_page=False,
        ),
        Column[ListRow](
            "Posted",
            lambda row: row[0].posted_at,
            key="posted",
            order=Idea.posted_at,
            on_page=False,
        ),
        Column[ListRow](
            "Answer by",
            lambda row: row[0].due_on or row[0].undated_reason,
            key="due",
            order=Idea.due_on,
        ),
        Column[ListRow]("Answered on", lambda row: row[0].answered_at, on_page=False),
        Column[ListRow](
            "Tags", lambda row: ", ".join(tag.name for tag in row[0].tags), on_page=False
        ),
    ),
    default="-posted",
    tie=Idea.id,
    file_path="{path}/download.{kind}",
)
"""The list of ideas: nobody's name is in it."""
