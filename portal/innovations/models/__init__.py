"""The tables of the record, by what they tell of."""

from portal.innovations.models.adoption import Adoption, AdoptionSource, AdoptionState
from portal.innovations.models.change_requests import ChangeRequest
from portal.innovations.models.duplicates import (
    DuplicateDecision,
    DuplicateLook,
    DuplicatePair,
    InnovationKey,
)
from portal.innovations.models.files import EvidenceFile
from portal.innovations.models.following import Followed, RecordFollowing, RecordReminder
from portal.innovations.models.history import (
    ProvenStatus,
    SharingChange,
    StageChange,
    StatusChange,
)
from portal.innovations.models.invitations import (
    CollaboratorInvitation,
    Transfer,
)
from portal.innovations.models.record import (
    Collaborator,
    Evidence,
    Innovation,
    Nation,
    RecordStatus,
    Section,
    SectionCopy,
    Sharing,
    StandardHeld,
    StandardStatus,
    Use,
    innovation_term,
)
from portal.innovations.models.requests import SharingAnswer, SharingRequest

__all__ = [
    "Adoption",
    "AdoptionSource",
    "AdoptionState",
    "ChangeRequest",
    "Collaborator",
    "CollaboratorInvitation",
    "DuplicateDecision",
    "DuplicateLook",
    "DuplicatePair",
    "Evidence",
    "EvidenceFile",
    "Followed",
    "Innovation",
    "InnovationKey",
    "Nation",
    "ProvenStatus",
    "RecordFollowing",
    "RecordReminder",
    "RecordStatus",
    "Section",
    "SectionCopy",
    "Sharing",
    "SharingAnswer",
    "SharingChange",
    "SharingRequest",
    "StageChange",
    "StandardHeld",
    "StandardStatus",
    "StatusChange",
    "Transfer",
    "Use",
    "innovation_term",
]
