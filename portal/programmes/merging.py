"""What becomes of programmes when two records are made one."""

from portal.merging import moves

MERGES = (
    moves("programme_product.innovation_id", "places in programmes"),
    moves("mandate_result.innovation_id", "what tests of the mandate found"),
    moves("intervention.innovation_id", "interventions of evaluations"),
    moves("programme_message.organisation_id", "messages"),
    moves("programme_proposal.innovation_id", "proposals of programmes"),
)
