"""CSV files as people save them are read, or refused with what to do."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.web.csv_files import MORE, FileWrong, column_name, lines_of, read_csv
from tests.examples import examples

TEXT = "external_key,name,cost\r\nA1,Café – “Zoë”,£5\r\nA2,Naïve,\r\n"
READ = [(2, {"external_key": "A1", "name": "Café – “Zoë”", "cost": "£5"})]
READ += [(3, {"external_key": "A2", "name": "Naïve"})]


def rows(data: bytes) -> list[tuple[int, dict[str, str]]]:
    return list(read_csv(data)[1])


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"]
)
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_every_encoding_and_separator_of_excel_is_read(encoding: str, separator: str) -> None:
    assert rows(TEXT.replace(",", separator).encode(encoding)) == READ


def test_a_mac_s_own_letters_are_read() -> None:
    assert rows("name\rNaïve at £5\r".encode("mac_roman"))[0][1] == {"name": "Naïve at £5"}


@pytest.mark.parametrize("encoding", ["cp1252", "mac_roman"])
@pytest.mark.parametrize("end", ["\r\n", "\n"])
@pytest.mark.parametrize(
    "words",
    [
        "Élan by Maß; it’s “smart” – €5",
        "Café Müller",
        "A – B, C’s",
        "Zoë Søn, São Tomé",
        "Straße 5 ½ °C ± 2 µg",
        "£1,200…",
    ],
)
def test_letters_of_one_byte_are_those_that_were_meant(encoding: str, end: str, words: str) -> None:
    if encoding == "mac_roman":
        words = words.replace("½", "")  # which it does not have
    data = f'name;cost{end}"{words}";1{end}'.encode(encoding)
    assert rows(data) == [(2, {"name": words, "cost": "1"})]


def test_what_dos_ends_a_file_with_is_no_row() -> None:
    assert rows(b"name;cost\r\nA;1\r\n\x1a") == [(2, {"name": "A", "cost": "1"})]


def test_a_quotation_mark_that_is_never_closed_swallows_no_rows() -> None:
    data = b'name,cost\r\nA,"5"\r\nB,"six\r\nC,7\r\nD,8\r\n'
    for read in (rows, lambda sent: list(lines_of(sent))):
        with pytest.raises(FileWrong, match=r"line 3: a quotation mark .* never closed"):
            read(data)
    assert rows(b'name,cost\r\nA 5" screen,6\r\n') == [(2, {"name": 'A 5" screen', "cost": "6"})]


def test_headers_with_hard_spaces_capitals_and_words_are_the_columns() -> None:
    data = "\u00a0External\u00a0Key ,Owner-Email,,\nA1,a@example.org,,\n".encode()
    columns, found = read_csv(data)
    assert columns == ["external_key", "owner_email"]
    assert list(found) == [(2, {"external_key": "A1", "owner_email": "a@example.org"})]


def test_empty_rows_are_left_out_and_lines_keep_their_numbers() -> None:
    data = b'\xef\xbb\xbfname,cost\n,,\n\n"two\nlines",1\n \xc2\xa0,\nlast,\n'
    assert rows(data) == [(5, {"name": "two\nlines", "cost": "1"}), (7, {"name": "last"})]


def test_excels_own_line_about_the_separator_is_no_header() -> None:
    assert rows(b"sep=;\r\nname;cost\r\nA;1,5\r\n") == [(3, {"name": "A", "cost": "1,5"})]


def test_a_separator_in_a_quoted_header_separates_nothing() -> None:
    assert read_csv(b'"a;b;c",name\n1,2\n')[0] == ["a;b;c", "name"]


def test_cells_without_a_column_are_told_not_lost() -> None:
    assert rows(b"name,\nA,,x\nB,y\n") == [
        (2, {"name": "A", MORE: "x"}),
        (3, {"name": "B", MORE: "y"}),
    ]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"PK\x03\x04rest", "Excel workbook"),
        (b"\xd0\xcf\x11\xe0rest", "Excel workbook"),
        (b"", "is empty"),
        (b"\n\n", "is empty"),
        (b"name,Name\n", "twice: name"),
        (b"\xff\xfea", "damaged"),
    ],
)
def test_what_cannot_be_read_is_refused_with_what_to_do(data: bytes, said: str) -> None:
    with pytest.raises(FileWrong, match=said):
        rows(data)


def test_a_header_is_one_column_however_it_is_written() -> None:
    for header in ("External Key", " external_key\u00a0", "EXTERNAL-KEY", "\ufeffexternal key"):
        assert column_name(header) == "external_key"


@settings(max_examples=examples(200), deadline=None)
@given(data=st.binary(max_size=300))
def test_no_file_at_all_breaks_the_reader(data: bytes) -> None:
    try:
        found = rows(data)
    except FileWrong:
        return
    assert all(isinstance(cell, str) for _, row in found for cell in row.values())
