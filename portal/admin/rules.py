"""What was done, and the work behind the pages, in words."""

from collections.abc import Mapping

NOUNS: Mapping[str, str] = {
    "engagement": "Support",
    "task": "Tasks and messages",
    "organisation": "Organisation",
    "user": "Person",
    "term": "Vocabulary",
    "saved_search": "Saved search",
    "saved_view": "Saved view",
}
"""What the nouns of the trail are called where their own name would not do."""
JOBS: Mapping[str, str] = {
    "accounts.address": "Write to a new address of somebody’s account",
    "accounts.forget_states": "Delete used answers of sign-in services",
    "accounts.reset": "Send a link to choose a new password",
    "accounts.sign_up": "Open an account that somebody asked for",
    "innovations.write_to": "Write to somebody about a record",
    "introductions.remind": "Remind of introductions",
    "matching.challenge": "Match one challenge",
    "matching.innovation": "Match one innovation",
    "audit.seal": "Seal the audit trail",
    "matching.news": "Tell of new matches",
    "matching.refresh": "Match every challenge again",
    "matching.remind": "Remind HINs of questions of ICSs",
    "notifications.send": "Send emails",
    "pipeline.saved_views": "Send the figures of saved views",
    "privacy.copy": "Make a copy of what is held about a person",
    "privacy.erase": "Erase a person",
    "privacy.retention": "Clear away what is kept no longer",
    "reference.move_places": "Move places to the ICS that followed theirs",
    "search.alerts": "Tell of what is new in saved searches",
    "search.apply": "Bring the search index up to date",
    "search.mend": "Compare the search index with the database",
    "search.rebuild": "Build the search index anew",
    "support.remind": "Remind of due dates",
    "web.forget_attempts": "Delete counts of attempts that have passed",
}
"""What each kind of job does."""
PERIODS: Mapping[str, tuple[str, int]] = {
    "day": ("Today", 0),
    "week": ("The last 7 days", 6),
    "month": ("The last 30 days", 29),
    "quarter": ("The last 90 days", 89),
}
"""Periods to choose from: in words, and how many days before today they begin."""


def noun_words(noun: str) -> str:
    """Return what a noun of the trail is called: "saved_search" is "Saved search"."""
    return NOUNS.get(noun, noun.replace("_", " ").capitalize())


def action_words(action: str) -> str:
    """Return an action in words, without what anybody wrote: "engagement.level_set" is
    "Support: level set"."""
    noun, _, verb = action.partition(".")
    return f"{noun_words(noun)}: {verb.replace('_', ' ')}" if verb else noun_words(noun)


def job_words(kind: str) -> str:
    """Return what a kind of job does."""
    return JOBS.get(kind, kind.replace(".", ": ").replace("_", " ").capitalize())
