"""A browser without a screen: opens pages of a served portal, fills forms in, presses buttons."""

import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin

import html5lib
import requests

X = "{http://www.w3.org/1999/xhtml}"
PASSWORD = "demonstration-only"  # noqa: S105  # it is printed for everybody who tries the portal


@dataclass
class Form:
    """A form of a page: where it is sent, what stands in it, and what each list offers."""

    action: str
    values: dict[str, str]
    offered: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    files: set[str] = field(default_factory=set)
    """The fields for files."""


class Browser:
    """Somebody who is signed in to the portal at an address."""

    def __init__(self, address: str, email: str = "", cookie: str = "") -> None:
        """Sign in by email address and the demonstration's password, or by a session's cookie."""
        self.session, self.address, self.url, self.text = requests.Session(), address, address, ""
        if cookie:
            self.session.cookies.set("session", cookie)
            return
        self.open("/account/sign-in")
        self.send(self.form("password"), email=email, password=PASSWORD)
        if "/account/sign-in" in self.url:
            raise RuntimeError(f"{email} cannot sign in")

    def open(self, path: str) -> str:
        """Open a page; returns its text."""
        return self._keep(self.session.get(urljoin(self.url, path), timeout=120))

    def may_open(self, path: str) -> bool:
        """Whether a page is open to them."""
        return self.session.get(urljoin(self.url, path), timeout=120).ok

    def send(self, form: Form, files: Any = None, **typed: str) -> str:
        """Send a form with what is typed over what stands in it; returns the page it leads to."""
        values = {**form.values, **typed}
        address = urljoin(self.url, form.action)
        return self._keep(self.session.post(address, data=values, files=files, timeout=120))

    def _keep(self, answer: requests.Response) -> str:
        self.url, self.text = answer.url, answer.text
        if answer.status_code >= 400:
            said = " ".join(re.sub(r"<[^>]+>", " ", answer.text.partition("<main")[2]).split())
            raise RuntimeError(f"{answer.status_code} from {answer.url}: {said[:1000]}")
        return self.text

    def form(self, having: str = "", to: str = "") -> Form:
        """Return the first form of the page's main part that has this field and leads there."""
        page = html5lib.parse(self.text)
        main = next(page.iter(f"{X}main"), page)
        for one in main.iter(f"{X}form"):
            found = _form(one)
            if (not having or having in {*found.values, *found.files}) and found.action.endswith(
                to
            ):
                return found
        raise RuntimeError(f"no such form on {self.url}: {having or to}")


def _form(element: Any) -> Form:
    found = Form(element.get("action") or "", {})
    for one in element.iter():
        name = one.get("name")
        kind = one.get("type")
        if not name:
            continue
        if one.tag == f"{X}select":
            options = [
                (o.get("value") or "", "".join(o.itertext())) for o in one.iter(f"{X}option")
            ]
            chosen = [
                o.get("value") or "" for o in one.iter(f"{X}option") if "selected" in o.attrib
            ]
            found.offered[name] = options
            found.values[name] = chosen[0] if chosen else options[0][0]
        elif one.tag == f"{X}textarea":
            found.values[name] = (one.text or "").removeprefix("\n")
        elif one.tag == f"{X}input" and kind == "file":
            found.files.add(name)
        elif one.tag == f"{X}input" and kind != "submit" and _counts(one, kind):
            found.values[name] = one.get("value") or ""
    for one in element.iter(f"{X}label"):
        found.labels[one.get("for") or ""] = " ".join("".join(one.itertext()).split())
    return found


def _counts(element: Any, kind: str | None) -> bool:
    return kind not in ("radio", "checkbox") or "checked" in element.attrib
