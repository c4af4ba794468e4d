"""The pages of challenges: the list, the template, one challenge and its states."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user
from sqlalchemy import ColumnElement, func
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from portal.accounts.models import Actor, Organisation
from portal.accounts.session import current_actor
from portal.challenges import policy, queries, rules, serialise, services
from portal.challenges.forms.pages import (
    ChallengeForm,
    DeleteForm,
    MoveForm,
    filled_in,
)
from portal.challenges.models import THREADS, Challenge, Readers
from portal.challenges.queries.calls import call_seen_by, closing_soon, published_calls
from portal.challenges.queries.following import is_following
from portal.challenges.queries.together import talking_challenge_for
from portal.clock import today
from portal.db import by_name, db
from portal.errors import Conflict
from portal.figures.views.strangers import for_strangers
from portal.reference.models import Hin
from portal.threads import queries as threads
from portal.threads.forms import MessageForm, newest_shown
from portal.threads.services import mark_read
from portal.web.access import public, removes
from portal.web.downloads import file_response, list_file
from portal.web.filters import Filter, Filters, Option
from portal.web.forms import VersionedForm
from portal.web.home import HomeCard
from portal.web.limits import limiter
from portal.web.paging import PER_PAGE, Page, page_number, page_of
from portal.web.sorting import Sort

blueprint = Blueprint("challenges", __name__, template_folder="../templates")

FILTERS = {
    "care_setting": "Care setting",
    "condition": "Condition group",
    "area": "Area",
    "region": "Region",
    "ics": "Integrated care system",
}
SORTS: Mapping[str, Any] = {
    "opened": func.coalesce(Challenge.opened_at, Challenge.created_at),
    "needed": Challenge.needed_by,
    "title": by_name(Challenge.title),
    "organisation": by_name(Organisation.name),
}
SORT_LABELS = {
    "-opened": "Newest",
    "needed": "Needed soonest",
    "title": "Title",
    "organisation": "Organisation",
}


# The list ------------------------------------------------------------------------------------


@blueprint.get("/challenges")
@public
@for_strangers
def index() -> str:
    """The challenges that the reader may see, filtered, sorted, 20 a page."""
    actor = current_actor()
    filters, wanted = _asked(queries.options())
    counts = queries.counts(actor, wanted)
    total = counts["state", wanted.state]
    number = page_of(total, page_number(request.args))
    found = _sort().apply(queries.listed(actor, wanted))
    items = db.session.scalars(found.limit(PER_PAGE).offset((number - 1) * PER_PAGE)).all()
    return render_template(
        "challenges/index.html",
        filters=_with_counts(filters, counts),
        page=Page(items, total, number),
        calls=published_calls(one.id for one in items),
        closing_soon=closing_soon(actor) if _is_entrance(filters, wanted, number) else (),
        today=today(),
        sort=_sort(),
        sort_labels=SORT_LABELS,
        state=wanted.state,
        counts=counts,
        can_post=policy.can_post(actor),
    )


def _is_entrance(filters: Filters, wanted: queries.ChallengesQuery, number: int) -> bool:
    """Whether the list is shown as one comes to it: open challenges, the first page, no filter."""
    return wanted.state == "open" and number == 1 and not filters.active


@blueprint.get("/challenges.<any(csv, xlsx):kind>")
@public
def download(kind: str) -> Response:
    """The same list as a file."""
    filters, wanted = _asked(queries.options())
    stmt = queries.with_terms(_sort().apply(queries.listed(current_actor(), wanted)))
    rows = serialise.rows(db.session.scalars(stmt))
    about = {"List": "Challenges", **filters.described()}
    return list_file("challenges", kind, serialise.HEADER, rows, about)


def _asked(options: Mapping[str, list[tuple[str, str]]]) -> tuple[Filters, queries.ChallengesQuery]:
    """Read the address: which filters, and what they ask of the database."""
    chosen = [
        Filter(name, label, [Option(*option) for option in options[name]])
        for name, label in FILTERS.items()
    ]
    args: MultiDict[str, str] = request.args
    filters = Filters(url_for("challenges.index"), args, chosen, keep=("state", "sort"))
    state = args.get("state", "open")
    wanted = queries.ChallengesQuery(
        state=state if state in {"open", "closed", "mine", "joined"} else "open",
        care_settings=filters["care_setting"],
        condition_groups=filters["condition"],
        areas=filters["area"],
        regions=filters["region"],
        icss=filters["ics"],
    )
    return filters, wanted


def _with_counts(filters: Filters, counts: Mapping[tuple[str, str], int]) -> Filters:
    counted = [
        Filter(
            filter_.name,
            filter_.label,
            [
                Option(option.value, option.label, counts.get((filter_.name, option.value), 0))
                for option in filter_.options
            ],
        )
        for filter_ in filters.filters
    ]
    return Filters(filters.path, filters.args, counted, keep=filters.keep)


def _sort() -> Sort:
    return Sort.from_query(request.args, SORTS, default="-opened", tie=Challenge.id)


# Writing one ---------------------------------------------------------------------------------


@blueprint.route("/challenges/new", methods=["GET", "POST"])
def new() -> str | tuple[str, int] | Response:
    """Write a challenge; it is kept as a draft and shown as others will see it."""
    actor = services.require_author(current_actor())
    first = {"contact_name": actor.name, "contact_email": current_user.email}
    form = ChallengeForm(data={**first, "readers": Readers.NHS.value, "version": 0})
    form.offer(queries.offered_terms())
    if form.is_submitted_and_valid():
        with form.refusals():
            challenge = services.draft(content=form.content(), by=actor)
            db.session.commit()
            return redirect(url_for("challenges.show", challenge_id=challenge.id))
    return render_template("challenges/form.html", form=form, challenge=None), form.status


@blueprint.route("/challenges/<int:challenge_id>/edit", methods=["GET", "POST"])
def edit(challenge_id: int) -> str | tuple[str, int] | Response:
    """Change a challenge; a stale copy is shown beside what is stored, with what was typed."""
    actor = current_actor()
    challenge = queries.own_challenge_for(actor, challenge_id)
    form = ChallengeForm(data=filled_in(challenge)).offer(queries.offered_terms(challenge))
    if form.is_submitted_and_valid():
        with form.refusals():
            services.edit(
                challenge=challenge, content=form.content(), version=_seen(form), by=actor
            )
            db.session.commit()
            return redirect(url_for("challenges.show", challenge_id=challenge.id))
    differences = form.differences(challenge) if form.is_outdated else []
    page = render_template(
        "challenges/form.html", form=form, challenge=challenge, differences=differences
    )
    return page, form.status


# One challenge -------------------------------------------------------------------------------


@blueprint.get("/challenges/<int:challenge_id>")
@public
@for_strangers
def show(challenge_id: int) -> str:
    """One challenge: for its own people a draft looks as others will see it."""
    challenge = queries.challenge_for(current_actor(), challenge_id)
    return _page(challenge, MoveForm(data={"version": challenge.version}))


@blueprint.post("/challenges/<int:challenge_id>/open")
def post(challenge_id: int) -> str | tuple[str, int] | Response:
    """Open a draft to its readers."""
    words = "The challenge is open. Proven innovations are being matched to it."
    return _moved(challenge_id, services.post, words, then="matching.matches")


@blueprint.post("/challenges/<int:challenge_id>/reopen")
def reopen(challenge_id: int) -> str | tuple[str, int] | Response:
    """Open a closed challenge again."""
    return _moved(challenge_id, services.reopen, "The challenge is open again.")


def _moved(
    challenge_id: int, move: Callable[..., None], words: str, *, then: str = "challenges.show"
) -> str | tuple[str, int] | Response:
    """Do what a button on the page of one's own challenge asks for, say so, and go on to `then`."""
    actor = current_actor()
    challenge = queries.own_challenge_for(actor, challenge_id)
    form = MoveForm()
    if form.is_submitted_and_valid():
        with form.refusals():
            move(challenge=challenge, version=_seen(form), by=actor)
            db.session.commit()
            flash(words, "success")
            return redirect(url_for(then, challenge_id=challenge_id))
    return _page(challenge, form), form.status


