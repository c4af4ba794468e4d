"""What leads to a person in words that are published, and what only looks like it."""

import pytest

from portal.text import personal_detail

TELEPHONE = "a telephone number"


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("Ring 020 7946 0018", TELEPHONE),
        ("Ring (020) 7946 0018.", TELEPHONE),
        ("07700 900123", TELEPHONE),
        ("+44 7700 900123", TELEPHONE),
        ("+44 (0)20 7946 0018", TELEPHONE),
        ("0044 20 7946 0018", TELEPHONE),
        ("Tel07700900123", TELEPHONE),
        ("For reference ring 01223 334455", TELEPHONE),
        ("Reference 07700 900123", TELEPHONE),
        ("A grant, and 01223 334455", TELEPHONE),
        ("NHS number 943 476 5919", "an NHS number"),
        ("mail jo@example.org", "an email address"),
        ("The helpline 0300 123 4567", ""),
        ("Freephone 0800 111 999 or 0808 157 0192", ""),
        ("+44 300 123 4567", ""),
        ("0345 678 9000", ""),
        ("Call 111", ""),
        ("Grant 01223 334455", ""),
        ("Award ref. 01223334455", ""),
        ("patent number: 0122 333 4455", ""),
        ("Trial C0123456789", ""),
        ("NI0123456789", ""),
        ("943 476 5918 are ten digits", ""),
    ],
)
def test_what_leads_to_a_person(words: str, found: str) -> None:
    assert personal_detail(words) == found
