"""Say at which stage of development an innovation is, without the rest of its section."""

from portal.accounts.models import Actor
from portal.errors import Conflict, Invalid
from portal.innovations.models import Innovation, RecordStatus, Section
from portal.innovations.sections.answers import copy_of, version_of, version_of_all
from portal.innovations.services.drafts import save_draft
from portal.innovations.services.submission import submit
from portal.reference.models import Vocabulary
from portal.reference.queries import terms

SECTION = Section.ABOUT
"""The section that asks for the stage."""


def change_stage(*, innovation: Innovation, code: str, by: Actor) -> None:
    """Submit another stage of development as the only change of its section.

    Raises Invalid for a code that is no stage of today, Conflict for a record that is not submitted
    or whose section has a draft: that is somebody's to finish. Forbidden as `submit` does.
    """
    if code not in {term.code for term in terms(Vocabulary.DEVELOPMENT_STAGE)}:
        raise Invalid("Send the code of a stage of development", field="stage")
    if innovation.status is not RecordStatus.SUBMITTED:
        raise Conflict("Only a submitted innovation gets another stage in this way.")
    copy = copy_of(innovation, SECTION)
    if copy is not None and copy.draft is not None:
        raise Conflict("A draft of the same section waits: submit or discard it first.")
    if innovation.stage is not None and innovation.stage.code == code:
        return
    save_draft(
        innovation=innovation,
        section=SECTION,
        answers={"stage": code},
        version=version_of(innovation, SECTION),
        by=by,
    )
    submit(innovation=innovation, version=version_of_all(innovation), by=by, sections=[SECTION])
