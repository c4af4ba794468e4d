"""Curate the places that could use something, groups of products, and cohorts."""

from dataclasses import replace

from flask import flash, redirect, render_template, request, url_for

from portal.adoption import forms
from portal.adoption.models import EligibleList
from portal.adoption.queries import lists
from portal.adoption.rules.wanted import SiteFilter
from portal.adoption.serialise.sites import site_lines
from portal.adoption.services import lists as services
from portal.adoption.views import blueprint
from portal.adoption.views.steps import BOTH, LIST, Answer, case_for, curator, reader
from portal.clock import today
from portal.db import db
from portal.innovations.queries import innovation_for
from portal.reference.models import SiteKind
from portal.reference.queries import icss
from portal.reference.queries.sites import site as place_of
from portal.reference.queries.sites import site_by_code
from portal.web.paging import Address, page_number, paginate


@blueprint.route("/innovations/<int:innovation_id>/spread/new", methods=BOTH)
def new_list(innovation_id: int) -> Answer:
    """Begin a list of places for an innovation."""
    actor = curator()
    innovation = innovation_for(actor, innovation_id)
    form = forms.ListForm()
    if form.is_submitted_and_valid():
        with form.refusals():
            made = services.make_list(
                name=form.name.data, basis=form.basis.data, innovation=innovation, by=actor
            )
            return _begun(made)
    back = url_for("adoption.record", innovation_id=innovation_id)
    page = render_template("adoption/new_list.html", form=form, subject=innovation.name, back=back)
    return page, form.status


@blueprint.route("/adoption/groups/<int:group_id>/new", methods=BOTH)
def new_group_list(group_id: int) -> Answer:
    """Begin a list of places for a group of products."""
    actor = curator()
    group, form = lists.group(group_id), forms.ListForm()
    if form.is_submitted_and_valid():
        with form.refusals():
            made = services.make_list(
                name=form.name.data, basis=form.basis.data, group=group, by=actor
            )
            return _begun(made)
    back = url_for("adoption.groups")
    page = render_template("adoption/new_list.html", form=form, subject=group.name, back=back)
    return page, form.status


def _begun(made: EligibleList) -> Answer:
    db.session.commit()
    flash("The list is made. Say now which places are on it.", "success")
    return redirect(url_for("adoption.places", list_id=made.id))


@blueprint.get(f"{LIST}/places")
def places(list_id: int) -> str:
    """Show the places of a list with the days for which they are on it, and why others are not."""
    actor = reader()
    eligible = lists.list_for(actor, list_id)
    on = today()
    count, left_out = lists.tally_on(list_id, on)
    page = paginate(db.session, lists.rows_of([list_id]), page=page_number(request.args))
    return render_template(
        "adoption/places.html",
        eligible=eligible,
        page=replace(page, items=[lists.entry_of(row) for row in page]),
        address=Address(request.path, request.args.to_dict()),
        count=count,
        left_out=left_out,
        can_curate=actor.is_national,
        today=on,
    )


@blueprint.route(f"{LIST}/places/kind", methods=BOTH)
def add_kind(list_id: int) -> Answer:
    """Add every place of a kind, in England or in some ICSs."""
    actor = curator()
    eligible, form = lists.list_for(actor, list_id), forms.AddKindForm()
    form.icss.choices = [(one.id, one.name) for one in icss()]
    if form.is_submitted_and_valid():
        with form.refusals():
            count = services.add_kind(
                eligible=eligible,
                kind=SiteKind(form.kind.data),
                ics_ids=form.icss.data,
                since=form.since.data,
                by=actor,
            )
            return _added(eligible, count)
    page = render_template("adoption/add_kind.html", form=form, eligible=eligible)
    return page, form.status


@blueprint.route(f"{LIST}/places/add", methods=BOTH)
def add_place(list_id: int) -> Answer:
    """Add one place of the directory."""
    actor = curator()
    eligible, form = lists.list_for(actor, list_id), forms.AddPlaceForm()
    if form.is_submitted_and_valid():
        with form.refusals():
            found = site_by_code(form.site.data)
            count = services.add_places(
                eligible=eligible, site_ids=[found.id], since=form.since.data, by=actor
            )
            return _added(eligible, count)
    page = render_template("adoption/add_place.html", form=form, eligible=eligible)
    return page, form.status


