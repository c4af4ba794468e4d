"""In which ICS a postcode lies: by the file of postcodes where there is one."""

from pathlib import Path

from portal.reference.rules import ics_code_of
from portal.reference.rules.postcodes import NoPostcodes, PostcodeFile


class _Opened:
    """The file, opened when it is first asked, and again when another was put in its place."""

    path: Path | None = None
    stamp: tuple[int, int, int] | None = None
    file: PostcodeFile | None = None


_opened = _Opened()


def lie_at(path: Path | None) -> None:
    """Say where the file of postcodes is, or would be; called when the application is made."""
    _opened.path, _opened.stamp, _opened.file = path, None, None


def postcode_file() -> PostcodeFile | None:
    """Return the file of postcodes; None where there is none, or it is damaged."""
    if _opened.path is None:
        return None
    try:
        found = _opened.path.stat()
        stamp = found.st_mtime_ns, found.st_size, found.st_ino
        if stamp != _opened.stamp:
            _opened.stamp, _opened.file = stamp, None
            _opened.file = PostcodeFile(_opened.path)
    except (OSError, NoPostcodes):
        _opened.file = None
    return _opened.file


def ics_code_by_postcode(postcode: str) -> str | None:
    """Return the code of the ICS in which a postcode lies: exactly where the file has it, else
    most likely, by its area; None where nobody knows."""
    file = postcode_file()
    exact = file.ics_code(postcode) if file else None
    return exact or ics_code_of(postcode)
