"""Which of several estimates of one effect is in use. Pure."""

from collections.abc import Iterable

from portal.impact.models import Estimate, EstimateChoice


def in_use(estimates: Iterable[Estimate]) -> EstimateChoice | None:
    """Return the newest choice among the estimates; None where nobody chose."""
    choices = [choice for estimate in estimates for choice in estimate.choices]
    return max(choices, key=lambda one: one.id, default=None)
