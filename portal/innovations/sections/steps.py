"""The pages of the first registration: one or two questions each, about five minutes in all."""

from dataclasses import dataclass

from portal.innovations.sections.questions import ABOUT, NEED, Part, Question


@dataclass(frozen=True)
class Step:
    """One page of the registration."""

    slug: str
    title: str
    part: Part
    names: tuple[str, ...]

    @property
    def questions(self) -> tuple[Question, ...]:
        """Return what the page asks."""
        return tuple(self.part.question(name) for name in self.names)


STEPS = (
    Step("name", "What is your innovation?", ABOUT, ("name", "summary")),
    Step("problem", "What problem does it solve?", NEED, ("need",)),
    Step("category", "Category", ABOUT, ("category",)),
    Step("stage", "Stage of development", ABOUT, ("stage",)),
    Step("care-settings", "Care settings", NEED, ("care_settings",)),
    Step("conditions", "Conditions", NEED, ("conditions",)),
    Step("place", "Where are you based?", ABOUT, ("nation", "postcode", "ics")),
    Step("hin", "Which Health Innovation Network looks at it first?", ABOUT, ("hin",)),
)

BY_SLUG = {step.slug: step for step in STEPS}


def after(step: Step) -> Step | None:
    """Return the step that follows; None after the last."""
    position = STEPS.index(step) + 1
    return STEPS[position] if position < len(STEPS) else None


def before(step: Step) -> Step | None:
    """Return the step before; None before the first."""
    position = STEPS.index(step)
    return STEPS[position - 1] if position else None
