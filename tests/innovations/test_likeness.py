"""What counts as likely the same thing: pure words, no database."""

import pytest

from portal.innovations.rules.duplicates import (
    RecordTexts,
    compare,
    host_of,
    keys_of,
    organisation_key,
)

TEXT = (
    "A patch worn on the chest that records the heart for two weeks and tells the surgery when "
    "the rhythm is not regular, so that strokes are prevented."
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("KardiaMobile", "Kardia Mobile"),
        ("Kardia-Mobile™", "KARDIAMOBILE"),
        ("Cardioscan", "Kardioscan"),
        ("Plus Lung Check", "Lung Check Plus"),
        ("Médicheck", "Medicheck"),
    ],
)
def test_a_name_spelt_another_way_is_likely_the_same(one: str, other: str) -> None:
    likeness = compare(RecordTexts(one), RecordTexts(other))
    assert likeness.is_likely
    assert keys_of(RecordTexts(one)) & keys_of(RecordTexts(other)), "the database would not find it"


@pytest.mark.parametrize(
    ("one", "other"),
    [("Kardia Mobile", "Falls Sense"), ("Health App", "Wound App"), ("", ""), ("💊", "💊")],
)
def test_another_name_is_not(one: str, other: str) -> None:
    assert not compare(RecordTexts(one), RecordTexts(other)).is_likely


def test_two_products_of_one_company_on_one_website_are_not_the_same() -> None:
    one = RecordTexts("Falls Sense", "Acme Ltd", "https://acme.example/falls")
    other = RecordTexts("Wound View", "Acme Limited", "https://www.acme.example/wound")
    assert not compare(one, other).is_likely


def test_a_longer_name_is_the_same_when_the_organisation_is() -> None:
    one = RecordTexts("HeartFlow", "HeartFlow Inc")
    other = RecordTexts("HeartFlow Analysis for clinics", "Heartflow UK Ltd")
    assert compare(one, other).is_likely
    assert "it is from the same organisation" in compare(one, other).reasons


def test_the_same_website_under_another_organisation_is_likely_the_same() -> None:
    one = RecordTexts("Falls Sense", "Acme Ltd", "acme.example")
    other = RecordTexts("Tumble Guard", "Coventry Trust", "https://www.acme.example/")
    assert compare(one, other).reasons == ("it has the same website",)
    assert compare(one, other).is_likely


def test_a_host_where_many_live_says_nothing() -> None:
    assert host_of("https://www.england.nhs.uk/falls") == ""
    assert host_of("http://[oops") == ""
    assert host_of("not an address") == ""
    assert host_of("www.Acme.example:8080/x") == "acme.example"


def test_the_same_description_under_another_name_is_likely_the_same_and_is_found() -> None:
    one = RecordTexts("Pulse Patch", text=TEXT)
    other = RecordTexts("Rhythm Band", text=TEXT.replace("two weeks", "14 days"))
    assert compare(one, other).is_likely
    assert keys_of(one) & keys_of(other)


def test_likeness_does_not_hang_on_which_record_is_asked_first() -> None:
    one = RecordTexts("Smart wound care", "A", "a.example", TEXT)
    other = RecordTexts("Wound care, smarter", "B", "b.example", TEXT[20:])
    assert compare(one, other) == compare(other, one)


def test_an_organisation_is_known_without_its_legal_form() -> None:
    assert organisation_key("The Acme (UK) Holdings Ltd.") == "acme"
    assert organisation_key("Limited Company") == "limitedcompany"
