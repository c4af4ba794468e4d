"""Every form of every room: it carries how it was opened, and what it makes is made once."""

import os
import re
from collections.abc import Iterator
from functools import lru_cache
from html import unescape
from urllib.parse import unquote

import pytest
from sqlalchemy import CompoundSelect, func, literal, select, union_all
from werkzeug.datastructures import MultiDict

from portal.accounts.models import Membership, Organisation
from portal.db import Base, db
from portal.web import kept
from tests.examples import ON_POSTGRESQL
from tests.house.at_once import AtOnce, several_at_once, states
from tests.house.conftest import Walk
from tests.house.test_bad_input import PEOPLE, Form, forms_of, missing, shape
from tests.pages import PageClient

BOOKKEEPING = {
    *("audit_event", "audit_words", "job", "sent_form", "kept_form", "user_session"),
    "security_event",
}
WORKS_ANYHOW = re.compile(r"/account/(sign-out|act-as)$")
"""Signing out and changing over work whatever the page was opened as."""

SIGNS_OUT = re.compile(r"/account/(sign-out|act-as|close)$")
"""After these the same browser is nobody, or somebody else: it is led to where one signs in."""

SWITCHES = {
    "innovator": "other_innovator",
    "ics": "other_hin",
    "hin": "other_hin",
    "national": "ics",
    "administrator": "hin",
}
"""What each person changes over to in a second tab: another organisation, or another role too."""

of_no_database = pytest.mark.skipif(
    ON_POSTGRESQL, reason="what a form carries hangs on no database, and the walk opens every page"
)


def rows_of(walk: Walk) -> dict[str, int]:
    """How many rows each table has that people fill."""
    counted = walk.connection.execute(_counting()).all()
    return {row[0]: row[1] for row in counted}


@lru_cache(maxsize=1)
def _counting() -> CompoundSelect[tuple[str, int]]:
    """One statement for all tables: it is asked several times for every form."""
    tables = [table for name, table in Base.metadata.tables.items() if name not in BOOKKEEPING]
    return union_all(
        *(select(literal(table.name), func.count()).select_from(table) for table in tables)
    )


def grown(before: dict[str, int], after: dict[str, int]) -> set[str]:
    """The tables that have more rows than before."""
    return {name for name, count in after.items() if count > before[name]}


def plausible(form: Form) -> MultiDict[str, str]:
    """What somebody in a hurry types: each text a word, the first of every choice, today."""
    sent = MultiDict(form.sent)
    for name, kind in form.kinds.items():
        if name in sent and sent[name] and kind != "text":
            continue
        offered = form.offered.get(name)
        if kind in {"radio", "checkbox", "select"}:
            if offered and not sent.get(name):
                sent[name] = offered[0]
        elif kind != "hidden" and not sent.get(name):
            sent[name] = _typed(name, kind)
    return sent


def _typed(name: str, kind: str) -> str:
    parts = {"-day": "2", "-month": "11", "-year": "2026"}
    part = next((value for end, value in parts.items() if name.endswith(end)), None)
    if part:
        return part
    if "email" in name:
        return "somebody.new@example.org"
    known = {"website": "https://example.org", "url": "https://example.org", "postcode": "CV1 1AA"}
    if name in known:
        return known[name]
    return "3" if re.search("minutes|hours|count|cost|number|sites|patients", name) else "Something"


def texts_of(form: Form) -> set[str]:
    """The fields into which people type what can be shown again."""
    typed = {name for name, kind in form.kinds.items() if kind in {"text", "textarea"}}
    return {name for name in typed if not kept.is_secret(name)}


def forms_met(walk: Walk) -> Iterator[tuple[str, Form]]:
    """Every form of the portal with one of those who meet it."""
    seen = set()
    for person in PEOPLE:
        for form in forms_of(walk, person):
            if shape(form) not in seen:
                seen.add(shape(form))
                yield person, form


@of_no_database
def test_every_form_carries_how_it_was_opened(walk: Walk) -> None:
    bare = [
        f"{form.page} → {form.action}"
        for _person, form in forms_met(walk)
        if "opened" not in form.kinds and not WORKS_ANYHOW.search(form.action)
    ]
    assert not bare, f"forms outside form_tag and action: {bare}"


def test_a_field_for_a_password_is_called_so(walk: Walk) -> None:
    kinds = {name: kind for _person, form in forms_met(walk) for name, kind in form.kinds.items()}
    secret = {name for name, kind in kinds.items() if kind == "password"}
    assert secret
    assert {name for name in secret if not kept.is_secret(name)} == set()