@blueprint.route("/challenges/<int:challenge_id>/delete", methods=["GET", "POST"])
@removes("challenges.index")
def delete(challenge_id: int) -> str | tuple[str, int] | Response:
    """Ask once more, and delete a draft."""
    actor = current_actor()
    challenge = queries.own_challenge_for(actor, challenge_id)
    if not policy.can_delete(actor, challenge):
        raise Conflict("This challenge was opened: close it instead.")
    form = DeleteForm()
    if form.is_submitted_and_valid():
        services.delete(challenge=challenge, by=actor)
        db.session.commit()
        flash("The draft is deleted.", "success")
        return redirect(url_for("challenges.index", state="mine"))
    return render_template("challenges/delete.html", form=form, challenge=challenge), form.status


@blueprint.post("/challenges/<int:challenge_id>/messages")
@limiter.limit("30 per minute")
def write(challenge_id: int) -> str | tuple[str, int] | Response:
    """Write to the other organisations that have the challenge."""
    actor = current_actor()
    challenge = talking_challenge_for(actor, challenge_id)
    form = MessageForm()
    if form.is_submitted_and_valid():
        with form.refusals():
            services.write(challenge=challenge, body=form.body.data, file=form.file.sent, by=actor)
            db.session.commit()
            flash("Your message was sent to the others who have this.", "success")
            return redirect(url_for("challenges.show", challenge_id=challenge_id))
    moving = MoveForm(data={"version": challenge.version})
    return _page(challenge, moving, message=form), form.status


