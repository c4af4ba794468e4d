"""LibreOffice, where it is installed: what another program understands of a file."""

import shutil
import subprocess
from pathlib import Path

import pytest

PARTS = {"xlsx": "libsclo.so", "pdf": "libswlo.so"}
"""Which part turns a file into this kind; a machine may have Writer and no Calc."""


def converted(data: bytes, name: str, to: str, folder: Path) -> bytes:
    """Return a file as LibreOffice writes it after it was read; skips the test where it is not."""
    office = shutil.which("soffice")
    if office is None or not (Path(office).resolve().parent / PARTS[to]).exists():
        pytest.skip("this part of LibreOffice is not installed")
    path = folder / name
    path.write_bytes(data)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    words = [office, profile, "--headless", "--convert-to", to, "--outdir", str(folder / "again")]
    subprocess.run([*words, str(path)], check=True, capture_output=True, timeout=240)
    return (folder / "again" / f"{path.stem}.{to}").read_bytes()
