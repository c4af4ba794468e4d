"""Where people stand in the audit trail: events hold ids, their words are beside them."""

from portal.personal import Place

PLACES = (
    Place(
        "audit_event",
        "events of the audit trail",
        plain="organisation_name action noun words_hash",
    ),
    Place(
        "audit_words",
        "words of the audit trail",
        typed="actor_name summary changes",
        hidden="salt",
        kept_whole="salt",
    ),
    Place(
        "audit_seal",
        plain="marks previous_digest digest signature",
        stays="Signed with the key of this portal: another one seals the trail with its own",
    ),
)
