"""What was done, and the work behind the pages, in words."""

from collections.abc import Mapping

NOUNS: Mapping[str, str] = {
    "bank_holidays": "Bank holidays of",
    "capacity": "Full load of a person",
    "directory_entry": "Support directory",
    "desk_message": "Message to several",
    "export_file": "Export",
    "engagement": "Support",
    "figures": "Figures of a quarter",
    "hin_enquiry": "Question to a HIN",
    "match": "Match",
    "proven": "Proven status",
    "retention": "How long things are kept",
    "search_gap": "Search without an answer",
    "sharing_request": "Request to share a record",
    "standard": "Standard of a record",
    "task": "Tasks and messages",
    "template": "Template of the desk",
    "term": "Vocabulary",
    "unmet_need": "Need without a match",
    "user": "Person",
    "validation": "Real-world validation",
}
"""What the nouns of the trail are called where their own name would not do."""
VERBS: Mapping[str, str] = {
    "address_asked": "new address asked for",
    "asked": "asked for",
    "copy_asked": "copy of their data asked for",
    "declined_by_hin": "declined by the HIN",
    "declined_by_innovator": "declined by the innovator",
    "leads": "another person leads",
    "new": "new on the desk",
    "reset_asked": "new password asked for",
    "turned": "turned into a challenge",
    "two_factor_off": "two-factor sign-in turned off",
    "two_factor_on": "two-factor sign-in turned on",
    "weekly": "weekly email turned on or off",
}
"""What was done, where the verb of the trail alone would not say it."""
ABBREVIATIONS: Mapping[str, str] = {"hin": "HIN", "hins": "HINs", "ics": "ICS", "nice": "NICE"}
JOBS: Mapping[str, str] = {
    "accounts.address": "Write to a new address of somebody’s account",
    "accounts.forget_states": "Delete used answers of sign-in services",
    "accounts.reset": "Send a link to choose a new password",
    "accounts.sign_up": "Open an account that somebody asked for",
    "answers.remind": "Remind of answers to challenges",
    "api.announce": "Tell webhooks what happened",
    "api.deliver": "Send the messages of webhooks",
    "backups.look_over": "Read every page of the database’s file",
    "exchange.check_links": "Call links of what is published",
    "exports.make": "Make an export",
    "exports.open_data": "Make the open data anew",
    "impact.returns": "Ask companies for the yearly return, and remind them",
    "imports.apply": "Bring the rows of a spreadsheet in",
    "imports.check": "Look at the rows of a spreadsheet",
    "imports.read_directory": "Read files of the national directory",
    "imports.undo": "Undo an import",
    "innovations.follow": "Tell who follows a record of what is new, and of their days",
    "innovations.find_duplicates": "Find possible duplicates",
    "innovations.remind": "Remind of requests to share a record",
    "innovations.write_to": "Write to somebody about a record",
    "adoption.remind": "Remind of updates of the quarter",
    "introductions.remind": "Remind of introductions",
    "matching.challenge": "Match one challenge",
    "matching.innovation": "Match one innovation",
    "audit.seal": "Seal the audit trail",
    "matching.news": "Tell of new matches",
    "matching.refresh": "Match every challenge again",
    "matching.remind": "Remind HINs of questions of ICSs",
    "notifications.send": "Send emails",
    "notifications.waiting": "Write the daily and Monday emails",
    "community.remind": "Remind of ideas that wait for an answer",
    "exchange.close_days": "Close the count of yesterday's visitors",
    "exchange.tell_followers": "Tell who follows a topic, area or kind of what is new",
    "exchange.relate": "Find what is alike on the Exchange",
    "pipeline.saved_views": "Send the figures of saved views",
    "programmes.remind": "Remind assessors of proposals",
    "pages.announce": "Tell people what is announced",
    "privacy.copy": "Make a copy of what is held about a person",
    "privacy.erase": "Erase a person",
    "privacy.retention": "Clear away what is kept no longer",
    "reference.move_places": "Move places to the ICS that followed theirs",
    "reports.pdf": "Make the PDF of a published report",
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
    return NOUNS.get(noun, _in_words(noun))


def subject_words(noun: str, number: int) -> str:
    """Return what an event is about where it has no name: "Support 12"; without a number where
    there is one alone."""
    return f"{noun_words(noun)} {number}" if number else noun_words(noun)


def _in_words(code: str) -> str:
    """Return a code as words: "hin_changed" is "HIN changed"."""
    words = [ABBREVIATIONS.get(word, word) for word in code.split("_")]
    return f"{words[0][:1].upper()}{words[0][1:]} {' '.join(words[1:])}".strip()


def action_words(action: str) -> str:
    """Return an action in words, without what anybody wrote: "engagement.level_set" is
    "Support: level set"."""
    noun, _, verb = action.partition(".")
    said = VERBS.get(verb) or " ".join(ABBREVIATIONS.get(word, word) for word in verb.split("_"))
    return f"{noun_words(noun)}: {said}" if verb else noun_words(noun)


def job_words(kind: str) -> str:
    """Return what a kind of job does."""
    return JOBS.get(kind, kind.replace(".", ": ").replace("_", " ").capitalize())
