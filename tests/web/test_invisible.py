"""What nobody can see is taken out of what is typed, and two names that look alike are one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.text import clean, folded
from portal.web import fields
from portal.web.validators import Required
from tests.web.conftest import Ask

SOFT, ZERO, MARK, JOINER = "\u00ad", "\u200b", "\ufeff", "\u200d"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (f"Hyper{SOFT}chol{SOFT}ester{SOFT}ol", "Hypercholesterol"),
        (f"{MARK}Zero{ZERO} width\u2060", "Zero width"),
        (f"Plain{JOINER}joiner", "Plainjoiner"),
        ("Pasted\u200e from a certificate", "Pasted from a certificate"),
        ("Variant\ufe0f", "Variant"),
        ("Acme\u00a0Health", "Acme Health"),
        ("👩\u200d⚕\ufe0f visits", "👩\u200d⚕\ufe0f visits"),
        ("👩🏽\u200d🚒", "👩🏽\u200d🚒"),
        ("1\ufe0f\u20e3", "1\ufe0f\u20e3"),
        (
            "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
            "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
        ),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("राष्\u200dट्र", "राष्\u200dट्र"),
    ],
)
def test_what_has_no_shape_goes_and_what_shapes_its_neighbours_stays(typed: str, kept: str) -> None:
    assert clean(typed) == kept


@pytest.mark.parametrize(
    "nothing", [SOFT, ZERO, MARK, JOINER, "\u3164", "\u2800", "\u115f", " \u00a0\u2003", "\u0301"]
)
def test_a_text_of_nothing_visible_is_missing(ask: Ask, nothing: str) -> None:
    for kind in (fields.TextField, fields.LongTextField, fields.EmailField, fields.WebsiteField):
        field = ask(kind("Name", [Required("Enter the name")]), nothing)
        assert (field.data, field.errors) == ("", ["Enter the name"]), kind


def test_addresses_are_read_without_what_nobody_sees(ask: Ask) -> None:
    assert ask(fields.EmailField("Email"), f"ann{ZERO}@exam{SOFT}ple.org").data == "ann@example.org"
    site = ask(fields.WebsiteField("Site"), f"https://exam{SOFT}ple.org/{MARK}a")
    assert (site.data, site.errors) == ("https://example.org/a", [])
    assert ask(fields.PostcodeField("Postcode"), f"cv1{ZERO} 1aa{MARK}").data == "CV1 1AA"
    assert ask(fields.WholeNumberField("Sites"), f"1{ZERO}200").data == 1200


@pytest.mark.parametrize(
    "twin",
    [
        "ACME  Health",
        "Acme\u00a0Health",
        f"Acme{ZERO} Health",
        " Acme Health ",
        f"Ac{SOFT}me Health",
        "Ａcme Health",
    ],
)
def test_names_that_look_alike_are_one_name(twin: str) -> None:
    assert folded(twin) == folded("Acme Health")
    assert folded("Acme Healthy") != folded("Acme Health")


@given(st.text())
def test_cleaning_twice_changes_nothing(text: str) -> None:
    assert clean(clean(text)) == clean(text)
    assert folded(folded(text)) == folded(text)
