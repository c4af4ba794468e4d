"""Answer a return: with the personal link, signed in, or for a company that telephoned.

Mail programs open links before people do: opening one shows a page without any answer, and only
the button on it begins. From then on the browser's session says which link it began with, so that
no address holds a key, and each page asks again whether the link still opens something.
"""

from flask import redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from portal.accounts.session import current_actor
from portal.clock import today
from portal.db import db
from portal.errors import Conflict, Forbidden
from portal.impact import policy
from portal.impact.forms.returns import AnswerForm, shown
from portal.impact.models import CompanyReturn, ReturnKey
from portal.impact.queries import returns as queries
from portal.impact.queries.prefilling import last_time, prefilled
from portal.impact.rules.given import NOTHING, is_companys_draft
from portal.impact.services import answering
from portal.impact.services.answering import Answering
from portal.impact.views import blueprint
from portal.web.access import public
from portal.web.forms import VersionedForm
from portal.web.kept import texts_sent
from portal.web.limits import limiter
from portal.web.steps import BOTH, Answer, done

BEGUN = "impact_key"
"""In the session: the number of the link with which this browser began."""
BY_ADDRESS = "60 per hour"


@blueprint.get("/impact/answer/<key>")
@limiter.limit(BY_ADDRESS)
@public
def open_link(key: str) -> Answer:
    """Show who is asked by whom; nothing is used and no answer is shown."""
    found = queries.key_called(key)
    if found is None:
        return _dead()
    row = found.company_return
    return _no_store(render_template("impact/open_link.html", row=row, key=key))


@blueprint.post("/impact/answer/<key>")
@limiter.limit(BY_ADDRESS)
@public
def begin(key: str) -> Answer:
    """Begin to answer: the browser remembers the link's number."""
    found = queries.key_called(key)
    if found is None:
        return _dead()
    answering.begin_with(key=found)
    db.session.commit()
    session[BEGUN] = found.id
    return redirect(url_for("impact.answer_by_link"))


@blueprint.route("/impact/answer", methods=BOTH)
@limiter.limit(BY_ADDRESS, methods=["POST"])
@public
def answer_by_link() -> Answer:
    """Answer without an account."""
    key = _key()
    if key is None:
        return _dead()
    row = key.company_return
    if not policy.can_be_answered(row, today()):
        return _answered(row)
    return _form(row, Answering(key=key), url_for("impact.answer_by_link"))


def _answered(row: CompanyReturn) -> Answer:
    """Say that the answer is handed in, and give back what came after it from a second tab."""
    texts = texts_sent() if request.method == "POST" else []
    page = render_template("impact/answered.html", row=row, texts=texts)
    return _no_store(page, 409 if texts else 200)


@blueprint.post("/impact/answer/nothing")
@limiter.limit(BY_ADDRESS)
@public
def nothing_by_link() -> Answer:
    """Say that there is nothing to report, in one click."""
    key = _key()
    if key is None:
        return _dead()
    return _nothing(key.company_return, Answering(key=key), url_for("impact.answer_by_link"))


def _key() -> ReturnKey | None:
    """Return the link with which this browser began, while it opens something."""
    return queries.key_numbered(session.get(BEGUN))


def _dead() -> Answer:
    """Say that a link opens nothing, and how to go on: nobody need sign in for another."""
    return _no_store(render_template("impact/dead_link.html"), 404)


@blueprint.route("/impact/returns/<int:return_id>/answer", methods=BOTH)
def answer(return_id: int) -> Answer:
    """Answer signed in: the company's people, or a network on its behalf."""
    row = _answerable(return_id)
    back = url_for("impact.show", return_id=row.id)
    return _form(row, Answering(by=current_actor()), back)


@blueprint.post("/impact/returns/<int:return_id>/nothing")
def nothing(return_id: int) -> Answer:
    """Say that there is nothing to report; a network writes down whom it spoke to instead."""
    row, actor = _answerable(return_id), current_actor()
    if not policy.is_companys(actor, row):
        raise Forbidden("Write down whom you spoke to, and hand in zeros.")
    return _nothing(row, Answering(by=actor), url_for("impact.show", return_id=row.id))


def _answerable(return_id: int) -> CompanyReturn:
    actor = current_actor()
    row = queries.return_for(actor, return_id)
    if not (policy.is_companys(actor, row) or policy.is_networks(actor, row)):
        raise Forbidden("The company answers, or a network that supported it.")
    if request.method == "GET" and not policy.can_answer(actor, row, today()):
        raise Conflict("It was handed in already, or the return is not open.")
    return row


def _form(row: CompanyReturn, who: Answering, back: str) -> Answer:
    is_phone = who.key is None and policy.is_networks(who.by, row)
    form = AnswerForm(data=shown(row.version, prefilled(row, by_phone=is_phone)))
    if not is_phone:
        del form.spoken_to
    hands_in = request.form.get("then") != "later"
    if form.is_right(hands_in=hands_in):
        with form.refusals():
            answering.save(
                row=row,
                version=form.version.data,
                given=form.given,
                hands_in=hands_in,
                who=who,
            )
            said = "Thank you. The answer is handed in." if hands_in else "It is kept as it is."
            return done(said, back)
    page = render_template(
        "impact/answer.html",
        form=form,
        row=row,
        last=last_time(row),
        heard=queries.heard_of(row),
        is_phone=is_phone,
        is_companys_draft=is_companys_draft(row),
        nothing=url_for("impact.nothing_by_link")
        if who.key
        else url_for("impact.nothing", return_id=row.id),
        back=None if who.key else back,
    )
    return _no_store(page, form.status)


def _nothing(row: CompanyReturn, who: Answering, back: str) -> Answer:
    form = VersionedForm()
    answering.save(row=row, version=form.version.data or 0, given=NOTHING, hands_in=True, who=who)
    return done("Thank you. The return says that there is nothing to report.", back)


def _no_store(page: str, status: int = 200) -> Response:
    """Return a page of somebody who is perhaps not signed in, which no browser keeps."""
    response = Response(page, status, mimetype="text/html")
    response.headers["Cache-Control"] = "no-store"
    return response
