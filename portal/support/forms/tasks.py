"""What is asked of a thread: what it is about, a message, how a task ended."""

from typing import IO, Any

from portal.files import TYPES
from portal.support.models import Assignee, TaskState
from portal.web.fields import ChoiceField, DateField, FileField, LongTextField, TextField
from portal.web.forms import PortalForm, VersionedForm
from portal.web.validators import NotInPast, Required, RequiredChoice

TALK = "talk"
ASSIGNEES = [
    (TALK, "Nobody: it is a question or news"),
    (Assignee.INNOVATOR.value, "The innovator"),
    (Assignee.HIN.value, "The network"),
]
READERS = "Read by the network’s staff and the innovator’s side, and nobody else."


class _WithFile(PortalForm):
    """A message that may bring a file."""

    file = FileField(
        "File (optional)",
        allowed=(*TYPES, "jpeg"),
        description="PDF, Word, Excel, PowerPoint, picture or text, up to 10MB.",
    )

    @property
    def sent(self) -> tuple[IO[bytes], str] | None:
        """Return the file that was sent, if one was, with its name."""
        file = self.file.data
        return (file.stream, file.filename or "file") if file else None


class TaskForm(_WithFile):
    """A new task."""

    title = TextField("What is it about?", [Required("Enter what it is about")], what="The subject")
    body = LongTextField("Message", [Required("Enter a message")], description=READERS)
    assignee = ChoiceField(
        "Who is to do something?",
        [RequiredChoice("Select who is to do something")],
        choices=ASSIGNEES,
    )
    due_on = DateField("By when? (optional)", [NotInPast()], what="The day")

    ORDER = ("title", "body", "assignee", "due_on", "file")

    def __iter__(self) -> Any:
        """Ask for the file last."""
        return iter(
            [self._fields[n] for n in self.ORDER]
            + [f for n, f in self._fields.items() if n not in self.ORDER]
        )

    @property
    def chosen(self) -> Assignee | None:
        """Return who is to do it, None where it is no task."""
        return None if self.assignee.data == TALK else Assignee(self.assignee.data)


class MessageForm(_WithFile):
    """One message more."""

    body = LongTextField("Message", [Required("Enter a message")], description=READERS)


class EndForm(VersionedForm):
    """Done or declined, with words."""

    state = ChoiceField(
        "How does it end?",
        [RequiredChoice("Select how it ends")],
        choices=[(TaskState.DONE.value, "Done"), (TaskState.DECLINED.value, "Declined")],
        coerce=TaskState,
    )
    words = LongTextField(
        "What was done, or why not?", [Required("Enter what was done, or why not")], rows=3
    )
