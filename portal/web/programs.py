"""Addresses that programs ask: no cookie counts there, and no answer is a page of HTML."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Flask, Request, current_app, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Unauthorized
from werkzeug.wrappers import Response

from portal.web.keys import DIGEST

EXTENSION = "portal_programs"
Answer = Callable[[Exception], Response]


@dataclass(frozen=True, slots=True)
class Programs:
    """Which addresses they are, and how their refusals are told."""

    prefix: str
    """Every address that begins so."""
    pages: str
    """But for those that begin so: people read about the others there."""
    answer: Answer
    """Makes the answer of an error."""

    def has(self, path: str) -> bool:
        """Whether a program asks for the address."""
        return path.startswith(self.prefix) and not path.startswith(self.pages)


def register(app: Flask, programs: Programs) -> None:
    """Let programs ask for these addresses of the application."""
    app.extensions[EXTENSION] = programs


def asked_by_program() -> bool:
    """Whether this request is one of a program's."""
    programs: Programs | None = current_app.extensions.get(EXTENSION)
    return programs is not None and programs.has(request.path)


def or_page(page: Callable[..., Any]) -> Callable[[Exception], Any]:
    """Return a handler that tells an error to a program in its way, to people by `page`."""

    def handle(error: Exception) -> Any:
        if asked_by_program():
            return current_app.extensions[EXTENSION].answer(error)
        return page(error)

    return handle


def unauthorized(words: str) -> Unauthorized:
    """Return the refusal of a program that must show a token."""
    return Unauthorized(words, www_authenticate=WWWAuthenticate("bearer"))


class PeopleSessions(SecureCookieSessionInterface):
    """Sessions of browsers: a program has none, whatever cookies it sends, and gets none. So no
    other site can make a browser ask in the name of whoever is signed in.

    The cookie is signed with SHA-512; those of the default, SHA-1, are ended."""

    digest_method = staticmethod(DIGEST)

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Return what the cookie says, nothing for a program."""
        if self._is_program(app, request.path):
            return self.session_class()
        return super().open_session(app, request)

    def save_session(self, app: Flask, session: Any, response: Any) -> None:
        """Write the cookie, none for a program."""
        if not self._is_program(app, request.path):
            super().save_session(app, session, response)

    @staticmethod
    def _is_program(app: Flask, path: str) -> bool:
        programs: Programs | None = app.extensions.get(EXTENSION)
        return programs is not None and programs.has(path)
