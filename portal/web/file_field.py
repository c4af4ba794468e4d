"""A file that a person sends."""

from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import IO, Any

from werkzeug.datastructures import FileStorage
from wtforms.validators import StopValidation

from portal.archives import TYPES, WORDS
from portal.files import MAX_BYTES
from portal.web import widgets
from portal.web.base_fields import PortalField
from portal.web.format import listing

MEGABYTE = 1024 * 1024


class FileField(PortalField):
    """One file, giving a ``FileStorage`` or None.

    Only name and size are checked here; who stores a file looks into it first.
    """

    widget = widgets.FileWidget()

    def __init__(
        self,
        label: str | None = None,
        validators: Any = (),
        *,
        allowed: Sequence[str] = (),
        max_megabytes: int = 10,
        **kwargs: Any,
    ) -> None:
        """Take the allowed endings ("pdf", "csv"; none means all) and the largest size."""
        self.allowed = tuple(allowed)
        self.max_megabytes = max_megabytes
        if self.allowed:
            accept = ",".join(f".{ending}" for ending in self.allowed)
            kwargs["render_kw"] = {"accept": accept, **(kwargs.get("render_kw") or {})}
        super().__init__(label, validators, **kwargs)

    @property
    def kinds(self) -> list[str]:
        """Return what the allowed kinds are called."""
        return [kind.upper() for kind in self.allowed]

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take the file; a browser sends an empty one when none was chosen."""
        sent = [v for v in valuelist if isinstance(v, FileStorage) and v.filename]
        self.data = sent[0] if sent else None

    def pre_validate(self, form: Any) -> None:
        """Refuse wrong endings, empty files and files that are too large."""
        if self.data is None:
            return
        ending = PurePosixPath(self.data.filename or "").suffix.lower().lstrip(".")
        if self.allowed and ending not in self.allowed:
            raise StopValidation(f"The selected file must be a {listing(self.kinds, last='or')}")
        size = _size(self.data)
        if size == 0:
            raise StopValidation("The selected file is empty")
        if size > self.max_megabytes * MEGABYTE:
            raise StopValidation(f"The selected file must be smaller than {self.max_megabytes}MB")

    @property
    def sent(self) -> tuple[IO[bytes], str] | None:
        """Return the file's stream and what its sender calls it, None where none was sent."""
        return (self.data.stream, self.data.filename or "file") if self.data else None


class DocumentField(FileField):
    """A file of the kinds that `portal.files` keeps."""

    def __init__(self, label: str | None = None, validators: Any = (), **kwargs: Any) -> None:
        """Take the label and, where the usual one will not do, a `description`."""
        kwargs.setdefault("description", DOCUMENTS)
        super().__init__(
            label,
            validators,
            allowed=(*TYPES, "jpeg"),
            max_megabytes=MAX_BYTES // MEGABYTE,
            **kwargs,
        )

    @property
    def kinds(self) -> list[str]:
        """Return what the kinds are called, each once whatever its endings."""
        return list(WORDS.values())


DOCUMENTS = (
    "PDF, Word, Excel, PowerPoint, PNG or JPEG picture, text or CSV,"
    f" up to {MAX_BYTES // MEGABYTE}MB."
)


def _size(file: FileStorage) -> int:
    """Return the size in bytes, leaving the file at its beginning."""
    size = file.stream.seek(0, 2)
    file.stream.seek(0)
    return size
