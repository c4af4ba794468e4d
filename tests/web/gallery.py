"""A throw-away application with one page of everything, for tests and for looking at."""

from datetime import UTC, date, datetime
from pathlib import Path

from flask import Blueprint, Flask, Response, abort, flash, redirect, render_template, request
from flask_login import LoginManager, UserMixin, login_user, logout_user
from sqlalchemy import column
from sqlalchemy.orm.exc import StaleDataError

import portal.web
from portal.errors import Conflict, Forbidden, Invalid, NotFound
from portal.web import fields, filters, forms, sorting, validators
from portal.web.access import public
from portal.web.application import PortalFlask
from portal.web.paging import Page

ROOT = Path(portal.web.__file__).parents[1]

CONDITIONS = [
    (f"Group {g}", [(f"c{g}-{n}", f"Condition {g}.{n}", "") for n in range(7)]) for g in range(24)
]


class EverythingForm(forms.VersionedForm):
    name = fields.TextField(
        "Name",
        [validators.Required("Enter the name")],
        description="What people call it",
        max_length=80,
    )
    email = fields.EmailField("Email address", [validators.Required("Enter an email address")])
    website = fields.WebsiteField("Website (optional)")
    postcode = fields.PostcodeField("Postcode (optional)")
    problem = fields.LongTextField(
        "What problem does it solve?", [validators.Required("Enter the problem")], max_length=500
    )
    sites = fields.WholeNumberField("Number of sites", maximum=10_000)
    cost = fields.MoneyField("Cost for a year")
    started = fields.DateField("Start date", [validators.NotInFuture()], description="27 3 2024")
    stage = fields.SelectField(
        "Stage",
        [validators.RequiredChoice("Select a stage")],
        choices=[("discover", "Discover"), ("develop", "Develop"), ("deploy", "Deploy")],
    )
    kind = fields.ChoiceField(
        "Kind of organisation",
        [validators.RequiredChoice("Select a kind of organisation")],
        choices=[("company", "Company", "Registered for profit"), ("charity", "Charity")],
    )
    settings = fields.MultiChoiceField(
        "Care settings",
        [validators.RequiredChoice("Select at least one care setting")],
        choices=[("gp", "GP practice"), ("acute", "Acute hospital"), ("home", "At home")],
    )
    conditions = fields.MultiChoiceField("Conditions (optional)", choices=CONDITIONS)
    device = fields.YesNoField(
        "Is it a medical device?", [validators.RequiredChoice("Select yes if it is a device")]
    )
    password = fields.PasswordField("Password")
    evidence = fields.FileField("Evidence file (optional)", allowed=("pdf", "csv"))
    agree = fields.ConfirmField(
        "I have the owner's permission",
        [validators.RequiredChoice("Confirm that you have permission")],
    )


class Person(UserMixin):
    id = "1"
    name = "Ada"


def make_app(instance: str, **config: object) -> Flask:
    """Return the gallery; ``instance`` is a folder that it may write to."""
    app = PortalFlask("portal", root_path=str(ROOT), instance_path=instance)
    app.config.update({"SECRET_KEY": "test", "RATELIMIT_ENABLED": False, **config})
    app.config.update(LOGIN_VIEW="gallery.sign_in", LOGOUT_VIEW="gallery.sign_out")
    portal.web.init_app(app)
    login = LoginManager(app)
    login.user_loader(lambda _id: Person())
    app.register_blueprint(gallery)
    return app


gallery = Blueprint("gallery", __name__, template_folder="templates")


@gallery.get("/sign-in")
@public
def sign_in() -> object:
    login_user(Person())
    return redirect("/list")


@gallery.post("/sign-out")
def sign_out() -> object:
    logout_user()
    return redirect("/everything")


@gallery.route("/everything", methods=["GET", "POST"])
@public
def everything() -> object:
    form = EverythingForm()
    if form.is_submitted_and_valid():
        flash("Saved <safely>", "success")
        return redirect("/everything")
    return render_template("gallery/form.html", form=form)


@gallery.route("/one", methods=["GET", "POST"])
@public
def one() -> object:
    form = EverythingForm()
    form.is_submitted_and_valid()
    return render_template("gallery/one.html", form=form)


STAGES = [filters.Option("develop", "Develop", 1200), filters.Option("deploy", "Deploy", 3)]
PROVEN = [filters.Option("yes", "Yes")]


@gallery.get("/list")
@public
def listed() -> object:
    choices = [
        filters.Filter("stage", "Stage", STAGES),
        filters.Filter("proven", "Proven", PROVEN, multiple=False),
    ]
    state = filters.Filters(request.path, request.args, choices, words="q")
    columns = {"name": column("name"), "sites": column("sites")}
    sort = sorting.Sort.from_query(request.args, columns, default="name", tie=column("id"))
    return render_template(
        "gallery/list.html",
        filters=state,
        page=Page([81, 82, 83], 123, 5, 20),
        sort=sort,
        moment=datetime(2026, 7, 5, 13, 30, tzinfo=UTC),
        day=date(2026, 7, 1),
    )


@gallery.get("/private")
def private() -> Response:
    return Response("secret", mimetype="text/plain")


@gallery.route("/fail/<int:code>")
@public
def fail(code: int) -> object:
    refusals = {4040: NotFound, 4030: Forbidden, 4090: Conflict, 4000: Invalid}
    if code in refusals:
        raise refusals[code]("Words for <you>")
    if code == 4091:
        raise StaleDataError("UPDATE statement on table expected to update 1 row(s)")
    if code == 500:
        raise RuntimeError("boom")
    abort(code)
