"""Reading the files of the national directory leaves other readers as they were."""

import csv
from pathlib import Path

from portal.reference.serialise import rows_of


def test_how_long_a_cell_may_be_is_as_before_when_a_file_was_read(tmp_path: Path) -> None:
    before, file = csv.field_size_limit(), tmp_path / "long.csv"
    file.write_text(f'A,"{"b" * 200_000}"\n', encoding="utf-8")
    assert [len(row[1]) for row in rows_of(file)] == [200_000]
    assert csv.field_size_limit() == before


def test_two_files_that_are_read_side_by_side_leave_the_limit_as_it_was(tmp_path: Path) -> None:
    before, file = csv.field_size_limit(), tmp_path / "two.csv"
    file.write_text("a,b\nc,d\n", encoding="utf-8")
    one, other = rows_of(file), rows_of(file)
    assert list(zip(one, other, strict=True)) == [(["a", "b"],) * 2, (["c", "d"],) * 2]
    assert csv.field_size_limit() == before
