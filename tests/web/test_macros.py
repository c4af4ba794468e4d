"""Pieces of pages that the gallery does not show."""

import pytest
from flask import Flask, render_template_string

FORM = '{% from "macros/form.html" import action, button %}'
PAGE = '{% from "macros/page.html" import empty, panel, stat_card, tag %}'


@pytest.fixture
def render(gallery: Flask):
    with gallery.test_request_context("/"):
        yield render_template_string


def test_a_button_can_tell_which_one_was_pressed(render) -> None:
    html = render(FORM + '{{ button("Save & leave", "secondary", name="then", value="leave") }}')
    assert 'name="then" value="leave">Save &amp; leave' in html
    assert "nhsuk-button--secondary" in html


def test_an_action_is_a_form_with_a_token(render) -> None:
    html = render(FORM + '{{ action("Archive", "/x", fields={"v": 3}, described="Sepsis") }}')
    assert 'method="post" action="/x"' in html
    assert 'name="csrf_token"' in html
    assert 'name="v" value="3"' in html
    assert '<span class="nhsuk-u-visually-hidden"> Sepsis</span>' in html


def test_states_have_one_colour_each_and_unknown_ones_white(render) -> None:
    assert "nhsuk-tag--red" in render(PAGE + '{{ tag("Overdue") }}')
    assert "nhsuk-tag--green" in render(PAGE + '{{ tag("Proven") }}')
    assert "nhsuk-tag--white" in render(PAGE + '{{ tag("Deploy") }}')
    assert "nhsuk-tag--pink" in render(PAGE + '{{ tag("Deploy", "pink") }}')


def test_a_card_without_an_address_is_no_link(render) -> None:
    assert "<a" not in render(PAGE + '{{ stat_card(3, "networks") }}')


def test_a_panel_is_the_heading_of_a_confirmation(render) -> None:
    html = render(PAGE + '{% call panel("Sent") %}Reference {{ "<1>" }}{% endcall %}')
    assert '<h1 class="nhsuk-panel__heading">Sent</h1>' in html
    assert "&lt;1&gt;" in html
