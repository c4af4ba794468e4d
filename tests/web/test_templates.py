"""The traps of the template environment, each met once and not again."""

import errno
import math
import re
from pathlib import Path

import pytest
from flask import Blueprint, Flask, render_template
from jinja2 import DictLoader, Environment

import portal.web
from portal.web.application import PortalFlask
from portal.web.templating import QuietCache
from portal.web.widgets import component
from tests.calls import calls_of
from tests.web.gallery import ROOT, make_app


def test_macros_of_the_nhs_package_escape_what_they_are_given(gallery: Flask) -> None:
    with gallery.test_request_context("/"):
        html = component("tag", "tag", {"text": "<script>alert(1)</script>"})
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html


def test_a_label_of_an_nhs_field_is_escaped(gallery: Flask) -> None:
    with gallery.test_request_context("/"):
        params = {"name": "a", "label": {"text": "<b>"}, "value": '"><i>'}
        html = component("input", "input", params)
    assert "<b>" not in html
    assert "<i>" not in html


def test_no_template_takes_the_capitals_of_names() -> None:
    """Jinja's `capitalize` makes all but the first letter small: "Added the place meadowgate"."""
    folder = Path(portal.web.__file__).parents[1]
    pages = [one for one in folder.rglob("templates/**/*") if one.is_file()]
    assert pages
    assert [
        one.name for one in pages if re.search(r"\|\s*(capitalize|title)\b", one.read_text())
    ] == []


def test_plain_flask_is_refused_because_it_would_not_escape(tmp_path: Path) -> None:
    assert Flask("x").select_jinja_autoescape("macro.jinja") is False
    with pytest.raises(TypeError, match="PortalFlask"):
        portal.web.init_app(Flask("x", instance_path=str(tmp_path)))


def test_touching_the_template_environment_first_is_refused(tmp_path: Path) -> None:
    app = PortalFlask("portal", root_path=str(ROOT), instance_path=str(tmp_path))
    app.jinja_env.globals["early"] = True
    with pytest.raises(RuntimeError, match="jinja_env"):
        portal.web.init_app(app)


def test_templates_of_blueprints_are_found_beside_the_nhs_package(tmp_path: Path) -> None:
    room = tmp_path / "room"
    room.mkdir()
    (room / "hello.html").write_text("Hello {{ name }}")
    app = make_app(str(tmp_path / "instance"))
    app.register_blueprint(Blueprint("room", __name__, template_folder=str(room)))
    with app.test_request_context("/"):
        assert render_template("hello.html", name="<Ada>") == "Hello &lt;Ada&gt;"
        assert app.jinja_env.get_template("nhsuk/template.jinja")


def test_compiled_templates_are_kept_where_nobody_else_may_write(tmp_path: Path) -> None:
    app = make_app(str(tmp_path))
    app.test_client().get("/everything")
    folder = tmp_path / "template-cache"
    assert list(folder.glob("*.cache"))
    assert folder.stat().st_mode & 0o077 == 0


def test_every_compiled_template_stays_in_memory(app: Flask) -> None:
    """There are more than Jinja keeps unless told: going round all pages read them again."""
    env = app.jinja_env
    assert getattr(env.cache, "capacity", math.inf) > len(env.list_templates())


def test_a_choice_of_a_long_list_is_no_component(gallery: Flask) -> None:
    """Plain HTML, not one component a choice: those took a second for 168 conditions."""
    from tests.web.gallery import CONDITIONS, EverythingForm

    with gallery.test_request_context("/"):
        form = EverythingForm()
        form.conditions()
        calls = calls_of(form.conditions)
    choices = sum(len(group) for _name, group in CONDITIONS)
    assert choices > 100
    assert calls / choices < 400, "calls of functions for one choice"


def test_names_that_every_template_knows_are_compared_as_those_of_a_dictionary(
    gallery: Flask,
) -> None:
    """Jinja compares them at each import of macros: in Python, one by one, that is slow."""
    template = gallery.jinja_env.from_string("{{ mine }}{{ late }}", globals={"mine": "a"})
    gallery.jinja_env.globals["late"] = "b"
    names = template.globals.keys()
    assert isinstance(names, type({}.keys()))
    assert {"mine", "late", "url_for"} <= names
    assert template.render() == "ab"


def test_a_full_disk_breaks_no_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = QuietCache(str(tmp_path))

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("jinja2.bccache.tempfile.NamedTemporaryFile", full)
    page = Environment(
        loader=DictLoader({"a.html": "{{ 1 + 1 }}"}), bytecode_cache=cache, autoescape=True
    )
    assert page.get_template("a.html").render() == "2"


def test_scripts_set_text_as_text() -> None:
    """One piece of a page is set as HTML: it comes from our own template, which escaped it."""
    script = Path("portal/static/portal.js").read_text(encoding="utf-8")
    ways = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|createContextualFragment|eval\("
    assert re.findall(ways, script) == ["innerHTML"]
    assert "box.innerHTML = said = part" in script
