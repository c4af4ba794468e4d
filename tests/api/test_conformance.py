"""Every operation does what the document says of it, whatever is sent: tried by schemathesis."""

from contextlib import nullcontext, suppress
from dataclasses import dataclass

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.specs.openapi import checks

from portal.accounts.models.tokens import TokenScope
from portal.challenges.models import Readers
from portal.db import db
from portal.imports.services import files as imports
from portal.innovations.models import Sharing
from tests import makers
from tests.api.conftest import token_of
from tests.cast import Cast
from tests.examples import examples
from tests.improvement import makers as improving
from tests.improvement import plotting

CHECKS = [
    schemathesis.checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
    checks.negative_data_rejection,
    checks.unsupported_method,
]


@dataclass(frozen=True)
class Caller:
    """The application, who asks, and the numbers that an address may name."""

    app: Flask
    headers: dict[str, str]
    known: dict[str, int]


@pytest.fixture(params=["anonymous", "hin"])
def asked(request: pytest.FixtureRequest, app: Flask, isolated: None) -> Caller:
    """A record and a challenge that all may read, and a program."""
    with app.app_context():
        cast = Cast()
        record = makers.innovation("Breath counter", of=cast.innovator, sharing=Sharing.PUBLIC)
        challenge = makers.challenge("Falls", of=cast.ics, readers=Readers.PUBLIC)
        importing = imports.begin(
            kind="challenges", name="needs.csv", data=b"Title\n", source="", by=cast.hin.actor
        )
        known = {
            "innovation_id": record.id,
            "challenge_id": challenge.id,
            "import_id": importing.id,
            "measure_id": _measure(cast),
        }
        headers = {"Accept-Encoding": "identity"}
        if request.param != "anonymous":
            token = token_of(getattr(cast, request.param), *TokenScope)
            headers["Authorization"] = f"Bearer {token}"
        db.session.commit()
    return Caller(app, headers, known)


def _measure(cast: Cast) -> int:
    """A measure over time with two months of the HIN's."""
    of = plotting.measure(of=improving.programme(by=cast.national), by=cast.national)
    plotting.counted([(3, 40), (33, 44)], of=of, by=cast.hin)
    return of.id


def test_every_operation_answers_as_the_document_says(asked: Caller) -> None:
    document = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", asked.app)
    tried = 0
    for found in document.get_all_operations():
        operation = found.ok()
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            tried += _try(asked, operation, mode)
    assert tried > 60


def _try(asked: Caller, operation, mode) -> int:
    """Send a few cases to an operation; returns how many. Half of those that fit ask for what is
    there."""
    tried = 0

    @settings(
        max_examples=examples(4),
        suppress_health_check=list(HealthCheck),
        database=None,
        derandomize=True,
    )
    @given(case=operation.as_strategy(generation_mode=mode), is_there=st.booleans())
    def send(case, is_there) -> None:
        nonlocal tried
        tried += 1
        if is_there and mode is GenerationMode.POSITIVE:
            case.path_parameters = {name: asked.known[name] for name in case.path_parameters or {}}
        answer = case.call(headers=asked.headers)
        case.validate_response(answer, checks=CHECKS)

    # Where an operation has no arguments, nothing can be sent wrongly.
    with suppress(Unsatisfiable) if mode is GenerationMode.NEGATIVE else nullcontext():
        send()
    return tried
