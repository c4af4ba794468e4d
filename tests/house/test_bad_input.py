"""Whatever is typed into whichever form: a clear page, what was typed kept, nothing changed."""

import re
from dataclasses import asdict, dataclass, field
from html import unescape
from typing import Any
from urllib.parse import urlsplit

import html5lib
import pytest
from sqlalchemy import func, select
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from portal.audit.models import AuditEvent
from tests.examples import ON_POSTGRESQL
from tests.house.conftest import Walk, rows
from tests.house.seen import seen
from tests.pages import NAMESPACE
from tests.together import once

NAMED = re.compile(r'\sname="([^"]*)"')
OPENED = re.compile(r"<form\b[^>]*>", re.IGNORECASE)
TYPED = {"text", "search", "email", "tel", "url", "number", "textarea"}
PICKED = {"radio", "checkbox", "select"}
REFUSED = {200, 400, 404, 409, 413}
PEOPLE = ("innovator", "ics", "hin", "national", "administrator", "anonymous")
TEXTS = {
    "empty": "",
    "blank": "   ",
    "all that may stand in a text": '=1+1 مساعد 🫁 "</p><script>',
    "a NUL byte": "before\x00after",
    "what steers the direction of text": "left\u202eright",
    "a number out of range": "99999999999999999999999",
}
OF_THE_DATABASE = {"a NUL byte", "a number out of range"}
"""What a database may choke on; all else a form refuses before any is asked."""
TEXTS_SENT = {
    what: text for what, text in TEXTS.items() if not ON_POSTGRESQL or what in OF_THE_DATABASE
}
WRONG_CHOICES = ("987654321",) if ON_POSTGRESQL else ("ATLANTIS", "987654321")
HUGE = "m" * 10_000_000
STRIPPED = dict.fromkeys(map(ord, "\x00\u202e"))
"""What a field takes out of what it shows again, after it said so."""


@dataclass
class Form:
    """A form as a page shows it: where it goes, what it would send, and the kind of each field."""

    page: str
    action: str
    sent: list[tuple[str, str]] = field(default_factory=list)
    kinds: dict[str, str] = field(default_factory=dict)
    offered: dict[str, list[str]] = field(default_factory=dict)
    """The values that a choice offers."""
    picked: list[str] = field(default_factory=list)
    """The fields that offer a choice; of a box on its own, any value means that it is ticked."""

    def filled(self, kinds: set[str], value: str, names: str = "") -> MultiDict[str, str]:
        """Return what is sent when every field of `kinds` (whose name fits) holds `value`."""
        changed = {n for n, kind in self.kinds.items() if kind in kinds and re.search(names, n)}
        kept = [(name, old) for name, old in self.sent if name not in changed]
        return MultiDict(kept + [(name, value) for name in changed])


def form_in(page: str, html: str) -> Form:
    """Read a form that changes something."""
    element = next(html5lib.parse(html).iter(f"{NAMESPACE}form"))
    form = Form(page, urlsplit(element.get("action") or page).path)
    for child in element.iter():
        _read(form, child)
    return form


def _read(form: Form, element: Any) -> None:
    tag, name = element.tag.removeprefix(NAMESPACE), element.get("name")
    kind = element.get("type", "text") if tag == "input" else tag
    if not name or kind not in TYPED | PICKED | {"hidden", "password"}:
        return
    if kind in PICKED and (kind != "checkbox" or name in form.kinds):
        form.picked.append(name)
    form.kinds[name] = kind
    if kind in PICKED:
        options = element.iter(f"{NAMESPACE}option") if tag == "select" else [element]
        form.offered.setdefault(name, []).extend(v for o in options if (v := o.get("value", "")))
    if tag == "select":
        chosen = [o for o in element.iter(f"{NAMESPACE}option") if o.get("selected") is not None]
        form.sent += [(name, o.get("value", "")) for o in chosen]
    elif kind not in PICKED or element.get("checked") is not None:
        form.sent.append((name, element.get("value", element.text or "")))


def shape(form: Form) -> tuple[str, frozenset[str]]:
    """Return what makes two forms the same: their address without ids, and their fields."""
    return re.sub(r"\d+", "N", form.action), frozenset(form.kinds)


def forms_of(walk: Walk, person: str) -> list[Form]:
    """Return every form that `person` meets on the pages of the table, once each."""
    if person not in walk.forms:
        found = once(walk.shared, f"forms-{person}", lambda: _forms_of(walk, person))
        walk.forms[person] = [Form(**one | {"sent": [*map(tuple, one["sent"])]}) for one in found]
    return walk.forms[person]


