"""The terms of use: what everybody reads, accepting them, and publishing a version."""

from flask import redirect, render_template, request, url_for

from portal.accounts.models.terms import TermsAudience
from portal.accounts.policy import can_administer
from portal.accounts.queries import terms as queries
from portal.accounts.services import terms as services
from portal.accounts.session import current_actor, opens_without_terms
from portal.clock import today
from portal.errors import Forbidden, NotFound
from portal.figures.views.strangers import for_strangers
from portal.markdown import prose
from portal.pages.forms import AcceptForm, TermsForm, TermsWithdrawForm
from portal.pages.views import blueprint
from portal.web.access import public, removes
from portal.web.addresses import safe_next
from portal.web.steps import BOTH, Answer, done, show

AUDIENCE = f"<any({', '.join(repr(one.value) for one in TermsAudience)}):audience>"
LIST = "/terms/versions"
SECTION = "Terms of use"


@blueprint.get("/terms")
@public
@for_strangers
def terms() -> str:
    """Show what holds for everybody, and the terms of each kind of people."""
    held = [(one, queries.in_force(one, today())) for one in TermsAudience]
    return render_template("pages/terms.html", held=[pair for pair in held if pair[1]])


@blueprint.get(f"/terms/{AUDIENCE}")
@public
@for_strangers
def terms_of(audience: str) -> str:
    """Show the terms that hold for one kind of people; when the reader accepted them."""
    version = queries.in_force(TermsAudience(audience), today())
    if version is None:
        raise NotFound("There are no terms for them yet.")
    return render_template(
        "pages/terms_of.html",
        version=version,
        words=prose(version.words),
        accepted=queries.acceptance_of(current_actor().user_id, version),
    )


@blueprint.route("/terms/accept", methods=BOTH)
@opens_without_terms
def accept_terms() -> Answer:
    """Show the terms that hold for whom one acts, and keep that they were accepted; then go on to
    where one was going, with what was typed there."""
    actor, wanted = current_actor(), safe_next(request.args.get("next"))
    onward = wanted or url_for("home.home")
    audience = queries.audience_of(actor)
    version = queries.in_force(audience, today()) if audience else None
    if version is None or queries.acceptance_of(actor.user_id, version):
        return redirect(onward)
    form = AcceptForm(data={"terms": version.id})
    if form.validate_on_submit():
        with form.refusals():
            read = queries.version_with(form.version_id)
            services.accept(version=read, by=actor)
            return done("You accepted the terms of use.", onward)
    form.terms.data = str(version.id)
    page = render_template(
        "pages/accept_terms.html", form=form, shown=version, words=prose(version.words)
    )
    return page, form.status


@blueprint.get(LIST)
def terms_versions() -> str:
    """List every version, with how many people accepted it."""
    _refuse_unless_administrator()
    found = queries.versions()
    holds = {one: queries.in_force(one, today()) for one in TermsAudience}
    return render_template(
        "pages/terms_versions.html",
        found=found,
        counts=queries.accepted_count(),
        in_force={one.id for one in holds.values() if one},
        today=today(),
    )


@blueprint.route(f"{LIST}/publish", methods=BOTH)
def publish_terms() -> Answer:
    """Publish the next version for one kind of people."""
    _refuse_unless_administrator()
    form = TermsForm()
    if form.validate_on_submit():
        with form.refusals():
            services.publish(**form.said, by=current_actor())
            return done("The version is published. It is asked of them from its day on.", _list())
    return show(form, "Publish terms of use", "Publish", back=_back(), section=SECTION)


@blueprint.get(f"{LIST}/<int:version_id>")
def terms_version(version_id: int) -> str:
    """Show one version, whether it holds or not."""
    _refuse_unless_administrator()
    version = queries.version_with(version_id)
    return render_template("pages/terms_of.html", version=version, words=prose(version.words))


@blueprint.route(f"{LIST}/<int:version_id>/withdraw", methods=BOTH)
@removes("pages.terms_versions")
def withdraw_terms(version_id: int) -> Answer:
    """Take back a version whose day has not come."""
    _refuse_unless_administrator()
    version, form = queries.version_with(version_id), TermsWithdrawForm()
    if form.validate_on_submit():
        with form.refusals():
            services.withdraw(version=version, by=current_actor())
            return done("It is withdrawn: nobody is asked to accept it.", _list())
    said = f"Version {version.number}, {version.audience.label}: nobody is asked to accept it."
    heading = "Withdraw this version"
    return show(form, heading, "Withdraw", back=_back(), section=SECTION, before=said)


def _refuse_unless_administrator() -> None:
    if not can_administer(current_actor()):
        raise Forbidden("Administrators publish the terms of use.")


def _list() -> str:
    return url_for("pages.terms_versions")


def _back() -> tuple[str, str]:
    return _list(), "Back to the versions"
