"""Real-world validations by themselves: which step may follow which."""

from portal.proof.models import ValidationState

STEPS: dict[ValidationState, tuple[ValidationState, ...]] = {
    ValidationState.PLANNED: (ValidationState.RUNNING, ValidationState.STOPPED),
    ValidationState.RUNNING: (ValidationState.COMPLETED, ValidationState.STOPPED),
    ValidationState.COMPLETED: (ValidationState.COMPLETED,),
    ValidationState.STOPPED: (),
}
"""Which states may follow. A result may be put right, so completed follows completed."""


def can_follow(state: ValidationState, after: ValidationState) -> bool:
    """Whether a validation may reach a state from another."""
    return state in STEPS[after]
