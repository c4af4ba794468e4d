"""The pictures' geometry: right proportions, nothing outside, numbers always written."""

from flask import Flask, render_template_string
from hypothesis import given
from hypothesis import strategies as st

from portal.web.charts import bars, diverging, heat_map, level_of, spark, stacks, tile_map

NUMBERS = st.integers(0, 10**7)


def width(text: str) -> float:
    return float(text.removesuffix("%"))


def test_a_bar_is_as_long_as_its_share_of_the_longest() -> None:
    picture = bars("Most are ready", [("Ready", 200, 200), ("Idea", 50, 20)])
    ready, idea = picture.rows
    assert width(ready.width) == 4 * width(idea.width)
    assert width(idea.part) * 2.5 == width(idea.width)
    assert (ready.words, idea.words) == ("200", "20 of 50")
    assert picture.height == 2 * idea.top


@given(st.lists(st.tuples(st.text(max_size=5), NUMBERS, st.just(0)), max_size=8))
def test_bars_leave_room_for_the_number(values: list[tuple[str, int, int]]) -> None:
    for bar in bars("Any", values).rows:
        assert 0 <= width(bar.width) <= 85


@given(st.lists(st.lists(NUMBERS, min_size=3, max_size=3), min_size=1, max_size=6))
def test_stacked_parts_stand_beside_each_other(rows: list[list[int]]) -> None:
    picture = stacks("Any", ["a", "b", "c"], [("Q1", row) for row in rows])
    for row, values in zip(picture.rows, rows, strict=True):
        assert row.total == sum(values)
        left = 0.0
        for part in row.segments:
            assert abs(width(part.left) - left) < 0.02
            left = width(part.left) + width(part.width)
        assert left <= 85.05


def test_a_part_too_narrow_for_its_number_goes_without() -> None:
    row = stacks("Any", ["a", "b"], [("Q1", [98, 2])]).rows[0]
    assert [part.has_number for part in row.segments] == [True, False]


def test_both_sides_of_the_middle_have_one_scale() -> None:
    row, other = diverging("Any", "Left", "Came", [("Idea", 10, 5), ("Ready", 0, 10)]).rows
    assert width(row.less_width) == 2 * width(row.more_width) == width(other.more_width)
    assert width(row.left) + width(row.less_width) == 50
    assert width(row.left) >= 0
    assert width(other.right) <= 100


def test_shades_go_up_in_equal_steps_and_nothing_has_none() -> None:
    assert [level_of(n, 10) for n in (0, 1, 2, 3, 9, 10)] == [0, 1, 1, 2, 5, 5]
    assert level_of(3, 0) == 0


def test_what_stands_apart_does_not_pale_the_rest() -> None:
    values = {(0, 0): 1000, (0, 1): 4, (1, 0): 4}
    picture = heat_map("Any", ["A", "B"], ["A", "B"], values, frozenset({(0, 0), (1, 1)}))
    assert [cell.level for cell in picture.cells] == [0, 5, 5, 0]
    assert [cell.value for cell in picture.cells] == [1000, 4, 4, 0]


def test_tiles_are_equal_and_have_their_names() -> None:
    places = [("North East and Yorkshire", 1, 0, 3), ("London", 2, 1, 0)]
    picture = tile_map("Any", places)
    assert {tile.width for tile in picture.tiles} == {"33.33%"}
    assert " ".join(picture.tiles[0].lines) == "North East and Yorkshire"
    assert [tile.level for tile in picture.tiles] == [5, 0]


@given(st.lists(NUMBERS, min_size=2, max_size=20))
def test_a_small_line_stays_inside(values: list[int]) -> None:
    line = spark("Any", values)
    assert line is not None
    for point in line.points.split():
        x, y = map(float, point.split(","))
        assert 0 <= x <= line.width
        assert 0 <= y <= line.height


def test_one_value_is_no_line() -> None:
    assert spark("Any", [3]) is None


def test_every_picture_says_its_finding_and_its_numbers_without_inline_style(app: Flask) -> None:
    pictures = {
        "bars": bars("Found 1", [("A <b>", 1234, 1234)]),
        "stacks": stacks("Found 2", ["x", "y"], [("Q1", [1234, 1])]),
        "diverging": diverging("Found 3", "Left", "Came", [("A", 7, 1234)]),
        "heat_map": heat_map("Found 4", ["A"], ["B"], {(0, 0): 1234}),
        "tile_map": tile_map("Found 5", [("London", 0, 0, 1234)]),
    }
    with app.test_request_context():
        for name, picture in pictures.items():
            html = render_template_string(
                "{% import 'macros/charts.html' as charts %}{{ charts[name](picture, 'p') }}",
                name=name,
                picture=picture,
            )
            assert picture.finding in html
            assert 'role="img" aria-labelledby="p-finding"' in html
            assert "1,234" in html
            assert "style=" not in html
            assert "<b>" not in html
