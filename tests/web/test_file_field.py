"""Files that people send."""

import io

import pytest
from werkzeug.datastructures import FileStorage

from portal.web.fields import FileField
from portal.web.validators import Required
from tests.web.conftest import Ask


def file(name: str, content: bytes = b"x") -> FileStorage:
    return FileStorage(io.BytesIO(content), filename=name)


def test_a_file_of_an_allowed_kind_is_taken_from_its_beginning(ask: Ask) -> None:
    field = ask(FileField("Evidence", allowed=("pdf",)), file("Report.PDF", b"content"))
    assert field.errors == []
    assert field.data.read() == b"content"


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        (file("a.exe"), "The selected file must be a PDF or CSV"),
        (file("pdf"), "The selected file must be a PDF or CSV"),
        (file("a.pdf", b""), "The selected file is empty"),
        (file("a.pdf", b"x" * (1024 * 1024 + 1)), "The selected file must be smaller than 1MB"),
    ],
)
def test_other_files_are_refused(ask: Ask, sent: FileStorage, message: str) -> None:
    field = ask(FileField("Evidence", allowed=("pdf", "csv"), max_megabytes=1), sent)
    assert field.errors == [message]


def test_no_file_can_be_refused(ask: Ask) -> None:
    field = ask(FileField("Evidence", [Required("Select a file")]), file(""))
    assert field.errors == ["Select a file"]


def test_a_text_in_place_of_a_file_is_no_file(ask: Ask) -> None:
    assert ask(FileField("Evidence"), "not a file").data is None
