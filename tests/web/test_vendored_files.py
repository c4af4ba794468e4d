"""The vendored front end fetches nothing from elsewhere and misses nothing here."""

import re
from pathlib import Path

STATIC = Path(__file__).parents[2] / "portal" / "static"
NHS = STATIC / "vendor" / "nhsuk"
CSS = NHS / "nhsuk-frontend-10.6.1.min.css"
JS = NHS / "nhsuk-frontend-10.6.1.min.js"


def test_every_file_that_the_css_names_is_here() -> None:
    named = set(re.findall(r"url\(([^)]+)\)", CSS.read_text()))
    assert named
    assert all((NHS / name).is_file() for name in named), named


def test_no_font_and_no_address_of_another_host_is_left() -> None:
    css = CSS.read_text()
    assert "@font-face" not in css
    assert "Frutiger" not in css
    assert "/assets/" not in css
    assert "font-family:arial,sans-serif" in css.replace(" ", "")
    for file in (CSS, JS, STATIC / "portal.css", STATIC / "portal.js"):
        assert not re.search(r"(url\(|from\s*['\"]|import\(['\"])https?:", file.read_text())
        assert "sourceMappingURL" not in file.read_text()


def test_the_component_package_suits_the_vendored_version() -> None:
    from importlib.metadata import version

    project = (STATIC.parents[1] / "pyproject.toml").read_text()
    assert f"nhsuk-frontend-jinja=={version('nhsuk-frontend-jinja')}" in project
    assert version("nhsuk-frontend-jinja") == "0.10.2"  # made for 10.6.1, see its README


def test_nothing_large_is_carried_along() -> None:
    assert sum(file.stat().st_size for file in STATIC.rglob("*") if file.is_file()) < 500_000
