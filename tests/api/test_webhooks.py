"""Webhooks: what is told to whom, signed, tried again, and never sent into a private network."""

import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from unittest import mock

import pytest
from sqlalchemy import select
from standardwebhooks import Webhook as Signer
from standardwebhooks import WebhookVerificationError

from portal.api import outbox
from portal.api.models import Webhook, WebhookEvent, WebhookMessage
from portal.api.rules.webhooks import (
    AGAIN_AFTER,
    MAX_FAILURES,
    checked_address,
    key_of,
)
from portal.api.services.webhooks import make_webhook
from portal.calling import all_open, is_open
from portal.challenges.models import ChallengeState, Readers
from portal.clock import now
from portal.errors import Invalid
from portal.innovations.models import ProvenStatus, Sharing
from portal.introductions.models import Timescale
from portal.introductions.services.asking import ask
from portal.jobs import Job
from portal.notifications.models import Notification
from tests import makers
from tests.queued import do_jobs


class Receiver(BaseHTTPRequestHandler):
    """Keeps what it is sent, and answers as it is told."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append((dict(self.headers), body))
        code = self.server.answers.pop(0) if self.server.answers else 200
        self.send_response(code)
        if code == 302:
            self.send_header("Location", "/elsewhere")
        self.end_headers()

    def log_message(self, *_args: object) -> None:
        pass


@pytest.fixture
def receiver(app, monkeypatch) -> Iterator[HTTPServer]:
    monkeypatch.setitem(app.config, "WEBHOOKS_PRIVATE", True)
    server = HTTPServer(("127.0.0.1", 0), Receiver)
    server.got, server.answers = [], []
    server.url = f"http://127.0.0.1:{server.server_port}/hook?of=portal"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def run_waiting(session):
    """Do what was left to the worker, and what that leaves to it."""
    do_jobs(session, "api")
    do_jobs(session, "api")
    session.expire_all()


def hook(person, receiver, *events):
    return make_webhook(
        membership=person.membership,
        url=receiver.url,
        events=events or list(WebhookEvent),
        by=person.actor,
        may_be_private=True,
    )


def told(receiver):
    return [json.loads(body) for _, body in receiver.got]


def test_what_is_sent_is_signed_byte_for_byte(app, cast, session, receiver):
    row = hook(cast.ics, receiver)
    session.commit()
    challenge = makers.challenge("Stürze", of=cast.other_ics, readers=Readers.NHS)
    session.commit()
    run_waiting(session)
    [(headers, body)] = receiver.got
    key = key_of(row.salt, app.config["SECRET_KEY"])
    said = Signer(key).verify(body, headers)
    assert said["type"] == "challenge.opened"
    assert said["data"]["id"] == challenge.id
    assert said["data"]["url"].endswith(f"/api/v1/challenges/{challenge.id}")
    with pytest.raises(WebhookVerificationError):
        Signer(key).verify(body + b" ", headers)
    message = session.scalars(select(WebhookMessage)).one()
    assert (message.answer, message.attempts, message.next_at) == ("200", 1, None)
    assert body == message.body.encode()
    assert "Stürze" not in message.body, "only its number: the rest is read by the API"


def test_a_worker_is_woken_for_it_at_once(cast, session, receiver, monkeypatch):
    hook(cast.ics, receiver)
    session.commit()
    woken = []
    monkeypatch.setattr("portal.jobs._post", woken.append)
    makers.challenge("Falls", of=cast.other_ics, readers=Readers.NHS)
    session.commit()
    assert outbox.ANNOUNCE in {session.get(Job, one).kind for one in woken}


def test_each_hears_what_they_may_see(cast, session, receiver):
    hook(cast.ics, receiver)
    hook(cast.innovator, receiver)
    session.commit()
    hidden = makers.innovation("For HINs", of=cast.other_innovator, sharing=Sharing.HINS)
    session.add(
        ProvenStatus(
            innovation_id=hidden.id,
            hin_id=cast.hin.actor.hin_id,
            verified_by_id=cast.hin.user.id,
            valid_until=now().date(),
            findings=[],
        )
    )
    makers.challenge("For the NHS", of=cast.other_ics, readers=Readers.NHS)
    session.commit()
    run_waiting(session)
    assert [one["type"] for one in told(receiver)] == ["challenge.opened"]


def test_drafts_and_other_changes_are_not_told(cast, session, receiver):
    hook(cast.ics, receiver)
    session.commit()
    row = makers.challenge("Drafted", of=cast.ics, state=ChallengeState.DRAFT)
    session.commit()
    row.title = "Still drafted"
    session.commit()
    run_waiting(session)
    assert receiver.got == []
    row.state = ChallengeState.OPEN
    session.commit()
    run_waiting(session)
    assert len(receiver.got) == 1


def test_introductions_are_told_to_those_concerned(cast, session, receiver):
    hook(cast.hin, receiver, WebhookEvent.INTRODUCTION)
    hook(cast.other_innovator, receiver, WebhookEvent.INTRODUCTION)
    record = makers.innovation("Shared", of=cast.innovator, sharing=Sharing.HINS_AND_ICSS)
    session.commit()
    found = ask(
        innovation=record,
        challenge=None,
        purpose="May we meet?",
        timescale=next(iter(Timescale)),
        takes_part="Our team",
        by=cast.ics.actor,
    )
    session.commit()
    run_waiting(session)
    assert [(one["type"], one["data"]["id"]) for one in told(receiver)] == [
        ("introduction.changed", found.id)
    ]


def test_what_does_not_arrive_is_tried_again_later_and_later(cast, session, receiver):
    hook(cast.ics, receiver)
    session.commit()
    makers.challenge("Falls", of=cast.ics)
    session.commit()
    receiver.answers = [500, 302]
    run_waiting(session)
    message = session.scalars(select(WebhookMessage)).one()
    assert message.answer == "500"
    waits = []
    for _ in range(2):
        waits.append(message.next_at - now())
        message.next_at = now()
        session.commit()
        run_due(session)
        session.refresh(message)
    assert AGAIN_AFTER[0] - timedelta(seconds=30) < waits[0] < waits[1]
    assert len(receiver.got) == 3
    numbers = {headers["webhook-id"] for headers, _ in receiver.got}
    assert len(numbers) == 1, "the same message keeps its number, so that it counts once"
    assert message.sent_at is not None


def run_due(session):
    from portal.jobs import enqueue

    enqueue(outbox.DELIVER, key=outbox.DELIVER)
    session.commit()
    run_waiting(session)


def test_too_many_that_never_arrive_switch_it_off_with_notice(cast, session, receiver, as_):
    row = hook(cast.ics, receiver)
    session.commit()
    for number in range(MAX_FAILURES):
        makers.challenge(f"Falls {number}", of=cast.ics)
    session.commit()
    receiver.answers = [500] * MAX_FAILURES
    with mock.patch("portal.api.services.webhooks.AGAIN_AFTER", AGAIN_AFTER[:1]):
        run_waiting(session)
        for message in session.scalars(select(WebhookMessage)):
            message.next_at = now()
        receiver.answers = [500] * MAX_FAILURES
        run_due(session)
    session.refresh(row)
    assert row.stopped_at is not None
    notice = session.scalars(
        select(Notification).where(Notification.subject == "Your webhook was switched off")
    ).one()
    assert notice.user_id == cast.ics.user.id
    makers.challenge("One more", of=cast.ics)
    session.commit()
    before = len(receiver.got)
    run_waiting(session)
    assert len(receiver.got) == before
    browser = as_(cast.ics)
    assert "Switched off" in browser.get(notice.url).text
    browser.post(f"/webhooks/{row.id}/start")
    session.refresh(row)
    assert row.stopped_at is None


def test_a_receiver_that_says_gone_is_left_alone_at_once(cast, session, receiver):
    row = hook(cast.ics, receiver)
    session.commit()
    makers.challenge("Falls", of=cast.ics)
    session.commit()
    receiver.answers = [410]
    run_waiting(session)
    session.refresh(row)
    assert row.stopped_at is not None


def test_its_person_makes_tries_and_deletes_it(app, as_, cast, session, receiver):
    browser = as_(cast.hin)
    sent = {"url": receiver.url, "events": ["challenge.opened"]}
    page = browser.post("/webhooks/new", data=sent, follow_redirects=True).text
    row = session.scalars(select(Webhook)).one()
    assert key_of(row.salt, app.config["SECRET_KEY"]) in page
    browser.post(f"/webhooks/{row.id}/test")
    run_waiting(session)
    assert told(receiver)[0]["type"] == "test"
    shown = browser.get(f"/webhooks/{row.id}").text
    assert "Arrived" in shown
    assert "whsec_" not in shown
    assert as_(cast.other_hin).get(f"/webhooks/{row.id}").status_code == 404
    asked = browser.get(f"/webhooks/{row.id}/delete").text
    assert f"Nothing is sent to {row.url} any more" in asked
    browser.post(f"/webhooks/{row.id}/delete")
    assert session.scalars(select(Webhook)).all() == []
    assert session.scalars(select(WebhookMessage)).all() == []


def test_it_ends_with_its_persons_membership(cast, session, receiver):
    hook(cast.ics, receiver)
    cast.ics.user.active = False
    session.commit()
    makers.challenge("Falls", of=cast.other_ics)
    session.commit()
    run_waiting(session)
    assert receiver.got == []


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.1.2.3", "192.168.0.1", "172.16.0.1", "169.254.169.254"),
        *("100.64.0.1", "224.0.0.1", "255.255.255.255", "::1", "fe80::1", "fd00::1", "::"),
        *("::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:a00:1::", "ff02::1", "::7f00:1"),
        *("64:ff9b:1::a00:1", "::ffff:0:10.0.0.1", "fec0::1", "3fff::1", "192.0.0.8"),
    ],
)
def test_no_private_address_is_called(address):
    assert not is_open(address)
    assert not all_open(["93.184.215.14", address]), "one of several is enough"


def test_addresses_of_the_open_internet_are():
    assert all_open(["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"])
    assert not all_open([])


def test_a_name_that_leads_into_a_private_network_is_not_called(receiver):
    code, words = outbox.post(receiver.url, "{}", {})
    assert (code, words) == (None, "the name leads into a private network")
    assert receiver.got == []
    found = [(2, 1, 6, "", ("93.184.215.14", 443)), (2, 1, 6, "", ("10.0.0.1", 443))]
    with mock.patch("socket.getaddrinfo", return_value=found):
        assert outbox.post("https://example.org/", "{}", {})[0] is None


@pytest.mark.parametrize(
    "url",
    [
        *("http://example.org/", "ftp://example.org/", "https:///x", "https://a:b@example.org/"),
        *("https://example.org:0/", "https://example.org:99999/", "https://[::1", "words", ""),
    ],
)
def test_what_is_no_address_is_refused(url):
    with pytest.raises(Invalid):
        checked_address(url)


def test_a_message_is_signed_with_older_keys_too_until_its_person_took_the_new_one(
    app, as_, cast, session, receiver, monkeypatch
):
    row = hook(cast.ics, receiver)
    session.commit()
    before = key_of(row.salt, app.config["SECRET_KEY"])
    newest = "the newest of the tests"
    after = key_of(row.salt, newest)
    browser = as_(cast.ics)
    shown = browser.post(f"/webhooks/{row.id}/key", follow_redirects=True).text
    assert "has not changed" in shown
    assert "Take the new key" not in shown
    monkeypatch.setitem(app.config, "SECRET_KEY_FALLBACKS", (app.config["SECRET_KEY"],))
    monkeypatch.setitem(app.config, "SECRET_KEY", newest)
    browser.post(f"/webhooks/{row.id}/test")
    run_waiting(session)
    [(headers, body)] = receiver.got
    for key in (before, after):
        assert Signer(key).verify(body, headers)["type"] == "test"
    assert "Take the new key" in browser.get(f"/webhooks/{row.id}").text
    assert after in browser.post(f"/webhooks/{row.id}/key", follow_redirects=True).text
    assert after not in browser.get(f"/webhooks/{row.id}").text
    monkeypatch.setitem(app.config, "SECRET_KEY_FALLBACKS", ())
    browser = as_(cast.ics)
    browser.post(f"/webhooks/{row.id}/test")
    run_waiting(session)
    headers, body = receiver.got[-1]
    assert Signer(after).verify(body, headers)["type"] == "test"
    with pytest.raises(WebhookVerificationError):
        Signer(before).verify(body, headers)
