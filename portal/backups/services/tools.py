"""Other programs: PostgreSQL's own for its databases, age and GnuPG for encryption."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from portal.errors import Invalid

GPG = "gpg:"
BATCH = ("gpg", "--batch", "--yes", "--quiet")


def run(*command: str, environment: Mapping[str, str] | None = None) -> None:
    """Run a program to its end; raises Invalid with its own last words, or that it is not here."""
    if shutil.which(command[0]) is None:
        raise Invalid(f"{command[0]} is not installed on this machine, and is needed for this")
    done = subprocess.run(  # noqa: S603  # no shell; names of files and keys are the operator's
        command, capture_output=True, env={**os.environ, **(environment or {})}, check=False
    )
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()[-3:]
        raise Invalid(f"{command[0]} failed: {' '.join(said)}")


def is_here(program: str) -> bool:
    """Whether a program can be run on this machine."""
    return shutil.which(program) is not None


def sealer_of(key: str) -> str:
    """Return the program that encrypts to a key: "age", "gpg", "" without a key."""
    return ("gpg" if key.startswith(GPG) else "age") if key else ""


def seal(plain: Path, sealed: Path, *, key: str) -> None:
    """Encrypt a file to the one whose public key this is: only the private key opens it."""
    if sealer_of(key) == "gpg":
        recipient = ("--trust-model", "always", "--recipient", key.removeprefix(GPG))
        run(*BATCH, *recipient, "--output", str(sealed), "--encrypt", str(plain))
    else:
        run("age", "--encrypt", "--recipient", key, "--output", str(sealed), str(plain))


def unseal(sealed: Path, plain: Path, *, by: str, identity: str) -> None:
    """Decrypt a file: by GnuPG's own keys, or by the file in which age's private key lies."""
    if by == "gpg":
        run(*BATCH, "--output", str(plain), "--decrypt", str(sealed))
        return
    if not identity:
        raise Invalid("BACKUP_IDENTITY must name the file with age's private key")
    run("age", "--decrypt", "--identity", identity, "--output", str(plain), str(sealed))
