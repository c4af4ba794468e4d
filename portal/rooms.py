"""What each room brings: its pages, its commands, its jobs and what it listens to."""

from collections.abc import Callable, Sequence
from pathlib import Path

import click
from flask import Blueprint, Flask, url_for

from portal import jobs, room_doors, room_pages, room_rows
from portal.accounts import admin_views as accounts_admin_views
from portal.accounts import cli as accounts_cli
from portal.accounts import listeners as accounts_listeners
from portal.accounts import session as accounts_session
from portal.accounts import tasks as accounts_tasks
from portal.accounts import views as accounts_views
from portal.accounts.models import Actor
from portal.accounts.queries import told as accounts_told
from portal.accounts.views import choosing as accounts_choosing
from portal.admin import cli as admin_cli
from portal.admin import views as admin_views
from portal.admin.queries import keys as admin_keys
from portal.adoption import dimensions as adoption_dimensions
from portal.adoption import figures as adoption_figures
from portal.adoption import tasks as adoption_tasks
from portal.adoption import views as adoption_views
from portal.answers import figures as answers_figures
from portal.answers import listeners as answers_listeners
from portal.answers import tasks as answers_tasks
from portal.answers import views as answers_views
from portal.api import listeners as api_listeners
from portal.api import tasks as api_tasks
from portal.api import views as api_views
from portal.api.queries import webhooks as api_webhooks
from portal.audit import cli as audit_cli
from portal.audit import tasks as audit_tasks
from portal.backups import cli as backups_cli
from portal.backups import tasks as backups_tasks
from portal.challenges import views as challenges_views
from portal.challenges.models import Challenge
from portal.challenges.queries import calls as challenges_calls
from portal.community import figures as community_figures
from portal.community import tasks as community_tasks
from portal.community import views as community_views
from portal.demo import cli as demo_cli
from portal.desk import views as desk_views
from portal.exchange import figures as exchange_figures
from portal.exchange import listeners as exchange_listeners
from portal.exchange import tasks as exchange_tasks
from portal.exchange import views as exchange_views
from portal.exchange.views import search as exchange_search
from portal.exports import cli as exports_cli
from portal.exports import tasks as exports_tasks
from portal.exports import views as exports_views
from portal.figures import dimensions as figures_dimensions
from portal.figures import listeners as figures_listeners
from portal.figures import rules as figures_rules
from portal.figures import views as figures_views
from portal.home import views as home_views
from portal.impact import figures as impact_figures
from portal.impact import listeners as impact_listeners
from portal.impact import tasks as impact_tasks
from portal.impact import views as impact_views
from portal.imports import cli as imports_cli
from portal.imports import tasks as imports_tasks
from portal.imports import views as imports_views
from portal.improvement import dimensions as improvement_dimensions
from portal.improvement import figures as improvement_figures
from portal.improvement import listeners as improvement_listeners
from portal.improvement import views as improvement_views
from portal.innovations import dimensions as innovations_dimensions
from portal.innovations import listeners as innovations_listeners
from portal.innovations import tasks as innovations_tasks
from portal.innovations import views as innovations_views
from portal.innovations.models import Innovation
from portal.innovations.queries import supporters
from portal.innovations.views import tabs as innovations_tabs
from portal.introductions import tasks as introductions_tasks
from portal.introductions import views as introductions_views
from portal.introductions.queries import unfinished as introductions_unfinished
from portal.matching import cli as matching_cli
from portal.matching import dimensions as matching_dimensions
from portal.matching import listeners as matching_listeners
from portal.matching import tasks as matching_tasks
from portal.matching import views as matching_views
from portal.matching.queries.across import similar_ids
from portal.matching.queries.strong import strong_matches
from portal.notifications import cli as notifications_cli
from portal.notifications import outbox
from portal.notifications import tasks as notifications_tasks
from portal.pages import tasks as pages_tasks
from portal.pages import views as pages_views
from portal.pipeline import tasks as pipeline_tasks
from portal.pipeline import views as pipeline_views
from portal.privacy import cli as privacy_cli
from portal.privacy import tasks as privacy_tasks
from portal.privacy import views as privacy_views
from portal.programmes import cli as programmes_cli
from portal.programmes import dimensions as programmes_dimensions
from portal.programmes import figures as programmes_figures
from portal.programmes import listeners as programmes_listeners
from portal.programmes import tasks as programmes_tasks
from portal.programmes import views as programmes_views
from portal.programmes.queries import longlist as programmes_longlist
from portal.proof import dimensions as proof_dimensions
from portal.proof import figures as proof_figures
from portal.proof import views as proof_views
from portal.reference import cli as reference_cli
from portal.reference import tasks as reference_tasks
from portal.reference.queries import postcodes
from portal.reports import cli as reports_cli
from portal.reports import tasks as reports_tasks
from portal.reports import views as reports_views
from portal.search import cli as search_cli
from portal.search import listeners as search_listeners
from portal.search import tasks as search_tasks
from portal.search import views as search_views
from portal.search.views import results as search_results
from portal.support import dimensions as support_dimensions
from portal.support import figures as support_figures
from portal.support import listeners as support_listeners
from portal.support import queries as support_queries
from portal.support import tasks as support_tasks
from portal.support import views as support_views
from portal.support.queries import unfinished as support_unfinished
from portal.threads import views as threads_views
from portal.web import areas, cards, navigation, pieces
from portal.web import tasks as web_tasks
from portal.web.cards import CardLink
from portal.web.navigation import NavItem


