"""Proposals between HINs, in words."""

from collections.abc import Mapping

from portal.support.models import ProposalKind, ProposalState

KIND_WORDS: Mapping[ProposalKind, str] = {
    ProposalKind.HANDOVER: "Handover",
    ProposalKind.JOINT: "Joint work",
}
PROPOSAL_WORDS: Mapping[ProposalState, str] = {
    ProposalState.OPEN: "Open",
    ProposalState.ACCEPTED: "Accepted",
    ProposalState.DECLINED: "Declined",
    ProposalState.WITHDRAWN: "Withdrawn",
}
