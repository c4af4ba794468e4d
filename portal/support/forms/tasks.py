"""What is asked of a thread: what it is about, a message, how a task ended."""

from typing import Any

from portal.support.models import Assignee, TaskState
from portal.threads.forms import MessageForm
from portal.web.fields import ChoiceField, DateField, LongTextField, TextField
from portal.web.forms import VersionedForm
from portal.web.validators import NotInPast, Required, RequiredChoice

TALK = "talk"
ASSIGNEES = [
    (TALK, "Nobody: it is a question or news"),
    *((assignee.value, assignee.label) for assignee in Assignee),
]
READERS = "Read by the network’s staff and the innovator’s side, and nobody else."


class WriteForm(MessageForm):
    """One message more."""

    readers = READERS


class TaskForm(WriteForm):
    """A new task."""

    title = TextField("What is it about?", [Required("Enter what it is about")], what="The subject")
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


class EndForm(VersionedForm):
    """Done or declined, with words."""

    state = ChoiceField(
        "How does it end?",
        [RequiredChoice("Select how it ends")],
        choices=[(state.value, state.label) for state in (TaskState.DONE, TaskState.DECLINED)],
        coerce=TaskState,
    )
    words = LongTextField(
        "What was done, or why not?", [Required("Enter what was done, or why not")], rows=3
    )
