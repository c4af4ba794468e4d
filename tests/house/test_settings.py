"""What the service is told by its environment, and what it refuses to start without."""

from pathlib import Path

import pytest

from config import NEEDED, settings

SET = {"SERVER_NAME": "portal.example", "PRODUCTION": "1"}
SECRETS = ("SECRET_KEY", "SECURITY_PASSWORD_SALT", "TWO_FACTOR_SECRET", "AUDIT_KEY")


def test_production_names_every_missing_setting_at_once(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="production does not start without") as refused:
        settings({"INSTANCE": str(tmp_path), "PRODUCTION": "1"})
    for name in (*SECRETS, "SERVER_NAME"):
        assert name in str(refused.value)
    assert set(NEEDED) == {*SECRETS, "SERVER_NAME"}


@pytest.mark.parametrize("missing", SECRETS)
def test_production_makes_up_no_secret(tmp_path: Path, missing: str) -> None:
    given = {name: "x" * 40 for name in SECRETS if name != missing}
    with pytest.raises(ValueError, match=missing):
        settings({"INSTANCE": str(tmp_path), **SET, **given})
    assert list(tmp_path.iterdir()) == []


def test_production_starts_with_all_of_them(tmp_path: Path) -> None:
    found = settings({"INSTANCE": str(tmp_path), **SET, **dict.fromkeys(SECRETS, "x" * 40)})
    assert found["PRODUCTION"]
    assert list(tmp_path.iterdir()) == []


def test_elsewhere_secrets_are_made_once_and_kept(tmp_path: Path) -> None:
    first, again = (settings({"INSTANCE": str(tmp_path)}) for _ in range(2))
    assert [first[name] for name in SECRETS] == [again[name] for name in SECRETS]


def test_emails_come_from_the_service_by_name(tmp_path: Path) -> None:
    given = {"INSTANCE": str(tmp_path), "SERVICE_NAME": "Exchange", "MAIL_SENDER": "a@nhs.example"}
    assert settings(given)["MAIL_DEFAULT_SENDER"] == "Exchange <a@nhs.example>"
    named = {**given, "MAIL_SENDER": "The team <a@nhs.example>"}
    assert settings(named)["MAIL_DEFAULT_SENDER"] == "The team <a@nhs.example>"


@pytest.mark.parametrize("wrong", ["s3://", "s4://x", "", "/srv/files"])
def test_a_store_that_there_is_not_is_refused(tmp_path: Path, wrong: str) -> None:
    with pytest.raises(ValueError, match="FILES_STORE"):
        settings({"INSTANCE": str(tmp_path), "FILES_STORE": wrong})
