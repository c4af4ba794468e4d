"""What the columns of rows mean that leave by the API, in open data and in a network's export:
which codes, which unit, what counts, and when a column is empty."""

from collections.abc import Callable, Mapping

from marshmallow import Schema

Words = Mapping[str, str]

RECORD: Words = {
    "id": "The number of the innovation, which stays",
    "name": "What the innovation is called",
    "url": "The address of its page",
    "organisation": "The name of who makes it",
    "summary": "What it is in up to 300 characters, in its maker's words",
    "status": "draft (registered, not yet submitted), submitted, or archived",
    "stage": "The stage of development that was submitted last; a code of development_stage",
    "category": "What kind of product it is; a code of category",
    "hin": "The network that looks after the record, by its code",
    "ics": "The integrated care system in which its maker is based; empty outside England",
    "sharing": "hins (networks and the national team), hins_and_icss, or public (anybody, on the "
    "Exchange); empty where the reader does not see who works on the record",
    "proven_until": "The last day on which its verification as proven holds; empty where it is not "
    "verified, or not any more. What a maker or a file claims counts for nothing here",
    "submitted_at": "When it first came on the pipeline",
    "changed_at": "When what others see of it changed last",
}
CHALLENGE: Words = {
    "id": "The number of the challenge, which stays",
    "title": "The need in a few words",
    "url": "The address of its page",
    "state": "draft, open, or closed",
    "organisation": "The name of who states the need",
    "ics": "The integrated care system of that organisation; empty for networks and the nation",
    "problem": "What is wrong today, in their words",
    "who_affected": "Whom it affects, in their words",
    "people_a_year": "How many people it affects in a year, as they estimate; empty where unknown",
    "outcome_wanted": "What is to be different, in their words",
    "must_haves": "What a solution must have, in their words",
    "care_settings": "Where care is given; codes of care_setting",
    "conditions": "Which conditions it is about; codes of condition",
    "areas": "Which areas of innovation it is about; codes of area",
    "needed_by": "The day by which a solution is needed; it may have passed",
    "readers": "Who may read it while it is open: nhs (staff of ICSs, networks and the nation), "
    "registered (everybody with an account), or public",
    "opened_at": "When it was opened, the last time",
    "closed_at": "When it was closed; empty while it is open",
    "changed_at": "When anything of it changed last",
    "outcome": "What came of it, said when it was closed: adopted, trial (it is being tried out), "
    "solved_otherwise, nothing_found, or no_longer_needed (the need has gone); empty while open",
}
ENGAGEMENT: Words = {
    "id": "The number of the engagement, which stays",
    "innovation": "The number of the innovation",
    "innovation_name": "What the innovation is called",
    "hin": "The network that helps, by its code",
    "state": "new, assessing, changes, engaging, waiting, unsuitable or closed: the newest step",
    "level": "The support level: 1 triage and signposting (up to 4 hours), 2 refining an offer (up "
    "to 12 hours), 3 in-depth support, 4 strategic partnership; empty before one is set",
    "lead": "Who leads it in the network, by name",
    "is_leading": "Whether this network leads where several work with the innovation",
    "opened_at": "When the innovation arrived at the network",
    "picked_up_at": "When somebody there first took it up; empty while nobody has",
    "decided_at": "When it was decided whether to support it; empty while it is not",
    "due_on": "The day on which the network's next step is due; empty where nothing is",
}
INTERACTION: Words = {
    "interaction": "The number of the contact: one for all innovations that it was about",
    "innovation": "The number of the innovation",
    "innovation_name": "What the innovation is called",
    "hin": "The network that logged it, by its code",
    "kind": "call, meeting, email, event, introduction or advice",
    "support_kinds": "What kinds of support were given; codes of support_kind",
    "on": "The day of the contact",
    "minutes_in_all": "The minutes of the whole contact, for all innovations together",
    "title": "What it was about, in a few words",
    "note": "What was said",
    "next_step": "What was agreed to do next",
    "next_on": "By which day",
    "people": "Who took part, by name",
    "organisations": "Which organisations took part, by name",
    "is_private": "Whether its words are for the network alone",
    "logged_by": "Who entered it, by name",
    "logged_at": "When it was entered",
}
SYSTEM: Words = {
    "code": "The system's code, which stays: that of its board in the national directory (ODS) "
    "where the directory has not given it another since",
    "name": "The system's name today, or its last, without “ICS”",
    "icb_name": "The name of its integrated care board",
    "region": "The NHS region",
    "valid_from": "The first day on which it existed with this boundary",
    "valid_to": "The last day on which it existed; empty while it does",
}
NETWORK: Words = {
    "code": "The code of the network in the portal, which stays",
    "name": "The network's name today",
    "region": "The NHS region to which it is counted",
    "website": "The address of its website",
}
TERM: Words = {
    "vocabulary": "Which list it is of",
    "code": "The code that records hold, which never comes to mean another thing",
    "label": "What it is called today",
    "group": "The heading under which it stands in its list; empty where the list has none",
    "position": "Where it stands in its list, from 1",
    "definition": "What it means",
    "retired_on": "The day since which nobody selects it any more; empty while people do",
}
DEFINITION: Words = {
    "figure": "The code of the figure, which stays",
    "label": "What it is called",
    "unit": "In what it counts",
    "definition": "What counts, and what does not",
    "source": "Where the definition comes from",
}


def says(words: Words) -> Callable[[type[Schema]], type[Schema]]:
    """Let the fields of a shape say what they mean; one that says so itself keeps its words."""

    def mark(shape: type[Schema]) -> type[Schema]:
        for name, meaning in words.items():
            one = shape._declared_fields[name]
            one.metadata = {"description": meaning, **one.metadata}
        return shape

    return mark
