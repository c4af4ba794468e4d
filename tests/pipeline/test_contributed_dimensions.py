"""A room adds a dimension by naming it: cross-tab, filters, lists and definitions follow."""

from collections.abc import Callable, Iterator
from html import unescape

import pytest
from sqlalchemy import ColumnElement
from sqlalchemy.orm import aliased

from portal import rooms
from portal.clock import today
from portal.figures.dimensions import (
    PROOF,
    Day,
    Dimension,
    DimensionSet,
    Joined,
    Rows,
    Values,
    cell_figures,
    dimensions,
    numbered,
    place_of,
    register,
    yes,
    yes_or_no,
)
from portal.figures.rules import Rhythm
from portal.innovations.models import Innovation, Use
from tests import makers
from tests.cast import Cast, Person
from tests.pages import PageClient

Browser = Callable[[Person], PageClient]


def _uses(of: ColumnElement[int], _day: Day, _values: Values) -> Joined:
    held = aliased(Use)
    return Joined(held, held.innovation_id == of)


USES = Rows("use", "use", _uses)
PLANTED = DimensionSet(
    [
        Dimension(
            "cost",
            "Says what it costs",
            PROOF,
            "Whether the record names a summary.",
            yes_or_no("Says so", "Says nothing"),
            column=lambda _: yes(Innovation.name.icontains("lamp")),
            none="",
        ),
        Dimension(
            "adopted_as",
            "How a site has it",
            PROOF,
            "Whether each site uses it or tries it.",
            lambda _: numbered([(0, "use", "In use there"), (1, "trial", "On trial there")]),
            rows=USES,
            value=lambda held, _day, _values: place_of(held.is_trial, [False, True]),
            is_unique=False,
            none="Nowhere",
        ),
    ]
)


@pytest.fixture
def planted() -> Iterator[None]:
    """Two more dimensions, as a room of tomorrow would bring them."""
    register([*rooms.DIMENSIONS, PLANTED])
    yield
    register(rooms.DIMENSIONS)


def test_a_planted_dimension_stands_everywhere(planted: None, cast: Cast, as_: Browser) -> None:
    lamp = makers.innovation("Lamp", of=cast.innovator)
    makers.innovation("Chair", of=cast.innovator)
    makers.put(
        Use(
            innovation_id=lamp.id,
            organisation=cast.ics.organisation,
            from_on=today(),
            is_trial=True,
        )
    )
    browser = as_(cast.national)
    page = unescape(browser.get("/pipeline/crosstab?row=cost&column=adopted_as").text)
    assert "Innovations by says what it costs and how a site has it" in page
    assert "On trial there" in page
    assert "cell=cost%3Ayes&cell=adopted_as%3Atrial" in page
    listed = browser.get(
        "/pipeline/crosstab/records?cell=cost:yes&cell=adopted_as:trial&adopted_as=trial"
    ).text
    assert "Lamp" in listed
    assert "Chair" not in listed
    assert "Whether each site uses it or tries it." in browser.get("/pipeline/definitions").text


def test_a_code_stands_for_one_dimension_only() -> None:
    with pytest.raises(ValueError, match="share a code"):
        register([*rooms.DIMENSIONS, *rooms.DIMENSIONS])
    assert "stage" in dimensions()


def test_a_dimension_has_a_column_or_rows() -> None:
    with pytest.raises(ValueError, match="give a column, or rows and a value"):
        Dimension("odd", "Odd", PROOF, "Nothing.", lambda _: {})


def test_every_figure_of_a_cell_is_one_of_the_kit() -> None:
    codes = {one.figure.code for one in cell_figures().values()}
    assert codes == {"innovations", "organisations", "sites", "hours", "challenges"}
    assert cell_figures()["challenges"].figure.rhythm is Rhythm.TODAY
