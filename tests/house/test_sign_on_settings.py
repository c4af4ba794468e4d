"""A provider of sign-in that half works is worse than none."""

from pathlib import Path
from string import ascii_lowercase

import pytest

from config import NEEDED, settings

WHOLE = {
    "SIGN_ON": "nhsnet",
    "SIGN_ON_NHSNET_LABEL": "NHS.net",
    "SIGN_ON_NHSNET_KIND": "entra",
    "SIGN_ON_NHSNET_CLIENT_ID": "id",
    "SIGN_ON_NHSNET_CLIENT_SECRET": "secret",
    "SIGN_ON_NHSNET_DISCOVERY_URL": "https://login.example/.well-known/openid-configuration",
    "SIGN_ON_NHSNET_TENANTS": "one two",
    "SIGN_ON_NHSNET_SECOND_FACTOR": "mfa",
}


def test_a_provider_is_told_by_its_settings(tmp_path: Path) -> None:
    (found,) = settings({"INSTANCE": str(tmp_path), **WHOLE})["SIGN_ON_PROVIDERS"]
    assert found["name"] == "nhsnet"
    assert found["tenants"] == ("one", "two")
    assert found["second_factor"] == ("mfa",)
    assert settings({"INSTANCE": str(tmp_path)})["SIGN_ON_PROVIDERS"] == ()


@pytest.mark.parametrize(
    "missing",
    [name for name in WHOLE if name.endswith(("LABEL", "ID", "SECRET", "URL", "TENANTS"))],
)
def test_what_is_missing_is_named(tmp_path: Path, missing: str) -> None:
    given = {name: value for name, value in WHOLE.items() if name != missing}
    with pytest.raises(ValueError, match=missing):
        settings({"INSTANCE": str(tmp_path), **given})


@pytest.mark.parametrize(
    "wrong",
    [
        {"SIGN_ON": "NHS.net"},
        {"SIGN_ON_NHSNET_KIND": "other"},
        {
            "PRODUCTION": "1",
            "SERVER_NAME": "portal.example",
            **dict.fromkeys(set(NEEDED) - {"SERVER_NAME"}, ascii_lowercase * 2),
            "SIGN_ON_NHSNET_DISCOVERY_URL": "http://login.example/",
        },
    ],
)
def test_what_is_wrong_is_refused(tmp_path: Path, wrong: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="SIGN_ON"):
        settings({"INSTANCE": str(tmp_path), **WHOLE, **wrong})
