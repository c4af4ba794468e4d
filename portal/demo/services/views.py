"""Write views of the pipeline that the people of the demo keep, some with a weekly email."""

from portal.demo.rules.diary import Diary
from portal.demo.services.happening import happening
from portal.demo.services.people import People
from portal.demo.services.places import Places
from portal.saved import services as saved
from portal.saved.models import Page, Shared

KEPT = (
    ("national", "The pipeline as at 30 June", Page.STAGES, "on=2026-06-30", Shared.NATION, 80),
    ("national", "Who works with whom", Page.NETWORK, "", Shared.NATION, 60),
    (
        "national",
        "Where proven innovations are used",
        Page.CROSSTAB,
        "proven=yes&row=care_setting&column=in_use&measure=innovations",
        Shared.NATION,
        40,
    ),
    ("hin", "Our flow this quarter", Page.FLOW, "", Shared.ORGANISATION, 20),
    (
        "hin",
        "Our hours by condition group",
        Page.CROSSTAB,
        "row=condition_group&column=level&measure=hours",
        Shared.ME,
        10,
    ),
)
"""Whose it is, its name, which view, what it asks, who finds it, and how many days ago."""


def write(places: Places, people: People) -> None:
    """Save every view, and send the national team its first one every week."""
    for key, name, page, asked, shared, days in KEPT:
        by = people.by_key[key]
        with happening(Diary(places.today, f"view:{name}"), days):
            view = saved.save(name=name, page=page, asked=asked, shared=shared, by=by)
            if page is Page.STAGES:
                saved.send_weekly(view=view, wanted=True, by=by)
