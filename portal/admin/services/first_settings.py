"""The settings of a new service, with secrets that nobody chose."""

import os
import re
import secrets
from collections.abc import Mapping
from pathlib import Path

import config

PLAIN = re.compile(r"[\w.,:;/@%+=?&~<> -]*")
"""What stands between quotation marks without meaning anything to a shell, systemd or a container
engine: all three read the file."""


def write(file: Path, told: Mapping[str, str]) -> None:
    """Write a new file of settings, `NAME="value"` a line, which its owner alone may read.

    ``told`` are settings by name; the secrets are made here. Raises FileExistsError where the file
    is there already, and ValueError, with every fault at once, for settings with which production
    does not start.
    """
    made = {name: secrets.token_urlsafe(32) for name in config.SECRETS}
    found = {"PRODUCTION": "1", **told, **made}
    odd = [name for name, said in found.items() if not PLAIN.fullmatch(said)]
    if odd:
        raise ValueError(f"{', '.join(odd)}: leave out quotation marks, $, ` and \\")
    config.settings(found)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        out.writelines(f'{name}="{said}"\n' for name, said in found.items())
