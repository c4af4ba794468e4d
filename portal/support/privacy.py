"""Where people stand in support."""

from portal.personal import AddressReaders, Place
from portal.support.models import TaskFile

ADDRESS_READERS = (
    AddressReaders(
        "the lead person of a Health Innovation Network’s support",
        ("staff of Health Innovation Networks and the national team who may open the record",),
    ),
)

PLACES = (
    Place("engagement", "engagements", typed="waiting_for"),
    Place("engagement_change", "changes of engagements", typed="message elsewhere"),
    Place("lead_change", "changes of the leading network"),
    Place("lead_person_change", "changes of the lead person"),
    Place("level_change", "support levels", typed="why reasons"),
    Place("exemption", "exemptions from due dates", typed="why"),
    Place("interaction", "interactions", typed="title note next_step why"),
    Place("participant", "participants of interactions", names="name"),
    Place("budget_ask", "questions about hours", typed="why"),
    Place("proposal", "proposals between networks", typed="words answer"),
    Place("closing", "ends of support", typed="summary next_step"),
    Place("survey", "surveys asked for"),
    Place("survey_answer", "answers of surveys", typed="comment"),
    Place("partnership", "partnerships", typed="aims partners"),
    Place("partnership_review", "reviews of partnerships", typed="outcomes"),
    Place(
        "directory_entry",
        "entries of the support directory",
        typed="name takes_on not_for refer",
        plain="code link",
    ),
    Place("signpost", "to whom innovations were pointed"),
    Place("task", "tasks", typed="title"),
    Place("task_message", "messages of tasks", typed="body"),
    TaskFile.place("files of tasks"),
    Place("task_reader", "read marks of tasks", theirs="user_id"),
)
