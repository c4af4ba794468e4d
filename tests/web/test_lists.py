"""Paging, sorting and filters: all of it in the address, none of it trusted."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Integer, String, create_engine, false, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from werkzeug.datastructures import MultiDict

from portal.web.filters import Filter, Filters, Option
from portal.web.paging import Page, page_number, paginate, paginate_once
from portal.web.sorting import Sort
from tests.pages import PageClient


class Base(DeclarativeBase):
    pass


class Product(Base):
    __tablename__ = "product"
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    name: Mapped[str] = mapped_column(String)
    sites: Mapped[int | None] = mapped_column(Integer)


@pytest.fixture
def shop() -> Iterator[Session]:
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add_all(Product(name=f"P{n % 5}", sites=n if n % 3 else None) for n in range(45))
        session.flush()
        yield session
    engine.dispose()


def test_a_page_has_its_items_and_knows_its_place(shop: Session) -> None:
    page = paginate(shop, select(Product).order_by(Product.id), page=2)
    assert [product.id for product in page] == list(range(21, 41))
    assert (page.total, page.pages, page.first, page.last) == (45, 3, 21, 40)
    assert page.has_previous
    assert page.has_next


def test_a_page_beyond_the_end_is_the_last_one(shop: Session) -> None:
    page = paginate(shop, select(Product).order_by(Product.id), page=999)
    assert page.number == 3
    assert len(page) == 5
    assert not page.has_next


def test_an_empty_list_has_one_empty_page(shop: Session) -> None:
    page = paginate(shop, select(Product).where(Product.id < 0), page=7)
    assert (page.number, page.pages, page.first, page.last, len(page)) == (1, 1, 0, 0, 0)


def test_a_page_of_several_columns_gives_rows(shop: Session) -> None:
    rows = select(Product.name, Product.id).order_by(Product.id)
    assert paginate(shop, rows, page=1, per_page=2).items[1].name == "P1"


@pytest.mark.parametrize("asked", [1, 2, 3, 999])
def test_a_page_found_in_one_statement_is_the_same_page(shop: Session, asked: int) -> None:
    for rows in (select(Product.name, Product.id), select(Product.name, Product.id).where(false())):
        stmt = rows.order_by(Product.id)
        once, twice = paginate_once(shop, stmt, page=asked), paginate(shop, stmt, page=asked)
        assert [tuple(row) for row in once] == [tuple(row) for row in twice]
        assert (once.total, once.number) == (twice.total, twice.number)


@pytest.mark.parametrize(
    "asked", ["", "0", "-1", "x", "1.5", "٢", "1e3", "99999999999999999999", "\x00"]
)
def test_what_is_no_page_is_the_first(asked: str) -> None:
    assert page_number({"page": asked}) == 1
    assert page_number({}) == 1


@pytest.mark.parametrize(
    ("number", "pages", "shown"),
    [
        (1, 1, [1]),
        (1, 9, [1, 2, None, 9]),
        (5, 9, [1, None, 4, 5, 6, None, 9]),
        (3, 9, [1, 2, 3, 4, None, 9]),
        (4, 9, [1, 2, 3, 4, 5, None, 9]),
        (9, 9, [1, None, 8, 9]),
    ],
)
def test_page_numbers_show_ends_and_neighbours(
    number: int, pages: int, shown: list[int | None]
) -> None:
    assert Page([], pages * 20, number).numbers() == shown


@given(st.integers(1, 60), st.integers(1, 60))
def test_page_numbers_rise_and_hide_no_single_page(number: int, pages: int) -> None:
    shown = Page([], pages * 20, min(number, pages)).numbers()
    numbers = [n for n in shown if n is not None]
    assert numbers == sorted(set(numbers))
    for before, gap, after in zip(shown, shown[1:], shown[2:], strict=False):
        if gap is None:
            assert after - before > 2


COLUMNS = {"name": Product.name, "sites": Product.sites}


def sort_of(asked: str) -> Sort:
    return Sort.from_query({"sort": asked}, COLUMNS, default="-name", tie=Product.id)


@pytest.mark.parametrize("asked", ["", "id", "--name", "password", "name; drop table product"])
def test_only_allowed_keys_can_be_sorted_by(asked: str) -> None:
    assert sort_of(asked).value == "-name"


def test_equal_rows_keep_one_order_over_all_pages(shop: Session) -> None:
    stmt = sort_of("name").apply(select(Product))
    seen = [p.id for n in (1, 2, 3) for p in paginate(shop, stmt, page=n)]
    assert sorted(seen) == list(range(1, 46))


def test_missing_values_come_last_both_ways(shop: Session) -> None:
    for asked in ("sites", "-sites"):
        found = shop.scalars(sort_of(asked).apply(select(Product.sites))).all()
        assert found[-15:] == [None] * 15


def test_a_header_asks_for_the_other_direction_next() -> None:
    assert sort_of("name").next_value("name") == "-name"
    assert sort_of("-name").next_value("name") == "name"
    assert sort_of("name").next_value("sites") == "sites"
    assert sort_of("-name").aria("name") == "descending"
    assert sort_of("name").aria("sites") == "none"


STAGE = Filter("stage", "Stage", [Option("develop", "Develop"), Option("deploy", "Deploy")])
PROVEN = Filter("proven", "Proven", [Option("yes", "Yes"), Option("no", "No")], multiple=False)


def filters_of(query: str) -> Filters:
    pairs = [part.split("=") for part in query.split("&") if part]
    return Filters("/list", MultiDict(pairs), [STAGE, PROVEN], words="q")


def test_unknown_values_are_left_out_calmly() -> None:
    filters = filters_of("stage=deploy&stage=world&proven=maybe&evil=1")
    assert filters["stage"] == ("deploy",)
    assert filters.one("proven") is None
    assert filters.query_string == "stage=deploy"


def test_a_single_filter_takes_one_value() -> None:
    assert filters_of("proven=no&proven=yes")["proven"] == ("yes",)


def test_the_same_list_always_has_the_same_address() -> None:
    one = filters_of("stage=deploy&q=sepsis&stage=develop")
    other = filters_of("q= sepsis&stage=develop&stage=deploy&stage=deploy")
    assert one.query_string == other.query_string == "q=sepsis&stage=develop&stage=deploy"


def test_chips_take_one_thing_away_each() -> None:
    chips = filters_of("q=sepsis&stage=develop&stage=deploy&sort=name&page=3").chips
    assert [(chip.label, chip.remove_url) for chip in chips] == [
        ("“sepsis”", "/list?stage=develop&stage=deploy&sort=name"),
        ("Stage: Develop", "/list?q=sepsis&stage=deploy&sort=name"),
        ("Stage: Deploy", "/list?q=sepsis&stage=develop&sort=name"),
    ]


def test_clearing_keeps_the_order_and_nothing_else() -> None:
    assert filters_of("q=a&stage=develop&sort=-name").clear_url == "/list?sort=-name"
    assert filters_of("stage=develop").clear_url == "/list"


def test_an_address_can_be_changed_and_is_encoded() -> None:
    filters = filters_of("stage=develop")
    assert filters.url_with(page=2) == "/list?stage=develop&page=2"
    assert filters.url_with(q="a&b=c") == "/list?stage=develop&q=a%26b%3Dc"
    assert filters.url_with(stage=None) == "/list"


def test_words_are_one_short_line() -> None:
    assert filters_of("q=a\x00b\nc" + "d" * 500).text == "a b c" + "d" * 195


def test_active_filters_can_be_told_in_words() -> None:
    filters = filters_of("q=sepsis&stage=develop&stage=deploy")
    assert filters.active
    assert filters.described() == {"Words": "sepsis", "Stage": "Develop, Deploy"}
    assert not filters_of("sort=name&page=2").active


def test_a_list_page_shows_all_of_it(visitor: PageClient) -> None:
    page = visitor.get("/list?stage=develop&sort=-name&q=<b>").get_data(as_text=True)
    assert 'aria-sort="descending"' in page
    assert 'aria-label="Page 5" aria-current="page"' in page
    assert "Remove filter </span>Stage: Develop" in page
    assert "(1,200)" in page
    assert "Showing 81 to 100 of 123 innovations" in page
    assert '<input type="hidden" name="sort" value="-name">' in page
    assert "“&lt;b&gt;”" in page
