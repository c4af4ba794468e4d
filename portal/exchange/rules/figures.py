"""The figures of the Exchange: what each counts, in words, and where it comes from."""

from portal.figures.rules import OURS, REPORT, Figure

VISITORS = Figure(
    "gateway_visitors",
    "Visitors to the Exchange",
    "Strangers who opened a public page of the Exchange, added up over the days of the quarter: one"
    " who comes on two days counts twice. Programs are left out by how they name themselves, people"
    " who are signed in are no visitors, and what a cache in front answered is not counted. A day"
    " counts when it is over. Of the nation alone.",
    REPORT,
    "visitors",
)
CASE_STUDIES = Figure(
    "case_studies",
    "Case studies published",
    "Case studies of the Exchange whose publication lies in the quarter, those that were retired"
    " since too. Drafts, and what waits for its day, do not count.",
    REPORT,
    "case studies",
)
FUNDING = Figure(
    "funding_publicised",
    "Funding opportunities published",
    "Funding opportunities of the Exchange whose publication lies in the quarter, counted as case"
    " studies are.",
    REPORT,
    "opportunities",
)
PUBLISHED = Figure(
    "content_published",
    "Other items published",
    "Events, podcasts, videos, resources, news and awards of the Exchange whose publication lies in"
    " the quarter, by kind.",
    OURS,
    "items",
)
DEFINITIONS: tuple[Figure, ...] = (VISITORS, CASE_STUDIES, FUNDING, PUBLISHED)
