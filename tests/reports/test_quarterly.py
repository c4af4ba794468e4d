"""The quarters that have figures: a page that leads to them, and the command that freezes one."""

from collections.abc import Callable

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.clock import today
from portal.figures.models import FigureFreeze
from portal.reference.rules import Quarter
from tests import makers
from tests.cast import Cast, Person
from tests.pages import PageClient
from tests.statements import Statements

Browser = Callable[[Person], PageClient]


def test_the_command_freezes_a_quarter_that_is_over_and_only_once(
    app: Flask, session: Session, cast: Cast, as_: Browser
) -> None:
    makers.innovation("One", of=cast.innovator)
    session.commit()
    last = Quarter.of(today()).previous
    runner = app.test_cli_runner()
    done = runner.invoke(args=["reports", "freeze", last.code])
    assert done.exit_code == 0, done.output
    assert last.label in done.output
    frozen = session.scalars(select(FigureFreeze)).one()
    assert frozen.quarter_on == last.first
    again = runner.invoke(args=["reports", "freeze", last.code])
    assert again.exit_code == 1
    assert "frozen already" in again.output
    running = runner.invoke(args=["reports", "freeze", Quarter.of(today()).code])
    assert running.exit_code == 1
    assert "is not over yet" in running.output
    assert runner.invoke(args=["reports", "freeze", "soon"]).exit_code == 2
    page = as_(cast.national).get("/reports").text
    assert page.count("Frozen") == 1


def test_the_page_leads_staff_to_support_and_everybody_to_the_pipeline(
    cast: Cast, as_: Browser, statements: Statements
) -> None:
    last = Quarter.of(today()).previous
    for person, sees in ((cast.hin, True), (cast.national, True), (cast.ics, False)):
        with statements.at_most(10):
            page = as_(person).get("/reports").text
        assert (f"/figures?quarter={last.code}" in page) == sees
        assert f"/pipeline?on={last.last}" in page
        assert "Live: the quarter lasts" in page