def test_what_a_form_makes_is_made_once(walk: Walk) -> None:
    made: set[str] = set()
    problems = []
    for person, form in forms_met(walk):
        data = plausible(form)
        with walk.taken_back():
            browser, before = walk.browser(person), rows_of(walk)
            first = browser.post(form.action, data=data)
            after = rows_of(walk)
            if first.status_code not in {302, 303} or not grown(before, after):
                continue
            made.add(re.sub(r"\d+", "N", form.action))
            second = browser.post(form.action, data=data)
            if rows_of(walk) != after:
                problems.append(f"{form.page} → {form.action}: {grown(after, rows_of(walk))}")
            elif not SIGNS_OUT.search(form.action) and second.location != first.location:
                problems.append(f"{form.action}: {second.status_code} {second.location}")
    assert not problems, "\n".join(problems)
    assert len(made) >= 30, sorted(made)


@pytest.mark.skipif(
    not (ON_POSTGRESQL and os.environ.get("FORMS_AT_ONCE")),
    reason="takes minutes: FORMS_AT_ONCE=1 TEST_DATABASE=postgresql; SQLite has one writer",
)
@pytest.mark.filterwarnings("ignore:DELETE statement on table")  # the other one has removed it
def test_what_several_send_at_once_is_done_once_and_never_a_fault(walk: Walk) -> None:
    """A double click is done once; colleagues who decide the same in one moment get the page of a
    refusal, or are led to what the first made."""
    problems, tried = [], set()
    with several_at_once(walk) as together:
        for person, form in forms_met(walk):
            alone, data = _alone(walk, person, form), plausible(form)
            if alone is None:
                continue
            tried.add(re.sub(r"\d+", "N", form.action))
            problems += _clicked_twice(together, person, form, alone)
            data.poplist("opened")
            problems += _faults(form, together.post(person, form.action, data))
    assert not problems, "\n".join(problems)
    assert len(tried) >= 100, sorted(tried)


def _alone(walk: Walk, person: str, form: Form) -> dict[str, int] | None:
    """What one who sends the form adds to each table; None where it is refused."""
    with walk.taken_back():
        before = states(walk.connection)
        answer = walk.browser(person).post(form.action, data=plausible(form))
        after = states(walk.connection)
    done = answer.status_code in {302, 303}
    return {name: after[name][0] - before[name][0] for name in after} if done else None


def _clicked_twice(
    together: AtOnce, person: str, form: Form, alone: dict[str, int]
) -> Iterator[str]:
    together.put_back()
    before = together.counts()
    got = together.post(person, form.action, plausible(form))
    yield from _faults(form, got)
    after = together.counts()
    passing = {*BOOKKEEPING, "figure_change"}  # a row for each commit, as many as it takes
    added = {name: after[name] - before[name] for name in after if name not in passing}
    other = {name: (alone[name], count) for name, count in added.items() if count != alone[name]}
    if other:
        yield f"{form.page} → {form.action}: alone and together added {other}, {got}"


def _faults(form: Form, got: list[str]) -> list[str]:
    known = ("200", "302", "303", "400", "403", "404", "409", "410")
    wrong = [one for one in got if not one.startswith(known)]
    return [f"{form.page} → {form.action}: {wrong}"] if wrong else []


@of_no_database
def test_a_form_opened_for_one_organisation_is_not_saved_for_another(walk: Walk) -> None:
    """Opened in one tab, sent after a second tab changed over: to another role, for most."""
    met = list(forms_met(walk))
    problems, typed = [], 0
    for person, other in SWITCHES.items():
        mine = [form for who, form in met if who == person and "opened" in form.kinds]
        found, texts = _sent_after_a_switch(walk, mine, person, other)
        problems += found
        typed += texts
        assert texts > 5, f"{person} types nothing"
    assert not problems, "\n".join(problems)
    assert typed > 100


def _sent_after_a_switch(
    walk: Walk, forms: list[Form], person: str, other: str
) -> tuple[list[str], int]:
    """Send what `person` opened while they act as `other`; returns what was wrong, and how many
    texts were looked for."""
    problems, typed = [], 0
    with walk.taken_back():
        second = _second_membership(walk, person, other)
        browser = walk.browser(person)
        assert browser.post("/account/act-as", data={"membership": second}).status_code == 302
        before = rows_of(walk)
        for form in forms:
            data = plausible(form)
            texts = {name for name in texts_of(form) if not data[name].isdigit()}
            answer = browser.post(form.action, data=data)
            if answer.status_code != 409 or _opened_for(walk, person) not in unescape(answer.text):
                problems.append(f"{form.action}: {answer.status_code}")
            # Once without its tags too: what has several paragraphs stands in several elements.
            shown = answer.text + re.sub(r"<[^>]+>", " ", answer.text)
            problems += [f"{form.action}: {n} was lost" for n in missing(shown, data, texts)]
            typed += len(texts)
        problems += [f"{person}, {name}: written" for name in grown(before, rows_of(walk))]
    return problems, typed