def _forms_of(walk: Walk, person: str) -> list[dict[str, Any]]:
    found: dict[object, Form] = {}
    alike: set[object] = set()
    for row in rows():
        if row["method"] != "GET" or row[person] != "200":
            continue
        page = row["path"].format(**walk.names)
        for html in seen(walk, row, [person])[person].forms:
            likeness = _likeness(page, html)
            if likeness not in alike:
                alike.add(likeness)
                form = form_in(page, html)
                found.setdefault(shape(form), form)
    return [asdict(form) for form in found.values()]


def _likeness(page: str, html: str) -> tuple[str, frozenset[str]]:
    """Return what tells the shapes of two forms apart before they are read, which takes long."""
    head = OPENED.match(html)
    assert head is not None
    at = head[0] if "action=" in head[0] else f"{page} {head[0]}"
    return re.sub(r"\d+", "N", at), frozenset(NAMED.findall(html))


@dataclass
class Hand:
    """Somebody who types nonsense into every form they meet, and writes down what went wrong."""

    walk: Walk
    person: str
    problems: list[str] = field(default_factory=list)

    def send(self, form: Form, what: str, data: MultiDict[str, str]) -> TestResponse:
        """Send the form; note an answer that is neither a refusal nor a success."""
        with self.walk.taken_back():
            before = self._written()
            answer = self.walk.browser(self.person).post(form.action, data=data)
            changed = self._written() != before
        if answer.status_code not in REFUSED | {302, 303}:
            self.note(form, what, f"answered {answer.status_code}")
        if answer.status_code in REFUSED and changed:
            self.note(form, what, "refused, but something was written")
        return answer

    def note(self, form: Form, what: str, problem: str) -> None:
        """Write down a problem."""
        self.problems.append(f"{form.page} → {form.action}, {what}: {problem}")

    def _written(self) -> int:
        return self.walk.connection.scalar(select(func.count(AuditEvent.id))) or 0


def missing(html: str, typed: MultiDict[str, str], names: set[str]) -> list[str]:
    """Return the fields whose typed text the page lost."""
    shown = " ".join(unescape(html).split())
    return [
        name
        for name in names
        if (text := " ".join((typed.get(name) or "").translate(STRIPPED).split()))
        and text not in shown
    ]


def is_met_before(walk: Walk, person: str, form: Form) -> bool:
    """Whether somebody who stands before `person` in the list can send the form too."""
    for row in rows():
        if (
            row["method"] == "POST"
            and row["path"].split("?")[0].format(**walk.names) == form.action
        ):
            before = PEOPLE[: PEOPLE.index(person)]
            return any(row[other] in {"200", "302"} for other in before)
    return False


@pytest.mark.parametrize("person", PEOPLE)
def test_nonsense_is_refused_in_words_and_kept(walk: Walk, person: str) -> None:
    hand = Hand(walk, person)
    forms = forms_of(walk, person)
    if person != "anonymous":
        forms = [form for form in forms if not is_met_before(walk, person, form)]
    assert forms
    for form in forms:
        typed_into = {name for name, kind in form.kinds.items() if kind in TYPED}
        for what, text in TEXTS_SENT.items() if typed_into else ():
            sent = form.filled(TYPED, text)
            answer = hand.send(form, what, sent)
            if answer.status_code == 200:
                for name in missing(answer.text, sent, typed_into):
                    hand.note(form, what, f"{name} was lost")
        _choose_wrongly(hand, form)
    written = next(form for form in forms if set(form.kinds.values()) & TYPED)
    assert hand.send(written, "ten megabytes", written.filled(TYPED, HUGE)).status_code in REFUSED
    assert not hand.problems, "\n".join(hand.problems)


def _choose_wrongly(hand: Hand, form: Form) -> None:
    """No choice, a choice that nobody offered, 31 February, a version of yesterday."""
    if form.picked:
        hand.send(form, "nothing chosen", form.filled(PICKED, ""))
        for value in WRONG_CHOICES:
            answer = hand.send(form, f"chosen {value}", form.filled(PICKED, value))
            if answer.status_code in {302, 303}:
                hand.note(form, f"chosen {value}", "taken")
    for stem in [name.removesuffix("-day") for name in form.kinds if name.endswith("-day")]:
        sent = form.filled(TYPED, "31", f"^{stem}-day$")
        sent[f"{stem}-month"], sent[f"{stem}-year"] = "2", "2026"
        answer = hand.send(form, "31 February", sent)
        if answer.status_code != 200 or "real date" not in answer.text:
            hand.note(form, "31 February", f"answered {answer.status_code} without the reason")
    if dict(form.sent).get("version", "0") not in {"", "0"}:
        answer = hand.send(form, "an old version", form.filled({"hidden"}, "0", "^version$"))
        if answer.status_code not in {200, 409}:
            hand.note(form, "an old version", f"answered {answer.status_code}")
