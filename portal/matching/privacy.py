"""Where people stand in what was matched and judged."""

from portal.personal import Place

PLACES = (
    Place("match_feedback", "judgements of matches", typed="note"),
    Place("match_run", plain="engine_version"),
    Place("suggestion", typed="reasons", plain="engine_version"),
    Place("similar_challenge", typed="words"),
    Place("unmet_need", "unmet needs", typed="note closing_note public_words"),
    Place("challenge_outcome", "what challenges were closed with"),
    Place("hin_enquiry", "enquiries to networks", typed="words note answer"),
    Place("sharing_request", "requests to share"),
)