def _second_membership(walk: Walk, person: str, other: str) -> int:
    """Let `person` act as `other` does as well; returns the id of that membership."""
    mine, theirs = walk.actors[person], walk.actors[other]
    with walk.app.app_context():
        row = Membership(
            user_id=mine.user_id, organisation_id=theirs.organisation_id, role=theirs.role
        )
        db.session.add(row)
        db.session.commit()
        return row.id


def _opened_for(walk: Walk, person: str) -> str:
    """The organisation for which `person` opened their forms."""
    with walk.app.app_context():
        return db.session.get_one(Organisation, walk.actors[person].organisation_id).name


def test_what_is_typed_survives_the_end_of_a_session(walk: Walk) -> None:
    problems, typed = [], 0
    for person, form in forms_met(walk):
        texts = texts_of(form)
        if person == "anonymous" or not texts or "opened" not in form.kinds:
            continue
        data = plausible(form)
        for name in texts:
            data[name] = f"Typed into {name}"
        with walk.taken_back():
            stranger = walk.app.test_client()
            referrer = {"Referer": f"http://localhost{form.page}"}
            sent = stranger.post(form.action, data=data, headers=referrer)
            if sent.status_code != 302 or "/account/sign-in?next=" not in sent.location:
                problems.append(f"{form.action}: {sent.status_code} {sent.location}")
                continue
            back = unquote(sent.location.split("next=")[1])
            again = walk.browser(person)
            again.set_cookie("kept", stranger.get_cookie("kept").value)
            page = again.get(back)
            said = "Nothing is saved yet" in page.text
            lost = {name for name in texts if f"Typed into {name}" not in unescape(page.text)}
            if lost or not said:
                problems.append(f"{form.page} → {form.action} ({back}, {page.status_code}): {lost}")
            typed += len(texts)
    assert not problems, "\n".join(problems)
    assert typed > 50


def test_a_form_that_comes_without_its_version_overwrites_nothing(walk: Walk) -> None:
    """A page that lost the field, or a script: refused as an old version is, with the words."""
    problems, refused = [], set()
    for person, form in forms_met(walk):
        names = {name for name in form.kinds if name == "version" or name.endswith("-version")}
        if not dict(form.sent).get("version", "0").strip("0"):
            continue  # nothing is there yet that it could overwrite
        data = plausible(form)
        for name in names:
            data.poplist(name)
        with walk.taken_back():
            answer = walk.browser(person).post(form.action, data=data)
        if answer.status_code in {302, 303}:
            problems.append(f"{form.page} → {form.action}: saved, {answer.location}")
        if answer.status_code == 409:
            refused.add(re.sub(r"\d+", "N", form.action))
            lost = missing(answer.text, data, texts_of(form))
            problems += [f"{form.action}: {name} was lost" for name in lost]
    assert not problems, "\n".join(problems)
    assert len(refused) >= 15, sorted(refused)


def test_what_was_removed_already_is_said_so(walk: Walk) -> None:
    """From a second tab, whose form has a key of its own: a plain page, never "not found"."""
    problems, removed = [], set()
    for person, form in forms_met(walk):
        data = plausible(form)
        is_marked = getattr(_view_of(walk, form), "removed_from", None) is not None
        if not is_marked and texts_of(form):
            continue
        data.poplist("opened")
        with walk.taken_back():
            browser, before = walk.browser(person), rows_of(walk)
            if browser.post(form.action, data=data).status_code not in {302, 303}:
                continue
            if not is_marked and not grown(rows_of(walk), before):
                continue  # a button that took no row away
            second = browser.post(form.action, data=data)
            removed.add(re.sub(r"\d+", "N", form.action))
            if second.status_code not in {302, 303, 409, 410}:
                problems.append(f"{form.action}: {second.status_code}")
            if second.status_code == 410 and not _leads_to_what_is_left(browser, second.text):
                problems.append(f"{form.action} leads to nothing")
            if "you entered" in second.text and not texts_of(form):
                problems.append(f"{form.action} speaks of what was entered, and nothing was")
    assert not problems, "\n".join(problems)
    assert len(removed) >= 8, sorted(removed)


def _leads_to_what_is_left(browser: PageClient, page: str) -> bool:
    back = re.findall(r'href="([^"]+)">See what is there now', page)
    return bool(back) and browser.get(unescape(back[0])).status_code == 200


def _view_of(walk: Walk, form: Form) -> object:
    endpoint, _ids = walk.app.url_map.bind("localhost").match(form.action, method="POST")
    return walk.app.view_functions[endpoint]
