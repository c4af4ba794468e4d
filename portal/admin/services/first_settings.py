"""The settings of a new service, with secrets that nobody chose."""

import os
import re
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path

import config

PLAIN = re.compile(r"[\w.,:;/@%+=?&~<>!#*()\[\]{}|^ -]*")
"""What stands between quotation marks without meaning anything to a shell, systemd or a container
engine: all three read the file."""
RULES: Mapping[str, Callable[[str], object]] = {
    "SERVER_NAME": lambda said: config.server_name({"SERVER_NAME": said}),
    "DATABASE_URL": lambda said: config.database_url(said, is_kept=True),
    "MAIL_SERVER": config.mail_server,
    "MAIL_SENDER": lambda said: config.sender(said, ""),
    "TRUSTED_PROXIES": lambda said: config.whole_number(
        {"TRUSTED_PROXIES": said}, "TRUSTED_PROXIES", 1
    ),
}
"""What is asked, each with what refuses a wrong answer."""


def checked(name: str, said: str) -> str:
    """Return an answer as it is written; raises ValueError, with words that say what to do."""
    said = said.strip()
    if not said:
        raise ValueError(f"say {name}: it must not be empty")
    if not PLAIN.fullmatch(said):
        hint = "; in the password write them as %22, %27, %24, %60 and %5C"
        raise ValueError(
            f"leave out quotation marks, $, ` and \\ in {name}: a shell would read them otherwise"
            f"{hint if name == 'DATABASE_URL' else ''}"
        )
    RULES[name](said)
    return said


def faults(told: Mapping[str, str]) -> list[str]:
    """Return in words all that is wrong with answers, by the names of their settings."""
    found = []
    for name, said in told.items():
        try:
            checked(name, said)
        except ValueError as error:
            found.append(str(error))
    return found


def write(file: Path, told: Mapping[str, str]) -> None:
    """Write a new file of settings, `NAME="value"` a line, which its owner alone may read.

    ``told`` are all the settings of `RULES` by name; the secrets are made here. Raises
    FileExistsError where the file is there already, another OSError where it cannot be written, and
    ValueError for settings with which production does not start.
    """
    made = {name: secrets.token_urlsafe(32) for name in config.SECRETS}
    found = {
        "PRODUCTION": "1",
        **{name: checked(name, said) for name, said in told.items()},
        **made,
    }
    config.settings(found)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        out.writelines(f'{name}="{said}"\n' for name, said in found.items())