def init_app(app: Flask) -> None:
    """Register every room's pages, commands and tabs."""
    outbox.init_app(app, people=accounts_told, asks=home_views.asks_of, opens=room_doors.may_open)
    accounts_session.init_app(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    api_views.init_app(app)
    for group in COMMANDS:
        app.cli.add_command(group)
    supporters.come_from(support_queries.supporting_hin_ids)
    supporters.records_come_from(support_queries.supported_ids)
    programmes_longlist.matches_come_from(strong_matches)
    challenges_calls.similar_come_from(similar_ids)
    figures_rules.register(FIGURES)
    room_rows.come_from_rooms()
    figures_dimensions.register(DIMENSIONS)
    support_unfinished.come_from(UNFINISHED)
    admin_keys.come_from((api_webhooks.on_older_key,))
    postcodes.lie_at(Path(app.config["POSTCODES"]))
    app.extensions[innovations_tabs.EXTENSION] = room_pages.RECORD_TABS
    app.extensions[areas.EXTENSION] = room_pages.AREA_PARTS
    app.extensions[home_views.EXTENSION] = home_views.Contributions(
        room_pages.HOME_CARDS, room_pages.ASKS, room_pages.HOME_LISTS
    )
    app.extensions[search_results.EXTENSION] = exchange_search.beside
    cards.register(app, _card_links)
    pieces.register(app, room_pages.PIECES)
    navigation.register(app, _navigation)
    navigation.register_pages(app, "support", _support_pages)


def _card_links(innovation: Innovation, challenge: Challenge | None) -> list[CardLink]:
    """Return the links on the card of an innovation for the person who asks."""
    actor = accounts_session.current_actor()
    links = (link(actor, innovation, challenge) for link in room_pages.CARD_LINKS)
    return [link for link in links if link is not None]


def _navigation() -> list[NavItem]:
    """Return the main navigation of the person who asks."""
    return _shown(room_pages.NAVIGATION)


def _support_pages() -> list[NavItem]:
    """Return the pages about support of the person who asks."""
    return _shown(room_pages.SUPPORT_PAGES)


def _shown(pages: Sequence[tuple[str, str, Callable[[Actor], bool]]]) -> list[NavItem]:
    actor = accounts_session.current_actor()
    return [NavItem(text, url_for(page)) for text, page, may in pages if may(actor)]


FIGURES = (
    support_figures.FIGURES,
    proof_figures.FIGURES,
    adoption_figures.FIGURES,
    programmes_figures.FIGURES,
    improvement_figures.FIGURES,
    impact_figures.FIGURES,
    impact_figures.EVENT_FIGURES,
    answers_figures.FIGURES,
    community_figures.FIGURES,
    exchange_figures.FIGURES,
)
"""The figures that each room contributes, in the order of pages."""

DIMENSIONS = (
    innovations_dimensions.DIMENSIONS,
    proof_dimensions.DIMENSIONS,
    adoption_dimensions.DIMENSIONS,
    programmes_dimensions.DIMENSIONS,
    improvement_dimensions.DIMENSIONS,
    support_dimensions.DIMENSIONS,
    matching_dimensions.DIMENSIONS,
)
"""By what each room lets innovations be counted, and what a cross-tab's cell may count."""

BLUEPRINTS: tuple[Blueprint, ...] = (
    accounts_admin_views.blueprint,
    accounts_views.blueprint,
    accounts_choosing.unsubscribe_blueprint,
    admin_views.blueprint,
    admin_views.deadlines_blueprint,
    admin_views.metrics.blueprint,
    adoption_views.blueprint,
    answers_views.blueprint,
    api_views.pages,
    api_views.webhooks.blueprint,
    challenges_views.blueprint,
    community_views.blueprint,
    desk_views.blueprint,
    exchange_views.blueprint,
    exports_views.blueprint,
    figures_views.blueprint,
    home_views.blueprint,
    impact_views.blueprint,
    imports_views.blueprint,
    improvement_views.blueprint,
    innovations_views.blueprint,
    introductions_views.blueprint,
    matching_views.blueprint,
    pages_views.blueprint,
    pipeline_views.blueprint,
    privacy_views.blueprint,
    privacy_views.admin_blueprint,
    programmes_views.blueprint,
    proof_views.blueprint,
    reports_views.blueprint,
    search_views.blueprint,
    support_views.blueprint,
    threads_views.blueprint,
)
COMMANDS: tuple[click.Command, ...] = (
    accounts_cli.group,
    accounts_cli.accounts_group,
    admin_cli.doctor,
    admin_cli.init,
    audit_cli.group,
    backups_cli.group,
    backups_cli.restore,
    backups_cli.copy_sqlite,
    imports_cli.challenges_group,
    demo_cli.group,
    exports_cli.group,
    imports_cli.innovations_group,
    jobs.group,
    matching_cli.group,
    notifications_cli.group,
    privacy_cli.group,
    programmes_cli.group,
    reference_cli.group,
    reports_cli.group,
    search_cli.group,
)
TASKS = (
    *(accounts_tasks, audit_tasks, imports_tasks, innovations_tasks, introductions_tasks),
    *(matching_tasks, notifications_tasks, pipeline_tasks, reference_tasks, search_tasks),
    *(support_tasks, privacy_tasks, web_tasks, api_tasks, exports_tasks, adoption_tasks),
    *(answers_tasks, impact_tasks, backups_tasks, programmes_tasks, community_tasks),
    *(exchange_tasks, pages_tasks, reports_tasks),
)
"""Imported for their `@task` registrations."""
LISTENERS = (
    *(accounts_listeners, answers_listeners, api_listeners, exchange_listeners, impact_listeners),
    *(figures_listeners, improvement_listeners, innovations_listeners),
    *(matching_listeners, programmes_listeners, search_listeners, support_listeners),
)
"""Imported for what they do when rows of their own or a lower room change."""

# What may be under way between a network and an innovation, in the order in which somebody who ends
# the support is told of it.
UNFINISHED: tuple[support_unfinished.Source, ...] = (
    support_unfinished.open_tasks,
    support_unfinished.open_proposals,
    introductions_unfinished.under_way,
)
