"""What was published of modelled effects and of years is there, with source and contradictions."""

import re

from flask import Flask
from sqlalchemy import func, select

from portal.db import db
from portal.impact.models import Estimate
from portal.programmes.models import ProgrammeValue, ValueKind
from portal.programmes.services.loading import load_all
from tests.programmes.conftest import loaded

__all__ = ["loaded"]


def _text(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", html))


def test_what_was_published_is_loaded_with_its_source_and_loading_again_changes_nothing(
    loaded: Flask,
) -> None:
    with loaded.app_context():
        assert db.session.scalar(select(func.count(Estimate.id))) == 12
        assert load_all() == []
        rows = db.session.scalars(select(Estimate)).all()
        assert all(row.published and row.published.kind is ValueKind.MODELLED for row in rows)
        assert all(row.published.source.startswith(row.document) for row in rows)
        # Every published value of a modelled effect is an estimate, or the scaled result of one.
        told = {row.value_id for row in rows} | {row.scaled_value_id for row in rows}
        modelled = db.session.scalars(
            select(ProgrammeValue.code).where(
                ProgrammeValue.kind == ValueKind.MODELLED, ProgrammeValue.id.not_in(told - {None})
            )
        ).all()
        assert modelled == ["PF272"]  # the number of homes to which it was scaled
        db.session.rollback()


def test_contradictions_stay_visible_to_anybody(loaded: Flask) -> None:
    text = _text(loaded.test_client().get("/impact/estimates").text)
    assert "£8,500,000 Modelled In use" in text
    assert "just over £8,400,000" in text
    assert "another source says just over £8.4 million" in text
    assert "Contradiction: another source gives January 2021 to September 2022" in text
    assert (
        "2,236 × 7,040 sites ÷ 31,116 as published = about 506 sites: the source does not say"
        in text
    )
    assert "Releases no cash" in text


def test_published_years_stand_with_source_and_contradiction(loaded: Flask) -> None:
    text = _text(loaded.test_client().get("/impact").text)
    for said in (
        "about £500,000,000",
        "more than 1,300 jobs",
        "81.5 jobs",
        "about £2.6 billion up to 2023-24 and about £500 million in the year make £3.1 billion",
        "Health Innovation Wessex, annual review 2022-23",
    ):
        assert said.lower() in text.lower()
