"""The ICS of a postcode: by the file of ONS where there is one, else by the area."""

import csv
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from portal.innovations.queries.places import ics_of
from portal.reference.queries import postcodes
from portal.reference.rules.postcodes import NoPostcodes, PostcodeFile, number_of, write_postcodes
from tests import makers
from tests.examples import examples

HEADER = ["pcd", "pcd2", "pcds", "doterm", "oscty", "icb", "lat"]
NAMES = [
    ["ICB23CD", "ICB23CDH", "ICB23NM"],
    ["E54000001", "QHM", "North"],
    ["E54000002", "QWU", "C"],
]
Read = Callable[..., Result]


@pytest.fixture
def path(
    app: Flask, session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Path]:
    """Where the file of postcodes is made."""
    found = tmp_path / "postcodes.bin"
    monkeypatch.setitem(app.config, "POSTCODES", str(found))
    postcodes.lie_at(found)
    yield found
    postcodes.lie_at(None)


@pytest.fixture
def read(app: Flask, session: Session, path: Path, tmp_path: Path) -> Read:
    def reads(rows: list[list[str]], *words: str, header: list[str] = HEADER) -> Result:
        source, names = tmp_path / "onspd.csv", tmp_path / "names.csv"
        for file, lines in ((source, [header, *rows]), (names, NAMES)):
            with file.open("w", newline="", encoding="utf-8") as opened:
                csv.writer(opened).writerows(lines)
        session.commit()
        given = ["reference", "import-postcodes", str(source), *words]
        return app.test_cli_runner().invoke(args=[w.replace("NAMES", str(names)) for w in given])

    return reads


def row(postcode: str, icb: str) -> list[str]:
    plain = postcode.replace(" ", "")
    return [plain.ljust(7), plain, postcode, "", "E10", icb, "51.1"]


def test_the_file_tells_the_ics_of_a_postcode(read: Read, path: Path) -> None:
    assert ics_of("CV1 1AA") is makers.ics("QWU")  # by its area
    rows = [row("CV1 1AA", "E54000001"), row("CV1 1AB", "E54000002"), row("CF1 1AA", "W11000001")]
    done = read([*rows, row("CV9 9ZZ", "")], "--names", "NAMES")
    assert "The ICS of 2 postcodes is known" in done.output, done.output
    assert ics_of("cv11aa") is makers.ics("QHM")
    assert ics_of("CV1 1AB") is makers.ics("QWU")
    assert ics_of("CV2 2AA") is makers.ics("QWU")  # not in the file: by its area again
    assert ics_of("nonsense") is ics_of("") is None


def test_a_postcode_of_an_ics_that_ended_lies_in_the_one_that_followed(
    read: Read, path: Path
) -> None:
    assert read([row("ZZ1 1AA", "QHG")]).exit_code == 0
    assert ics_of("ZZ1 1AA") is makers.ics("X26-CENTRAL-EAST")


@pytest.mark.parametrize(
    ("rows", "header", "words"),
    [
        ([], HEADER, "0 postcodes lie in an ICS that is known"),
        ([row("CV1 1AA", "E54000001")], HEADER, "1 in another (E54000001)"),
        ([["CV1 1AA", "x"]], ["postcode", "town"], "no columns with a postcode (pcds) and an ICS"),
        ([["CV1 1AA"]], HEADER, "0 postcodes"),
    ],
)
def test_a_file_that_does_not_fit_leaves_the_one_before(
    read: Read, path: Path, rows: list[list[str]], header: list[str], words: str
) -> None:
    read([row("CV1 1AA", "QHM")])
    done = read(rows, header=header)
    assert done.exit_code == 1
    assert words in done.output
    assert ics_of("CV1 1AA") is makers.ics("QHM")


def test_a_far_smaller_file_is_asked_about(read: Read, path: Path) -> None:
    many = [row(f"CV{n} 1AA", "QHM") for n in range(1, 10)]
    read(many)
    assert "say --smaller" in read(many[:2]).output
    assert read(many[:2], "--smaller").exit_code == 0
    assert ics_of("CV1 1AA") is makers.ics("QHM")


def test_a_damaged_file_is_as_none(read: Read, path: Path) -> None:
    read([row("CV1 1AA", "QHM")])
    path.write_bytes(path.read_bytes()[:-3])
    assert ics_of("CV1 1AA") is makers.ics("QWU")
    with pytest.raises(NoPostcodes):
        PostcodeFile(path)


LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
CODES = st.from_regex(r"[A-Z]{1,2}[0-9][A-Z0-9]?[0-9][A-Z]{2}", fullmatch=True)


@settings(max_examples=examples(8))
@given(known=st.dictionaries(CODES, st.sampled_from(["QA", "QB", "QC"]), max_size=12), other=CODES)
def test_what_is_written_is_found(
    tmp_path_factory: pytest.TempPathFactory, known: dict[str, str], other: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "some.bin"
    assert write_postcodes(path, known) == len(known)
    file = PostcodeFile(path)
    assert {postcode: file.ics_code(postcode) for postcode in known} == known
    assert file.ics_code(other) == known.get(other)
    assert len({number_of(one) for one in known}) == len(known)
