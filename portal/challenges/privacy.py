"""Where people stand in challenges."""

from portal.challenges.models import ChallengeFile
from portal.personal import AddressReaders, Place

ADDRESS_READERS = (
    # `policy.can_see_contact`
    AddressReaders(
        "the contact that a challenge names",
        (
            "the people of the organisation that states it",
            "staff of Health Innovation Networks and the national team",
        ),
    ),
)

PLACES = (
    Place(
        "challenge",
        "challenges",
        names="contact_name",
        addresses="contact_email",
        typed="title problem who_affected tried outcome_wanted must_haves outcome_note"
        " outcome_innovation",
        plain="external_key",
    ),
    Place("challenge_message", "messages about challenges", typed="body"),
    ChallengeFile.place("files about challenges"),
    Place("challenge_reader", "read marks of challenges", theirs="user_id"),
    Place("challenge_change", "changes of challenges"),
    Place(
        "challenge_call",
        "calls",
        typed="who_may what_then budget result_words came_of_it",
        plain="notice_url",
    ),
    Place("call_criterion", "criteria of calls", typed="name"),
    Place("call_amendment", "amendments of calls", typed="why changes"),
    Place("call_question", "questions about calls", typed="question answer"),
    Place("challenge_follower", "challenges that people follow", theirs="user_id"),
    Place("call_told", "who was told what about calls"),
    Place("challenge_supporter", "challenges that others have too"),
)
