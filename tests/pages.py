"""A browser for tests that checks every page it is given."""

import re
from collections import Counter
from hashlib import sha256
from typing import Any

import html5lib
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.accounts.rules import new_token
from portal.accounts.services import open_session
from portal.accounts.session import SESSION_KEY
from portal.db import db
from tests.cast import Person
from tests.examples import ON_POSTGRESQL

NAMESPACE = "{http://www.w3.org/1999/xhtml}"
LABELLED = {"input", "select", "textarea"}
UNLABELLED_TYPES = {"hidden", "submit", "button", "image"}


VERBATIM = re.compile(r"(<(?:textarea|pre|script)\b.*?</(?:textarea|pre|script)>)", re.DOTALL)
BLOCK = re.compile(
    r" ?(</?(?:p|div|li|[uo]l|d[ldt]|h[1-6]|t[rdh]|table|thead|tbody|caption|section|form|fieldset"
    r"|legend|option|select|details|summary|header|footer|nav|main|br)\b[^>]*>) ?"
)


def opened(page: str, action: str = "") -> str:
    """The hidden field of the page's own form, or of the form that goes to `action`."""
    forms = re.findall(r'<form method="post"(?P<head>[^>]*)>(.*?)</form>', page, re.DOTALL)
    bodies = [b for head, b in forms if (f'action="{action}"' if action else "action=") in head]
    own = [b for _, b in forms if b not in bodies]
    body = (bodies if action else own or bodies)[0]
    found = re.search(r'name="opened" value="([^"]+)"', body)
    assert found
    return found[1]


class _Response(TestResponse):
    def get_data(self, as_text: bool = False) -> Any:
        """Return a page's text with the white space that a browser shows; all else as it is."""
        found = super().get_data(as_text)
        return _as_shown(found) if as_text and self.mimetype == "text/html" else found


def _as_shown(html: str) -> str:
    """Return a page without the line breaks of its templates, those of typed text left alone."""
    parts = VERBATIM.split(html)
    parts[::2] = [BLOCK.sub(r"\1", " ".join(f"|{part}|".split())[1:-1]) for part in parts[::2]]
    return "".join(parts)


class PageClient(FlaskClient):
    """Opens pages and refuses any that is not a good page, whatever the test looks for."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # As werkzeug makes its own: the test's reading before the application's response.
        self.response_wrapper = type("PageResponse", (_Response, self.response_wrapper), {})

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        # A context of its own, as on a server: the test's would lend this request its `g`, and with
        # it whoever asked before.
        with self.application.app_context():
            response = super().open(*args, **kwargs)
        if response.mimetype == "text/html" and response.status_code not in range(300, 400):
            html = response.data.decode()
            check_page(html, response.status_code)
            if "home.home" in self.application.view_functions and response.status_code < 500:
                assert 'class="nhsuk-navigation' in html or "nhsuk-header__nav" in html, "no way on"
        return response


def sign_in(app: Flask, person: Person) -> PageClient:
    """Return a browser that is signed in as `person`, through a real session row."""
    token = new_token()
    open_session(user=person.user, token=token, membership=person.membership)
    db.session.commit()
    return client_with(app, person.user.fs_uniquifier, token)


def client_with(app: Flask, uniquifier: str, token: str) -> PageClient:
    """Return a browser that has the cookie of an open session."""
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = uniquifier
        cookie["_fresh"] = True
        cookie["fs_cc"] = "set"
        cookie["fs_paa"] = 4102444800.0
        cookie[SESSION_KEY] = token
    return client


TEXT = re.compile(r">[^<>]+<")
NUMBER = re.compile(r"\d+")
VALUE = re.compile(r'(?<=value=")[^"]+(?=")')
IDS = re.compile(r'\sid="([^"]*)"')
LABELS = re.compile(r'<label\b[^>]*\sfor="([^"]*)"')
H1 = re.compile(r"<h1[\s>]")
TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
_GOOD: set[bytes] = set()
"""Shapes of what stands inside a page's `<main>`, and of what stands around it, once parsed."""


def check_page(html: str, status: int) -> None:
    """Fail unless the page has one h1, a full title, unique ids, labels and valid HTML.

    Whether the HTML is valid hangs on its tags and attributes: a page that differs from those that
    were parsed already in its words, numbers and values alone is not parsed again; nor is one whose
    main part was found good inside another header and footer that were found good. A run on
    PostgreSQL shows the pages that the run on SQLite looks over.
    """
    if ON_POSTGRESQL:
        return
    _check_words(html, status)
    shapes = {sha256(_shape(part).encode()).digest() for part in _parts(html)}
    if not shapes <= _GOOD:
        _check(html)
        _GOOD.update(shapes)


def _parts(html: str) -> tuple[str, ...]:
    """Return what stands around the page's one `<main>`, and that; of another page, the whole."""
    start, end = html.find("<main"), html.find("</main>")
    if html.count("<main") != 1 or html.count("</main>") != 1 or end < start:
        return (html,)
    return f"{html[:start]}</main>{html[end:]}", html[start:end]


def _shape(html: str) -> str:
    """Return a part of a page without its words, numbers and values."""
    return NUMBER.sub("0", VALUE.sub("x", TEXT.sub("><", html)))


def _check_words(html: str, status: int) -> None:
    """Fail over what no shape tells, or what one part of the page owes another."""
    ids = Counter(IDS.findall(html))
    twice = [name for name, count in ids.items() if count > 1]
    assert not twice, f"ids used twice: {twice}"
    dangling = set(LABELS.findall(html)) - ids.keys()
    assert not dangling, f"labels for nothing: {dangling}"
    assert len(H1.findall(html)) == 1, f"one h1 wanted: {len(H1.findall(html))}"
    title = " ".join(TITLE.findall(html)[0].split())
    assert " – " in title, f"the title lacks the service name: {title!r}"
    has_errors = 'class="nhsuk-error-summary"' in html or "nhsuk-error-message" in html
    assert title.startswith("Error: ") == (has_errors and status < 500), (
        f"the title does not tell of errors: {title!r}"
    )
    assert not re.search(r'\sstyle="', html), "an inline style: the CSP would refuse it"


def _check(html: str) -> None:
    parser = html5lib.HTMLParser(strict=False)
    root = parser.parse(html)
    problems = [f"line {line}: {code} {data}" for (line, _), code, data in parser.errors]
    assert not problems, f"not valid HTML: {problems[:5]}"
    _check_around(root)
    headings = [_text(h) for h in root.iter(f"{NAMESPACE}h1")]
    assert len(headings) == 1, f"one h1 wanted: {headings}"
    _check_labels(root, {e.get("id") for e in root.iter() if e.get("id")})


def _check_around(root: Any) -> None:
    """Nothing but divisions is open around a main part: it is as good inside another header."""
    mains = list(root.iter(f"{NAMESPACE}main"))
    body = root.find(f"{NAMESPACE}body")
    around = [body, *body.findall(f"{NAMESPACE}div")]
    assert all(any(main in parent for parent in around) for main in mains), "<main> lies too deep"


def _check_labels(root: Any, ids: set[str]) -> None:
    labelled = {e.get("for") for e in root.iter(f"{NAMESPACE}label")}
    dangling = labelled - ids - {None}
    assert not dangling, f"labels for nothing: {dangling}"
    for element in root.iter():
        name = str(element.tag).removeprefix(NAMESPACE)
        if name not in LABELLED or element.get("type") in UNLABELLED_TYPES:
            continue
        named = element.get("id") in labelled or element.get("aria-label")
        assert named or element.get("aria-labelledby"), f"no label: {element.attrib}"


def _text(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())