@blueprint.post("/challenges/<int:challenge_id>/messages/read")
def read_messages(challenge_id: int) -> Response:
    """Mark what was written as read, up to the newest message that the page showed."""
    actor = current_actor()
    challenge = talking_challenge_for(actor, challenge_id)
    mark_read(THREADS, thread_id=challenge.id, message_id=newest_shown(request.form), by=actor)
    db.session.commit()
    return redirect(url_for("challenges.show", challenge_id=challenge_id, _anchor="messages"))


@blueprint.get("/challenges/<int:challenge_id>/files/<int:file_id>")
def file(challenge_id: int, file_id: int) -> Response:
    """Give a file of a message, always to be saved."""
    challenge = talking_challenge_for(current_actor(), challenge_id)
    return file_response(threads.file_for(THREADS, challenge.id, file_id))


@blueprint.post("/challenges/<int:challenge_id>/join")
def join(challenge_id: int) -> Response:
    """Say that the reader's ICS has the challenge too."""
    challenge = queries.challenge_for(current_actor(), challenge_id)
    services.join(challenge=challenge, by=current_actor())
    db.session.commit()
    flash("You have joined this challenge. What is found for it is found for you too.", "success")
    return redirect(url_for("challenges.show", challenge_id=challenge_id))


@blueprint.post("/challenges/<int:challenge_id>/leave")
def leave(challenge_id: int) -> Response:
    """Take that back."""
    challenge = queries.challenge_for(current_actor(), challenge_id)
    services.leave(challenge=challenge, by=services.require_author(current_actor()))
    db.session.commit()
    flash("You have left this challenge.", "success")
    return redirect(url_for("challenges.show", challenge_id=challenge_id))


def _seen(form: VersionedForm) -> int:
    """Return the version that the form was filled in from; one that never was, if it says none."""
    return form.version.data or -1


def _page(challenge: Challenge, form: MoveForm, message: MessageForm | None = None) -> str:
    actor: Actor = current_actor()
    joined = queries.supporters(challenge.id)
    ids = {one.organisation_id for one in joined}
    talks = policy.can_talk(actor, challenge, ids)
    if form.is_outdated:
        form.version.data = challenge.version
    own = policy.can_edit(actor, challenge)
    return render_template(
        "challenges/show.html",
        challenge=challenge,
        form=message or form,
        move_form=form,
        message_form=(message or MessageForm()) if talks else None,
        thread=threads.thread(THREADS, challenge.id, actor) if talks else None,
        can_delete=policy.can_delete(actor, challenge),
        call_now=call_seen_by(actor, challenge),
        today=today(),
        terms=rules.grouped(challenge.terms),
        rules=rules,
        missing=rules.missing_to_open(challenge) if own else {},
        can_edit=own,
        sees_matches=policy.can_post(actor),
        sees_contact=policy.can_see_contact(actor, challenge),
        events=queries.history(actor, challenge),
        place=place_of(challenge),
        supporters=joined,
        has_joined=actor.organisation_id in ids,
        can_join=policy.can_join(actor, challenge),
        can_follow=policy.can_ask_about(actor, challenge),
        is_following=is_following(challenge, actor),
    )


def place_of(challenge: Challenge) -> str:
    """Return where the challenge comes from, in words: "Coventry and Warwickshire, Midlands"."""
    organisation = challenge.organisation
    where = organisation.ics or organisation.hin
    if challenge.is_national or where is None:
        return "England" if challenge.is_national else ""
    name = where.geography if isinstance(where, Hin) else where.name
    return f"{name}, {where.region.name}" if name else where.region.name


# What challenges contribute to the home page --------------------------------------------------


def _of_ours(actor: Actor) -> ColumnElement[bool]:
    return Challenge.organisation_id == actor.organisation_id


CARDS = (
    HomeCard(
        code="challenges_ours",
        label=lambda: "Our challenges",
        may=lambda actor: actor.is_ics,
        count=lambda actor: queries.number(_of_ours(actor)),
        href=lambda: url_for("challenges.index", state="mine"),
        sub=lambda counts: f"{counts['challenges_ours_open']} open",
        also={
            "challenges_ours_open": lambda actor: queries.number(_of_ours(actor), queries.is_open())
        },
    ),
    HomeCard(
        code="challenges_joined",
        label=lambda: "Challenges we joined",
        may=lambda actor: actor.is_ics,
        count=lambda actor: queries.number(queries.visible_to(actor), queries.has_joined(actor)),
        href=lambda: url_for("challenges.index", state="joined"),
        sub=lambda _: "of other ICSs",
    ),
    HomeCard(
        code="challenges_open",
        label=lambda: "Open challenges",
        may=lambda actor: actor.is_ics or actor.is_national,
        count=lambda actor: queries.number(queries.visible_to(actor), queries.is_open()),
        href=lambda: url_for("challenges.index"),
        sub=lambda _: "of everybody",
    ),
)

# Its pages hang on the blueprint, so it must be there first.
from portal.challenges.views import calls, following  # noqa: E402

__all__ = ["CARDS", "blueprint", "calls", "following"]