def _added(eligible: EligibleList, count: int) -> Answer:
    db.session.commit()
    flash(f"{count:,} {'place is' if count == 1 else 'places are'} new on the list.", "success")
    return redirect(url_for("adoption.places", list_id=eligible.id))


@blueprint.route(f"{LIST}/places/<int:site_id>/leave-out", methods=BOTH)
def leave_out(list_id: int, site_id: int) -> Answer:
    """Leave a place out from a day on, with the reason."""
    actor = curator()
    eligible, form = lists.list_for(actor, list_id), forms.LeaveOutForm()
    place = place_of(site_id)
    if form.is_submitted_and_valid():
        with form.refusals():
            services.leave_out(
                eligible=eligible, site=place, why=form.why.data, since=form.since.data, by=actor
            )
            db.session.commit()
            flash(f"{place.name} is left out.", "success")
            return redirect(url_for("adoption.places", list_id=list_id))
    page = render_template("adoption/leave_out.html", form=form, eligible=eligible, place=place)
    return page, form.status


@blueprint.route(f"{LIST}/places/<int:site_id>/bring-back", methods=BOTH)
def bring_back(list_id: int, site_id: int) -> Answer:
    """Put a place that was left out on the list again from a day on."""
    actor = curator()
    eligible, form = lists.list_for(actor, list_id), forms.BringBackForm()
    place = place_of(site_id)
    if form.is_submitted_and_valid():
        with form.refusals():
            services.bring_back(eligible=eligible, site=place, since=form.since.data, by=actor)
            db.session.commit()
            flash(f"{place.name} is on the list again.", "success")
            return redirect(url_for("adoption.places", list_id=list_id))
    page = render_template("adoption/bring_back.html", form=form, eligible=eligible, place=place)
    return page, form.status


@blueprint.get("/adoption/groups")
def groups() -> str:
    """List the groups of products and the cohorts."""
    actor = reader()
    found = lists.groups()
    return render_template(
        "adoption/groups.html",
        groups=[(one, lists.lists_of_group(one.id)) for one in found],
        cohorts=lists.cohorts(),
        sizes=lists.cohort_sizes(),
        can_curate=actor.is_national,
        is_staff=actor.is_staff,
        is_hin=actor.is_hin,
    )


@blueprint.route("/adoption/groups/new", methods=BOTH)
def new_group() -> Answer:
    """Put products of several suppliers together."""
    actor, form = curator(), forms.GroupForm()
    if form.is_submitted_and_valid():
        with form.refusals():
            services.make_group(
                name=form.name.data,
                definition=form.definition.data,
                members=[innovation_for(actor, number) for number in form.members],
                since=form.since.data,
                by=actor,
            )
            db.session.commit()
            flash("The group is made. Say now which places could use it.", "success")
            return redirect(url_for("adoption.groups"))
    return render_template("adoption/new_group.html", form=form), form.status


@blueprint.route(f"{LIST}/cohort", methods=BOTH)
def new_cohort(list_id: int) -> Answer:
    """Keep the sites behind a number under a name."""
    actor, case, form = curator(), case_for(list_id), forms.CohortForm()
    wanted = SiteFilter.of(request.args)
    asked = case.asked
    lines = site_lines(case.spread, case.narrowing, asked.on, asked.since, wanted)
    if form.is_submitted_and_valid():
        with form.refusals():
            services.make_cohort(
                name=form.name.data,
                definition=form.definition.data,
                site_ids={line.place.site_id for line in lines},
                innovation=case.eligible.innovation,
                by=actor,
            )
            db.session.commit()
            flash("The cohort is kept.", "success")
            return redirect(url_for("adoption.groups"))
    page = render_template(
        "adoption/new_cohort.html",
        form=form,
        eligible=case.eligible,
        count=len({line.place.site_id for line in lines}),
        words=wanted.words(case.labels),
    )
    return page, form.status
