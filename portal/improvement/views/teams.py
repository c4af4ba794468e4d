"""Teams that test changes, and their cycles of plan, do, study, act."""

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from portal.accounts.session import current_actor
from portal.clock import today
from portal.db import db, id_from
from portal.errors import Forbidden, NotFound
from portal.improvement import policy
from portal.improvement.forms import teams as forms
from portal.improvement.models import Cycle, Node, Team, TeamKind
from portal.improvement.queries.diagrams import (
    node_for,
    nodes_to_choose,
    records_of_node,
    words_of,
)
from portal.improvement.queries.programmes import parts_of_all, safety_programmes
from portal.improvement.queries.teams import (
    TeamRow,
    cycle_for,
    cycles_of,
    states_of,
    stayed,
    taking_part,
    team_for,
    teams_on,
)
from portal.improvement.rules.teams import cycle_step
from portal.improvement.serialise.teams import HEADER, team_rows
from portal.improvement.services import teams as services
from portal.improvement.views import blueprint
from portal.improvement.views.steps import TEAM, reader, show
from portal.programmes.queries import programme_for
from portal.reference.queries.sites import site_by_code
from portal.web.downloads import list_file
from portal.web.paging import cut, page_number
from portal.web.steps import BOTH, Answer, done

PER_PAGE = 50


def _found() -> tuple[list[TeamRow], dict[str, object]]:
    """Return the teams that the address asks for, and what it asks."""
    actor = reader()
    programme_id = id_from(request.args.get("programme", ""))
    ids = parts_of_all().get(programme_id) if programme_id else None
    own = actor.hin_id if request.args.get("whose") == "ours" else None
    rows = teams_on(today(), programme_ids=ids, hin_id=own)
    return rows, {"programme": programme_id, "whose": request.args.get("whose", "")}


@blueprint.get("/improvement/teams")
def teams() -> str:
    """List the teams."""
    rows, asked = _found()
    actor = current_actor()
    return render_template(
        "improvement/teams.html",
        page=cut(rows, page_number(request.args), PER_PAGE),
        testing=taking_part(rows),
        stayed=stayed(rows),
        asked=asked,
        programmes=safety_programmes(actor),
        may_recruit=policy.can_recruit(actor),
        is_hin=actor.is_hin,
    )


@blueprint.get("/improvement/teams.<any(csv, xlsx):kind>")
def teams_file(kind: str) -> Response:
    """Return the list of teams as a file."""
    rows, _asked = _found()
    return list_file("teams-that-test", kind, HEADER, team_rows(rows), {"As at": today()})


@blueprint.route("/improvement/teams/new", methods=BOTH)
def recruit() -> Answer:
    """Recruit a team of one's own network."""
    actor = reader()
    if not policy.can_recruit(actor):
        raise Forbidden("People of a network recruit teams.")
    programmes = safety_programmes(actor)
    form = forms.RecruitForm(
        data={"programme": id_from(request.args.get("programme", "")), "on": today()}
    )
    form.programme.choices = [(one.id, one.name) for one in programmes]
    form.node.choices = _choices([one.id for one in programmes])
    if form.is_submitted_and_valid():
        with form.refusals():
            team = services.recruit(
                programme=programme_for(actor, form.programme.data),
                name=form.name.data,
                kind=TeamKind(form.kind.data),
                site=site_by_code(form.site.data) if form.site.data else None,
                wave=form.wave.data,
                node=db.session.get(Node, form.node.data) if form.node.data else None,
                on=form.on.data,
                by=actor,
            )
            return done("The team is recruited.", url_for("improvement.team", team_id=team.id))
    back = (url_for("improvement.teams"), "Back to teams")
    return show(form, "Recruit a team", "Recruit", back=back)


def _choices(programme_ids: list[int]) -> list[tuple[str, list[tuple[int, str]]]]:
    """Return drivers and change ideas, by the programme of their diagram."""
    return [
        (name, [(one.id, f"{one.label}: {one.row.words}") for one in found])
        for name, found in nodes_to_choose(programme_ids, today())
    ]


@blueprint.get(TEAM)
def team(team_id: int) -> str:
    """Show a team: whether it takes part, and its cycles idea by idea."""
    actor = reader()
    found = team_for(actor, team_id)
    cycles = cycles_of(team_ids=[found.id])
    ids = {one.node_id for one in cycles} | ({found.node_id} if found.node_id else set())
    return render_template(
        "improvement/team.html",
        team=found,
        states=states_of(found.id),
        cycles=cycles,
        words=words_of(ids),
        step=cycle_step,
        may_change=policy.can_change_team(actor, found),
    )


