"""The rows behind a figure are read whole: every column on a desk, every letter on a phone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext

ROWS = "/figures/interactions"
HIDDEN = """() => {
  const frame = document.querySelector(".app-table-wide");
  const left = frame.getBoundingClientRect().left;
  const begins = (one) => {
    const words = document.createRange();
    words.selectNodeContents(one);
    return words.getBoundingClientRect();
  };
  const shown = [...frame.querySelectorAll("td, th")].map(begins).filter((one) => one.width > 0);
  const cut = getComputedStyle(frame).overflowX !== "visible"
    && shown.some((one) => one.left < left - 0.5);
  return [frame.scrollWidth - frame.clientWidth > 4, cut];
}"""
"""Whether columns are out of sight (a table is two pixels wider than its frame), and whether the
frame cuts the beginning of lines."""


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 320])
def test_no_column_and_no_letter_is_out_of_sight(
    signed_in: Callable[..., BrowserContext], width: int
) -> None:
    context = signed_in("national", viewport={"width": width, "height": 900})
    page = context.new_page()
    page.goto(ROWS)
    columns, letters = page.evaluate(HIDDEN)
    assert not letters
    assert width < 1280 or not columns
    context.close()
