"""ICSs that follow each other and networks that are renamed: said once, with their day."""

from collections.abc import Callable
from datetime import date

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from portal.accounts.session import current_actor
from portal.admin.forms.networks import BoardCodeForm, FollowForm, RenameForm
from portal.admin.queries.networks import Affected, affected_by_hin, affected_by_ics
from portal.admin.services.networks import follow_ics, rename_network, rename_system, set_board_code
from portal.admin.views import blueprint
from portal.clock import today
from portal.db import db
from portal.reference import queries
from portal.reference.models import Hin, Ics, IcsSuccession
from portal.reference.queries import networks as found
from portal.reference.services.networks import move_places
from portal.wording import day_words

Answer = str | Response
BOTH = ["GET", "POST"]


@blueprint.get("/networks")
def networks() -> str:
    """List the ICSs and networks of today, and what followed what."""
    return render_template(
        "admin/networks.html",
        icss=queries.icss_with_names(),
        leads=found.leads_on(today()),
        hins=queries.hins_with_names(),
        successions=found.successions(),
    )


@blueprint.route("/networks/ics/<int:ics_id>/follow", methods=BOTH)
def follow(ics_id: int) -> Answer:
    """Say by whom an ICS is followed; what it affects is shown before it is done."""
    ics = found.ics(ics_id)
    form = FollowForm(ics)
    if form.is_submitted_and_valid():
        with form.refusals():
            successor = form.new or found.ics(form.successor_id.data)
            row = follow_ics(ics=ics, successor=successor, by=current_actor(), **form.details())
            if form.is_seen:
                db.session.commit()
                _move(row)
                flash(f"{ics.name} goes to {row.successor.name}.", "success")
                return redirect(url_for("admin.networks"))
            named = row.successor.name
            form.show()
            db.session.rollback()  # tried, so that what cannot be is said now; done when it is seen
            return render_template(
                "admin/follow_check.html",
                form=form,
                ics=found.ics(ics_id),
                named=named,
                affected=affected_by_ics(found.ics(ics_id), current_actor()),
            )
    return render_template("admin/follow.html", form=form, ics=ics, gone=found.successions_of(ics))


def _move(row: IcsSuccession) -> None:
    while move_places(row=row):
        db.session.commit()


@blueprint.route("/networks/hins/<int:hin_id>/rename", methods=BOTH)
def rename(hin_id: int) -> Answer:
    """Say how a network is called; what it affects is shown before it is done."""

    def do(name: str, on: date) -> None:
        rename_network(hin=found.hin(hin_id), name=name, on=on, by=current_actor())

    def affected() -> Affected:
        return affected_by_hin(found.hin(hin_id), current_actor())

    return _rename(RenameForm(), lambda: found.hin(hin_id), do, affected)


@blueprint.route("/networks/ics/<int:ics_id>/rename", methods=BOTH)
def rename_ics(ics_id: int) -> Answer:
    """Say how an ICS is called; what it affects is shown before it is done."""
    form = RenameForm()
    form.name.description = "Without “ICS” or “Integrated Care Board”."

    def do(name: str, on: date) -> None:
        rename_system(ics=found.ics(ics_id), name=name, on=on, by=current_actor())

    def affected() -> Affected:
        return affected_by_ics(found.ics(ics_id), current_actor())

    return _rename(form, lambda: found.ics(ics_id), do, affected)


def _rename(
    form: RenameForm,
    find: Callable[[], Hin | Ics],
    do: Callable[[str, date], None],
    affected: Callable[[], Affected],
) -> Answer:
    if form.is_submitted_and_valid():
        with form.refusals():
            do(form.name.data, form.on.data)
            if form.is_seen:
                db.session.commit()
                flash(f"It is called {find().name} from {day_words(form.on.data)}.", "success")
                return redirect(url_for("admin.networks"))
            form.show()
            db.session.rollback()
            return render_template(
                "admin/rename_check.html", form=form, place=find(), affected=affected()
            )
    return render_template("admin/rename.html", form=form, place=find())


@blueprint.route("/networks/ics/<int:ics_id>/code", methods=BOTH)
def board_code(ics_id: int) -> Answer:
    """Say what the national directory calls the board of an ICS."""
    ics = found.ics(ics_id)
    form = BoardCodeForm(data={"ods_code": ics.ods_code or ""})
    if form.is_submitted_and_valid():
        with form.refusals():
            set_board_code(ics=ics, code=form.ods_code.data or "", by=current_actor())
            db.session.commit()
            flash("The code was saved. Read the files of the directory again.", "success")
            return redirect(url_for("admin.networks"))
    return render_template("admin/board_code.html", form=form, ics=ics)