def _own(team_id: int) -> Team:
    actor = reader()
    found = team_for(actor, team_id)
    if not policy.can_change_team(actor, found):
        raise Forbidden("The network that recruited a team writes of it.")
    return found


def _address(found: Team) -> str:
    return url_for("improvement.team", team_id=found.id)


@blueprint.route(f"{TEAM}/status", methods=BOTH)
def status(team_id: int) -> Answer:
    """Say whether a team takes part."""
    found = _own(team_id)
    before = states_of(found.id)[-1]
    form = forms.StatusForm(found, before.status)
    if form.is_submitted_and_valid():
        with form.refusals():
            services.change_status(
                team=found,
                version=form.version.data or 0,
                status=form.stands.data,
                on=form.on.data,
                reason=form.why,
                words=form.words.data or "",
                by=current_actor(),
            )
            return done("It is recorded.", _address(found))
    heading = f"Is {found.name} still testing?"
    now = f"At present: {before.status.label.lower()}."
    return show(form, heading, "Save", back=(_address(found), "Back to the team"), before=now)


@blueprint.route(f"{TEAM}/cycles/new", methods=BOTH)
def plan(team_id: int) -> Answer:
    """Plan a team's next cycle."""
    found = _own(team_id)
    node = id_from(request.args.get("idea", "")) or found.node_id
    form = forms.CycleForm(data={"node": node, "from_on": today()})
    wide = parts_of_all()
    ids = [number for number, parts in wide.items() if found.programme_id in parts]
    form.node.choices = _choices(ids)
    if form.is_submitted_and_valid():
        with form.refusals():
            cycle = services.plan_cycle(
                team=found,
                node=node_for(current_actor(), form.node.data),
                question=form.question.data,
                plan=form.plan.data,
                prediction=form.prediction.data,
                measured=form.measured.data or "",
                from_on=form.from_on.data,
                by=current_actor(),
            )
            return done(f"Cycle {cycle.number} is planned.", _cycle_address(cycle))
    back = (_address(found), "Back to the team")
    return show(form, "Plan a cycle", "Save the plan", back=back)


def _cycle_address(cycle: Cycle) -> str:
    return url_for("improvement.cycle", team_id=cycle.team_id, cycle_id=cycle.id)


CYCLE = f"{TEAM}/cycles/<int:cycle_id>"


@blueprint.get(CYCLE)
def cycle(team_id: int, cycle_id: int) -> str:
    """Show a cycle: plan, do, study, act."""
    actor = reader()
    found = cycle_for(actor, team_id, cycle_id)
    return render_template(
        "improvement/cycle.html",
        cycle=found,
        team=found.team,
        idea=words_of([found.node_id]).get(found.node_id, ""),
        records=records_of_node(found.node_id, today(), actor),
        step=cycle_step(found),
        may_change=policy.can_change_team(actor, found.team),
    )


def _open(team_id: int, cycle_id: int) -> Cycle:
    _own(team_id)
    found = cycle_for(current_actor(), team_id, cycle_id)
    if found.decision is not None:
        raise NotFound("This cycle is decided on, and changes no more.")
    return found


@blueprint.route(f"{CYCLE}/write", methods=BOTH)
def write(team_id: int, cycle_id: int) -> Answer:
    """Write down what was done and what was found."""
    found = _open(team_id, cycle_id)
    form = forms.WriteForm(obj=found)
    if form.is_submitted_and_valid():
        with form.refusals():
            services.write_down(
                cycle=found,
                version=form.version.data or 0,
                did=form.did.data,
                to_on=form.to_on.data,
                studied=form.studied.data,
                by=current_actor(),
            )
            return done("It is written down.", _cycle_address(found))
    back = (_cycle_address(found), "Back to the cycle")
    return show(form, "Do and study", "Save", back=back, before=f"Expected: {found.prediction}")


@blueprint.route(f"{CYCLE}/decide", methods=BOTH)
def decide(team_id: int, cycle_id: int) -> Answer:
    """Adopt, adapt or abandon the change."""
    found = _open(team_id, cycle_id)
    form = forms.DecideForm(obj=found)
    if form.is_submitted_and_valid():
        with form.refusals():
            services.decide(
                cycle=found,
                version=form.version.data or 0,
                decision=form.decision.data,
                why=form.why.data or "",
                on=form.on.data,
                by=current_actor(),
            )
            return done("The cycle is closed.", _cycle_address(found))
    back = (_cycle_address(found), "Back to the cycle")
    return show(form, "Act: adopt, adapt or abandon", "Save", back=back, before=found.studied)
