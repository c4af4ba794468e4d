"""Programs that ask the API, with tokens of the cast."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from portal.accounts.models.tokens import TokenScope
from portal.accounts.services import make_token
from tests.cast import Person

BASE = "/api/v1"


def token_of(person: Person, *scopes: TokenScope) -> str:
    """Make a token of a person of the cast, for reading unless told."""
    return make_token(
        user=person.user,
        membership=person.membership,
        name="Spreadsheet",
        scopes=scopes or (TokenScope.READ,),
        days=30,
        by=person.actor,
    )


class Program:
    """Asks the API by one token, or by none."""

    def __init__(self, app: Flask, token: str = "") -> None:
        self.client = app.test_client()
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}

    def ask(self, path: str, method: str = "GET", **options: Any) -> TestResponse:
        """Return the answer to a request below `/api/v1`."""
        headers = {**self.headers, **options.pop("headers", {})}
        return self.client.open(BASE + path, method=method, headers=headers, **options)

    def get(self, path: str, **options: Any) -> Any:
        """Return what an address says; fails for a refusal."""
        answer = self.ask(path, **options)
        assert answer.status_code == 200, answer.text
        return answer.get_json()

    def every(self, path: str) -> list[Any]:
        """Return the items of a list, however many parts it has."""
        found, here = [], path
        while here:
            answer = self.get(here)
            found += answer["items"]
            here = (answer["next"] or "").partition(BASE)[2]
        return found


@pytest.fixture
def anybody(app: Flask, isolated: None) -> Program:
    """A program without a token."""
    return Program(app)


@pytest.fixture
def by(app: Flask, session: Session) -> Callable[..., Program]:
    """Return a program that has a token: `by(cast.hin, TokenScope.INTERACTIONS)`."""

    def with_token(person: Person, *scopes: TokenScope) -> Program:
        token = token_of(person, *scopes)
        session.commit()
        return Program(app, token)

    return with_token
