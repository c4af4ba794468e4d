"""A file for a piece of evidence."""

from typing import IO

from portal.archives import TYPES
from portal.web.fields import FileField
from portal.web.forms import VersionedForm
from portal.web.validators import Required


class EvidenceFileForm(VersionedForm):
    """The file that is put to a piece of evidence."""

    file = FileField(
        "Add a file",
        [Required("Select a file")],
        allowed=(*TYPES, "jpeg"),
        description="Up to 10MB. Everybody who may read the evidence may save it.",
    )

    @property
    def sent(self) -> tuple[IO[bytes], str]:
        """Return the file that was sent, with its name."""
        return self.file.data.stream, self.file.data.filename or "file"
