"""Files of the national directory bring places in line, and never close what they do not name."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from xlsxwriter import Workbook

from portal.clock import begin_of, clock_at
from portal.errors import Invalid
from portal.reference.models import (
    Site,
    SiteFile,
    SiteKind,
    SiteMembership,
    SiteName,
    SiteState,
    SiteWord,
)
from portal.reference.queries.sites import (
    site_membership_on,
    site_name_on,
    site_named,
    site_successors,
    sites,
)
from portal.reference.rules.ods import BY_NAME
from portal.reference.serialise import rows_of
from portal.reference.services import ods
from portal.reference.services.ods_file import LoadResult, OdsFile
from tests import makers
from tests.reference.ods_rows import followed, member, network, place, practice, write

FIRST, LATER = date(2026, 3, 1), date(2026, 6, 1)
Read = Callable[..., LoadResult]


@pytest.fixture
def read(session: Session, tmp_path: Path) -> Read:
    """Write a file and read it as `flask reference import-ods` does."""

    def reads(
        report: str,
        rows: Sequence[list[str]],
        on: date = FIRST,
        encoding: str = "utf-8",
        **how: bool,
    ) -> LoadResult:
        path = write(tmp_path / f"{report}.csv", rows, encoding)
        file = OdsFile(BY_NAME[report], lambda: rows_of(path), path.name, on, **how)
        ods.check(file)
        told = LoadResult()
        for _ in ods.read(file, told):
            session.expire_all()
        return told

    return reads


def site(session: Session, code: str) -> Site:
    return session.scalars(select(Site).where(Site.code == code)).one()


def test_what_a_row_tells_stands_in_the_place(read: Read, session: Session) -> None:
    read("eccg", [place("16C", "TEES VALLEY", icb="QHM")])
    read("epraccur", [practice("Z90001", 'THE "OLD" SURGERY, NORTH STREET', icb="QWU")])
    found = site(session, "Z90001")
    assert (found.name, found.kind) == ('THE "OLD" SURGERY, NORTH STREET', SiteKind.PRACTICE)
    assert (found.address, found.where) == ("1 NORTH STREET", "EXAMPLETON, ZZ1 1AA")
    assert found.opened_on == date(2010, 4, 1)
    assert found.state is SiteState.OPEN
    # By its postcode in one ICS, commissioned by another: it counts in the commissioner's.
    assert found.geography_ics_id == makers.ics("QWU").id
    assert found.commissioner_ics_id == found.ics_id == makers.ics("QHM").id


def test_reading_a_file_again_changes_nothing(read: Read, session: Session) -> None:
    rows = [practice("Z90001"), practice("Z90002", closed="20200331", status="INACTIVE")]
    assert read("epraccur", rows).counts["added"] == 2
    before = session.scalar(select(func.count()).select_from(SiteWord))
    again = read("epraccur", rows, LATER).counts
    assert (again["same"], again["added"], again["opened"], again["changed"]) == (2, 0, 0, 0)
    assert session.scalar(select(func.count()).select_from(SiteMembership)) == 2
    assert session.scalar(select(func.count()).select_from(SiteWord)) == before


def test_the_report_says_what_opened_closed_was_renamed_and_moved(
    read: Read, session: Session
) -> None:
    read("etr", [place("R1X", "OLD TRUST"), place("R2X", "OTHER TRUST"), place("R3X")])
    read("ets", [place("R1X01", above="R1X"), place("R1X02", above="R1X")])
    told = read(
        "etr",
        [
            place("R1X", "NEW TRUST"),
            place("R2X", "OTHER TRUST", closed="20260501"),
            place("R3X", postcode="ZZ9 9ZZ"),
            place("R4X", "FOURTH TRUST", opened="20260501"),
        ],
        LATER,
    )
    assert (told.counts["opened"], told.counts["closed"], told.counts["renamed"]) == (1, 1, 1)
    moved = read("ets", [place("R1X01", above="R4X"), place("R1X02", above="R1X")], LATER)
    assert moved.counts["moved"] == 1
    words = "\n".join(told.lines())
    assert "R1X OLD TRUST: now NEW TRUST" in words
    assert "1 with another address or day" in words
    noted = session.scalars(select(SiteFile).where(SiteFile.report == "etr", SiteFile.on == LATER))
    assert (noted.one().closed, site(session, "R1X01").parent.code) == (1, "R4X")


def test_a_new_name_leaves_the_old_one_on_its_days(read: Read, session: Session) -> None:
    read("etr", [place("R1X", "OLD TRUST")])
    told = read("etr", [place("R1X", "NEW TRUST")], LATER).counts
    assert (told["renamed"], told["moved"], told["changed"]) == (1, 0, 0)
    found = site(session, "R1X")
    assert site_name_on(found, date(2026, 5, 31)) == "OLD TRUST"
    assert site_name_on(found, LATER) == "NEW TRUST"
    assert session.scalars(select(SiteName.until_on)).all() == [date(2026, 5, 31)]
    assert site_named("new trust") is found
    assert site_named("old trust") is None


def test_a_new_postcode_alone_moves_nobody(read: Read, session: Session) -> None:
    read("etr", [place("R1X")])
    told = read("etr", [place("R1X", postcode="ZZ9 9ZZ")], LATER).counts
    assert (told["changed"], told["moved"], told["renamed"]) == (1, 0, 0)
    assert len(site(session, "R1X").memberships) == 1
    assert [one.code for one in session.scalars(sites("zz9 9zz"))] == ["R1X"]
    assert session.scalars(sites("zz1 1aa")).all() == []


def test_a_place_that_closes_tomorrow_is_open_today(read: Read, session: Session) -> None:
    read("etr", [place("R1X", closed="20260602"), place("R2X", closed="20260601")], LATER)
    assert site(session, "R1X").state_on(LATER) is SiteState.OPEN
    assert site(session, "R1X").state_on(date(2026, 6, 2)) is SiteState.CLOSED
    assert site(session, "R2X").state_on(LATER) is SiteState.CLOSED
    read("epraccur", [practice("Z90001", opened="20270401")], LATER)
    assert site(session, "Z90001").state_on(LATER) is SiteState.TO_OPEN


def test_the_state_in_sql_is_the_state_in_python(read: Read, session: Session) -> None:
    read(
        "epraccur",
        [
            practice("Z90001"),
            practice("Z90002", status="DORMANT"),
            practice("Z90003", closed="20260602"),
            practice("Z90004", closed="20260601"),
            practice("Z90005", opened="20260602"),
        ],
        LATER,
    )
    with clock_at(begin_of(LATER)):
        for state in SiteState:
            found = set(session.scalars(sites(states=[state.value])))
            assert found == {one for one in session.scalars(select(Site)) if one.state is state}


def test_a_close_day_before_the_open_day_is_left_out_and_said(read: Read, session: Session) -> None:
    fits = [place(f"R{n}X") for n in range(1, 10)] + [place(f"S{n}X") for n in range(1, 12)]
    told = read("etr", [*fits, place("R0X", opened="20200401", closed="20190401")])
    assert (told.counts["wrong"], told.counts["added"]) == (1, 20)
    assert "R0X: it closed on 2019-04-01, before it opened on 2020-04-01" in "\n".join(told.lines())
    assert session.scalar(select(Site).where(Site.code == "R0X")) is None


def test_a_parent_that_is_not_known_is_linked_when_it_comes(read: Read, session: Session) -> None:
    told = read("ets", [place("R1X01", above="R1X"), place("R2X01", above="R2X")])
    assert told.counts["unknown_parent"] == 2
    assert site(session, "R1X01").parent is None
    read("etr", [place("R1X", "EXAMPLE TRUST")])
    found = site(session, "R1X01")
    assert found.parent is site(session, "R1X")
    (held,) = found.memberships  # nobody moved: it was hers all along
    assert (held.parent_id, held.valid_from) == (found.parent_id, date(2010, 4, 1))
    assert site(session, "R2X01").parent is None


def test_a_commissioner_that_comes_later_gives_its_ics(read: Read, session: Session) -> None:
    read("epraccur", [practice("Z90001", icb="QWU")])
    assert site(session, "Z90001").commissioner_ics_id is None
    read("eccg", [place("16C", icb="QHM")])
    assert site(session, "Z90001").commissioner_ics_id == makers.ics("QHM").id


def test_one_code_in_two_reports_stays_with_the_one_that_tells_more(
    read: Read, session: Session
) -> None:
    read("ehospice", [place("8H1", "ROSE HOSPICE")])
    told = read("eother", [place("8H1", "ROSE HOSPICE LTD"), place("8H2"), place("8H3")])
    assert (told.counts["elsewhere"], told.counts["added"]) == (1, 2)
    assert site(session, "8H1").name == "ROSE HOSPICE"
    read("ehospice", [place("8H1", "ROSE HOSPICE"), place("8H2", "LILY HOSPICE")], LATER)
    assert site(session, "8H2").kind is SiteKind.HOSPICE


def test_an_empty_region_and_icb_are_no_ics(read: Read, session: Session) -> None:
    told = read("epraccur", [practice("Z90001", region="", icb=""), practice("Z90002", icb="QZZ")])
    assert site(session, "Z90001").ics_id is None
    assert (told.counts["unknown_icb"], site(session, "Z90002").ics_id) == (1, None)
    makers.ics("QWU").ods_code = "QZZ"
    read("epraccur", [practice("Z90001"), practice("Z90002", icb="QZZ")], LATER)
    (held,) = site(session, "Z90002").memberships
    assert held.geography_ics_id == makers.ics("QWU").id


def test_places_in_wales_and_prescription_pads_are_left_out(read: Read, session: Session) -> None:
    rows = [practice("W90001", region="W00"), practice("Z90002", role="RO31"), practice("Z90003")]
    told = read("epraccur", [*rows, practice("Z90004", role="RO247", status="DORMANT")])
    assert (told.counts["outside"], told.counts["added"]) == (2, 2)
    other = site(session, "Z90004")
    assert (other.kind, other.state) == (SiteKind.PRESCRIBING, SiteState.DORMANT)


def test_a_status_that_is_not_known_is_said_and_its_days_count(
    read: Read, session: Session
) -> None:
    told = read(
        "epraccur",
        [practice(f"Z9000{n}") for n in range(5)] + [practice("Z90009", status="RESTING")],
    )
    assert told.counts["unknown_status"] == 1
    assert site(session, "Z90009").state is SiteState.OPEN


def test_a_chain_of_successors_leads_to_the_one_that_is_open(read: Read, session: Session) -> None:
    read(
        "etr",
        [
            place("R1X", "A", closed="20200401"),
            place("R2X", "B", closed="20230401"),
            place("R3X", "C"),
            place("R4X", "D", closed="20240401"),
        ],
    )
    told = read(
        "succ",
        [
            followed("R1X", "R2X"),
            followed("R2X", "R3X"),
            followed("R9X", "R1X"),
            followed("R2X", "R4X"),
            followed("R4X", "R2X"),
        ],
    )
    assert (told.counts["linked"], told.counts["unknown_place"]) == (4, 1)
    assert [one.code for one in site_successors(site(session, "R1X"), FIRST)] == ["R3X", "R4X"]
    assert [one.code for one in site_successors(site(session, "R3X"), FIRST)] == ["R3X"]
    assert (
        read(
            "succ",
            [
                followed("R1X", "R2X"),
                followed("R2X", "R3X"),
                followed("R9X", "R1X"),
                followed("R2X", "R4X"),
                followed("R4X", "R2X"),
            ],
        ).counts["linked"]
        == 0
    )


def test_an_icb_that_merged_moves_its_places_on_the_day_of_the_merger(
    read: Read, session: Session
) -> None:
    old, new = makers.ics("QHG"), makers.ics("X26-CENTRAL-EAST")
    new.ods_code = "Q26"
    read("eccg", [place("16C", icb="QHG")])
    read("epraccur", [practice("Z90001", icb="QHG")])
    read("eccg", [place("16C", icb="Q26")], LATER)
    told = read("epraccur", [practice("Z90001", icb="Q26")], LATER)
    assert told.counts["moved"] == 1
    found = site(session, "Z90001")
    before = site_membership_on(found, date(2026, 3, 31))
    after = site_membership_on(found, date(2026, 4, 1))
    assert before is not None
    assert after is not None
    assert (before.ics_id, after.ics_id) == (old.id, new.id)
    assert (before.geography_ics_id, after.geography_ics_id) == (old.id, new.id)


def test_practices_join_and_leave_their_networks(read: Read, session: Session) -> None:
    read("epraccur", [practice("Z90001"), practice("Z90002")])
    read("epcn", [network("U00001"), network("U00002")])
    rows = [member("Z90001", "U00001"), member("Z90002", "U00001"), member("Z99999", "U00001")]
    told = read("epcncorepartnerdetails", rows)
    assert (told.counts["linked"], told.counts["unknown_place"]) == (2, 1)
    read("epraccur", [practice("Z90001"), practice("Z90002")], LATER)  # tells of no network
    told = read(
        "epcncorepartnerdetails",
        [
            member("Z90001", "U00001", end="20260331"),
            member("Z90001", "U00002", "20260401"),
            member("Z90002", "U00001", end="20260430"),
            member("Z99999", "U00001"),
        ],
        LATER,
    )
    one, other = site(session, "Z90001"), site(session, "Z90002")
    assert (one.parent.code, other.parent) == ("U00002", None)
    held = site_membership_on(one, date(2026, 3, 31))
    assert held is not None
    assert held.parent_id == site(session, "U00001").id
    again = site_membership_on(one, date(2026, 4, 1))
    assert again is not None
    assert again.parent_id == one.parent_id


def test_a_kind_that_an_administrator_set_stays(read: Read, session: Session) -> None:
    read("ets", [place("R1X01", above="R1X")])
    found = site(session, "R1X01")
    found.kind, found.is_kind_edited = SiteKind.MENTAL_HEALTH, True
    read("ets", [place("R1X01", "ANOTHER NAME", above="R1X")], LATER)
    assert site(session, "R1X01").kind is SiteKind.MENTAL_HEALTH


def test_other_codings_of_characters_are_read(read: Read, session: Session) -> None:
    read("ehospice", [place("8H1", "HOSPICE SAINT ANDRÉ")], encoding="cp1252")
    read("ehospice", [place("8H1", "HOSPICE SAINT ANDRÉ")], LATER, encoding="utf-8-sig")
    assert site(session, "8H1").name == "HOSPICE SAINT ANDRÉ"
    assert [one.code for one in session.scalars(sites("andre"))] == ["8H1"]


HEADER = place(
    "Organisation Code",
    "Name",
    region="National Grouping",
    icb="High Level Health Geography",
    street="Address Line 1",
    town="Town",
    postcode="Postcode",
    opened="Open Date",
    closed="Close Date",
)


def test_a_file_with_the_headers_of_the_web_page_is_read(read: Read, session: Session) -> None:
    assert read("etr", [HEADER, place("R1X"), place("R2X")]).counts["added"] == 2


def test_a_workbook_of_the_web_page_is_read(session: Session, tmp_path: Path) -> None:
    path = tmp_path / "etr.xlsx"
    with Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADER)
        sheet.write_row(1, 0, place("R1X", "A TRUST"))
        sheet.write_number(1, 10, 20100401)
    file = OdsFile(BY_NAME["etr"], lambda: rows_of(path, 27), path.name, FIRST)
    assert ods.check(file) == 1
    assert list(ods.read(file, LoadResult()))
    assert site(session, "R1X").opened_on == date(2010, 4, 1)


@contextmanager
def refused(session: Session, words: str) -> Iterator[None]:
    """Nothing is changed, and the words say why."""
    before = session.execute(select(Site.code, Site.closed_on, Site.name)).all()
    with pytest.raises(Invalid, match=words):
        yield
    assert session.execute(select(Site.code, Site.closed_on, Site.name)).all() == before


TRUSTS = [place(f"R{n:02}") for n in range(20)]
MIXED_UP = [*HEADER]
MIXED_UP[1], MIXED_UP[9] = MIXED_UP[9], MIXED_UP[1]


@pytest.mark.parametrize(
    ("report", "rows", "words"),
    [
        ("etr", [], "it has no rows"),
        ("etr", [HEADER], "it has no rows"),
        ("etr", TRUSTS[:2], "it has 2 rows, where the file of 2026-03-01 had 20"),
        ("etr", [MIXED_UP, *TRUSTS], "its header has “Postcode” in column 2"),
        ("etr", [["Organisation Code", "Name"], *TRUSTS], "it has 2 columns, where etr has 27"),
        (
            "etr",
            [row[:20] for row in TRUSTS],
            "20 of its 20 rows do not fit: row 1: it has 20 columns",
        ),
        ("etr", [practice(f"R{n:02}") for n in range(20)], "20 of its 20 rows have a status"),
        ("ets", TRUSTS, "0 of its 20 rows have somebody who runs them"),
        (
            "etr",
            [place(f"R{n:02}01", above="R01") for n in range(20)],
            "0 of its 20 rows have codes",
        ),
        ("epraccur", TRUSTS, "0 of its 20 rows have a status"),
        ("epcn", TRUSTS, "20 of its 20 rows do not fit"),
        ("ehospice", TRUSTS, "20 of its 20 codes are those of etr"),
        ("succ", [member("Z90001", "U00001")], "it has 11 columns, where succ has 5"),
    ],
)
def test_a_file_that_does_not_fit_is_refused_and_closes_nothing(
    read: Read, session: Session, report: str, rows: list[list[str]], words: str
) -> None:
    read("etr", TRUSTS)
    with refused(session, words):
        read(report, rows, LATER)


def test_a_shrunken_file_is_read_where_somebody_says_so(read: Read, session: Session) -> None:
    read("etr", TRUSTS)
    told = read("etr", TRUSTS[:2], LATER, may_shrink=True)
    assert told.counts["gone"] == 18
    assert {one.state_on(LATER) for one in session.scalars(select(Site))} == {SiteState.OPEN}


def test_a_file_of_changes_is_never_too_small(read: Read, session: Session) -> None:
    read("etr", TRUSTS)
    told = read("etr", [place("R01", "NEW NAME")], LATER, is_part=True)
    assert (told.counts["renamed"], told.counts["gone"]) == (1, 0)
    read("etr", TRUSTS, date(2026, 6, 2))


def test_a_file_older_than_the_last_is_refused(read: Read, session: Session) -> None:
    read("etr", TRUSTS, LATER)
    with refused(session, "a file of 2026-06-01 was read already"):
        read("etr", TRUSTS, FIRST)


def test_a_file_that_was_read_half_is_finished_by_reading_it_again(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ods, "STEP", 5)
    path = write(tmp_path / "etr.csv", TRUSTS)
    file = OdsFile(BY_NAME["etr"], lambda: rows_of(path), path.name, FIRST)
    steps = ods.read(file, LoadResult())
    assert next(steps) == 5
    steps.close()
    assert session.scalar(select(func.count()).select_from(SiteFile)) == 0
    told = LoadResult()
    assert list(ods.read(file, told))[-1] == 20
    assert (told.counts["added"], told.counts["same"]) == (15, 5)


def test_the_command_reads_parents_first_and_goes_on_after_a_refusal(
    app: Flask, session: Session, tmp_path: Path
) -> None:
    write(tmp_path / "ets_20260301.csv", [place("R1X01", above="R1X")])
    write(tmp_path / "etr_20260301.csv", [place("R1X", "EXAMPLE TRUST")])
    write(tmp_path / "ehospice.csv", [])
    names = [
        str(tmp_path / name) for name in ("ets_20260301.csv", "ehospice.csv", "etr_20260301.csv")
    ]
    session.commit()
    done = app.test_cli_runner().invoke(args=["reference", "import-ods", *names])
    assert done.exit_code == 1
    assert "ehospice.csv was not read as ehospice (hospices): it has no rows" in done.output
    assert "unknown" not in done.output
    assert session.scalar(select(func.count()).select_from(Site)) == 2
    other = write(tmp_path / "places.csv", [place("R1X")])
    asked = app.test_cli_runner().invoke(args=["reference", "import-ods", str(other)])
    assert "call the file after its report" in asked.output


def test_an_old_code_of_an_icb_that_went_whole_means_the_one_that_followed(
    read: Read, session: Session
) -> None:
    read("epraccur", [practice("Z90001", icb="QHG")])
    told = read("epraccur", [practice("Z90001", icb="QHG")], LATER)
    assert told.counts["moved"] == 1
    found = site(session, "Z90001")
    assert found.geography_ics_id == makers.ics("X26-CENTRAL-EAST").id
    assert found.memberships[0].valid_to == date(2026, 3, 31)
    assert read("epraccur", [practice("Z90001", icb="QHG")], LATER).counts["moved"] == 0
