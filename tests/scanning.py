"""A virus scanner that finds something in every file, and what the portal notes of it."""

from unittest.mock import Mock

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import files
from portal.accounts.models.security import SecurityEvent, SecurityKind

VIRUS = "The selected file contains a virus"


@pytest.fixture
def infected(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Mock:
    """Let the scanner find a virus in whatever is sent; called with what it was given."""
    asked = Mock(return_value="stream: Test-Virus FOUND")
    monkeypatch.setattr(files, "_ask", asked)
    monkeypatch.setitem(app.config, "CLAMAV_SOCKET", "/run/clamd.sock")
    return asked


def files_refused(session: Session) -> list[str]:
    """What the security log says of files that were not taken."""
    session.expire_all()
    is_file = SecurityEvent.kind == SecurityKind.FILE_REFUSED
    found = select(SecurityEvent.detail).where(is_file).order_by(SecurityEvent.id)
    return list(session.scalars(found))
