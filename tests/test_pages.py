"""The browser of the tests refuses a bad page, also one made of parts that it found good."""

import pytest

from tests import pages
from tests.examples import ON_POSTGRESQL

PAGE = (
    '<!DOCTYPE html><html lang="en"><head><title>Home – Portal</title></head><body>'
    "<header><p>Top</p></header><main><h1>Home</h1><form>"
    '<label for="a">A</label><input id="a" name="a"></form></main>'
    "<footer><p>End</p></footer></body></html>"
)
BROKEN = {
    "the header": ("<p>Top</p>", "<p>Top</p></div>"),
    "the main part": ("<h1>Home</h1>", "<h1>Home</h1><p><div></p></div>"),
    "the footer": ("<p>End</p>", "<p>End</p></p>"),
    "a link that begins before the main part": ("<main>", '<a href="/"><main>'),
    "a link around the main part": (
        PAGE[PAGE.index("<main>") :],
        '<a href="/"><main><h1>Home</h1></main></a></body></html>',
    ),
    "a main part that does not end": ("</main>", ""),
    "two main parts": ("</main>", "</main><main></p></main>"),
    "two headings": ("<h1>Home</h1>", "<h1>Home</h1><h1>Again</h1>"),
    "a label for nothing": ('for="a"', 'for="b"'),
    "a field without a label": ('<label for="a">A</label>', ""),
    "an id twice": ("<p>End</p>", '<p id="a">End</p>'),
    "a title without the service": (" – Portal", ""),
    "a title of an error that is none": ("Home – Portal", "Error: Home – Portal"),
    "an inline style": ("<p>End</p>", '<p style="color: red">End</p>'),
}

pytestmark = pytest.mark.skipif(
    ON_POSTGRESQL, reason="the run on SQLite looks over the pages of both"
)


@pytest.mark.parametrize("change", BROKEN.values(), ids=BROKEN)
def test_what_is_wrong_in_any_part_is_found_though_all_else_was_found_good(
    change: tuple[str, str],
) -> None:
    pages.check_page(PAGE, 200)
    assert change[0] in PAGE
    for _ in range(2):
        with pytest.raises(AssertionError):
            pages.check_page(PAGE.replace(*change), 200)


def test_a_page_of_parts_that_were_found_good_is_not_parsed_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    other = PAGE.replace("<p>Top</p>", "<p><b>Top</b></p>")
    pages.check_page(PAGE, 200)
    pages.check_page(other.replace("<h1>Home</h1>", "<h1>Home</h1><hr>"), 200)
    monkeypatch.setattr(pages, "_check", lambda _html: pytest.fail("parsed"))
    pages.check_page(other.replace("Home", "Start"), 200)
