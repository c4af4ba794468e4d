"""Every file that a person sends goes one way: looked into, scanned, and told of when refused."""

import ast
from pathlib import Path

from tests.house.test_structure import PORTAL

WHO_LOOKS = {
    "adoption/forms.py: UploadForm": "adoption/serialise/workbooks.py: read_once",
    "exchange/forms/content.py: PictureForm": "exchange/services/writing.py: received",
    "imports/forms.py: DirectoryUploadForm": "imports/views/directory.py: expect_sent",
    "imports/forms.py: UploadForm": "imports/views/start.py: read_sent",
    "improvement/forms/measures.py: PasteForm": "improvement/views/measures_entry.py: read_once",
    "innovations/forms/files.py: EvidenceFileForm": "innovations/services/files.py: received",
    "proof/forms/validations.py: ResultForm": "proof/services/validations.py: received",
    "reports/forms/photos.py: PhotoForm": "reports/services/photos.py: received",
    "threads/forms.py: MessageForm": "threads/services.py: received",
}
"""Which form takes a file, and which call looks into it: a new form needs one as well."""
FIELDS = {"FileField", "DocumentField"}
KEPT_ALREADY = {"imports/serialise/kept.py"}
"""Reads anew what was looked into when it was sent."""


def calls(path: Path) -> set[str]:
    """The names of the functions and methods that a module calls."""
    made = (node.func for node in ast.walk(_tree(path)) if isinstance(node, ast.Call))
    named = (getattr(one, "attr", getattr(one, "id", "")) for one in made)
    return {name for name in named if isinstance(name, str)}


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def naming(*words: str) -> list[Path]:
    """The modules of the portal in which one of the words stands."""
    every = {path: path.read_text(encoding="utf-8") for path in PORTAL.rglob("*.py")}
    return [path for path, text in every.items() if any(word in text for word in words)]


def forms_with_files() -> set[str]:
    found = set()
    for path in naming(*(f"{field}(" for field in FIELDS)):
        classes = [node for node in _tree(path).body if isinstance(node, ast.ClassDef)]
        for form in classes if path.parts[-2] != "web" else ():
            if any(f"{field}(" in ast.unparse(form) for field in FIELDS):
                found.add(f"{path.relative_to(PORTAL)}: {form.name}")
    return found


def test_every_form_that_takes_a_file_has_somebody_who_looks_into_it() -> None:
    assert forms_with_files() == set(WHO_LOOKS)
    for place in WHO_LOOKS.values():
        module, _, call = place.partition(": ")
        assert call in calls(PORTAL / module), place


def test_a_spreadsheet_is_read_by_what_scans_it() -> None:
    readers = {
        str(path.relative_to(PORTAL))
        for path in naming("read_workbook")
        if "read_workbook" in calls(path)
    }
    assert readers == {"web/sent_sheets.py"} | KEPT_ALREADY


def test_nobody_reads_what_a_browser_sent_past_the_fields() -> None:
    readers = {str(path.relative_to(PORTAL)) for path in naming("request.files")}
    assert readers == {"web/forms.py", "web/sending.py"}
