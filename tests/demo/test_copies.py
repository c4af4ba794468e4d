"""The demonstration that tests copy is that of these sources, this day and this database."""

from datetime import timedelta
from pathlib import Path

import pytest

from portal.clock import clock_at, now
from tests import demonstration


def test_another_day_or_database_is_another_demonstration() -> None:
    found = demonstration.fingerprint("sqlite")
    assert demonstration.fingerprint("sqlite") == found
    assert demonstration.fingerprint("postgresql") != found
    with clock_at(now() + timedelta(days=1)):
        assert demonstration.fingerprint("sqlite") != found


def test_any_change_of_a_source_is_another_demonstration(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "portal" / "static").mkdir(parents=True)
    (tmp_path / "portal" / "rules.py").write_text("ONE = 1")
    monkeypatch.setattr(demonstration, "ROOT", tmp_path)
    monkeypatch.setattr(demonstration, "SOURCES", ("portal",))
    found = demonstration.fingerprint("sqlite")
    (tmp_path / "portal" / "static" / "portal.css").write_text("h1 {}")
    (tmp_path / "portal" / "page.html").write_text("<h1>One</h1>")
    assert demonstration.fingerprint("sqlite") == found
    (tmp_path / "portal" / "rules.py").write_text("ONE = 2")
    changed = demonstration.fingerprint("sqlite")
    assert changed != found
    (tmp_path / "portal" / "rules.py").rename(tmp_path / "portal" / "policy.py")
    assert demonstration.fingerprint("sqlite") not in {found, changed}
