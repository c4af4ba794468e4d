"""What each room brings: its pages, its commands, its jobs and what it listens to."""

from collections.abc import Callable, Sequence
from pathlib import Path

import click
from flask import Blueprint, Flask, url_for

from portal import jobs, room_rows
from portal.accounts import admin_views as accounts_admin_views
from portal.accounts import cli as accounts_cli
from portal.accounts import listeners as accounts_listeners
from portal.accounts import session as accounts_session
from portal.accounts import tasks as accounts_tasks
from portal.accounts import views as accounts_views
from portal.accounts.models import Actor
from portal.accounts.queries import told as accounts_told
from portal.accounts.views import choosing as accounts_choosing
from portal.accounts.views import home as accounts_home
from portal.admin import cli as admin_cli
from portal.admin import policy as admin_policy
from portal.admin import views as admin_views
from portal.adoption import dimensions as adoption_dimensions
from portal.adoption import figures as adoption_figures
from portal.adoption import policy as adoption_policy
from portal.adoption import tasks as adoption_tasks
from portal.adoption import views as adoption_views
from portal.adoption.views import area_part as adoption_area_part
from portal.adoption.views import cards as adoption_cards
from portal.adoption.views import home as adoption_home
from portal.answers import figures as answers_figures
from portal.answers import listeners as answers_listeners
from portal.answers import policy as answers_policy
from portal.answers import tasks as answers_tasks
from portal.answers import views as answers_views
from portal.answers.views import home as answers_home
from portal.api import listeners as api_listeners
from portal.api import tasks as api_tasks
from portal.api import views as api_views
from portal.audit import cli as audit_cli
from portal.audit import tasks as audit_tasks
from portal.backups import cli as backups_cli
from portal.backups import tasks as backups_tasks
from portal.challenges import views as challenges_views
from portal.challenges.models import Challenge
from portal.challenges.queries import calls as challenges_calls
from portal.challenges.views import area_part as challenges_area_part
from portal.challenges.views import calls as challenges_call_views
from portal.community import figures as community_figures
from portal.community import tasks as community_tasks
from portal.community import views as community_views
from portal.community.views import home as community_home
from portal.community.views import pieces as community_pieces
from portal.demo import cli as demo_cli
from portal.desk import policy as desk_policy
from portal.desk import views as desk_views
from portal.desk.views import home as desk_home
from portal.exchange import listeners as exchange_listeners
from portal.exchange import figures as exchange_figures
from portal.exchange import tasks as exchange_tasks
from portal.exchange import views as exchange_views
from portal.exchange.views import home as exchange_home
from portal.exchange.views import search as exchange_search
from portal.exports import cli as exports_cli
from portal.exports import policy as exports_policy
from portal.exports import tasks as exports_tasks
from portal.exports import views as exports_views
from portal.figures import dimensions as figures_dimensions
from portal.figures import listeners as figures_listeners
from portal.figures import policy as figures_policy
from portal.figures import rules as figures_rules
from portal.figures import views as figures_views
from portal.home import views as home_views
from portal.impact import figures as impact_figures
from portal.impact import listeners as impact_listeners
from portal.impact import tasks as impact_tasks
from portal.impact import views as impact_views
from portal.impact.views import home as impact_home
from portal.imports import cli as imports_cli
from portal.imports import policy as imports_policy
from portal.imports import tasks as imports_tasks
from portal.imports import views as imports_views
from portal.improvement import figures as improvement_figures
from portal.improvement import listeners as improvement_listeners
from portal.improvement import policy as improvement_policy
from portal.improvement import views as improvement_views
from portal.innovations import dimensions as innovations_dimensions
from portal.innovations import listeners as innovations_listeners
from portal.innovations import policy as innovations_policy
from portal.innovations import tasks as innovations_tasks
from portal.innovations import views as innovations_views
from portal.innovations.models import Innovation
from portal.innovations.queries import supporters
from portal.innovations.views import home as innovations_home
from portal.innovations.views import tabs as innovations_tabs
from portal.innovations.views.tabs import RecordTab
from portal.introductions import policy as introductions_policy
from portal.introductions import tasks as introductions_tasks
from portal.introductions import views as introductions_views
from portal.introductions.queries import unfinished as introductions_unfinished
from portal.introductions.views import cards as introductions_cards
from portal.introductions.views import home as introductions_home
from portal.introductions.views import record as introductions_record
from portal.matching import cli as matching_cli
from portal.matching import dimensions as matching_dimensions
from portal.matching import listeners as matching_listeners
from portal.matching import policy as matching_policy
from portal.matching import tasks as matching_tasks
from portal.matching import views as matching_views
from portal.matching.queries.across import similar_ids
from portal.matching.queries.strong import strong_matches
from portal.matching.views import area_part as matching_area_part
from portal.matching.views import home as matching_home
from portal.notifications import cli as notifications_cli
from portal.notifications import outbox
from portal.notifications import tasks as notifications_tasks
from portal.pages import views as pages_views
from portal.pipeline import tasks as pipeline_tasks
from portal.pipeline import views as pipeline_views
from portal.pipeline.views import home as pipeline_home
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
from portal.proof import policy as proof_policy
from portal.proof import views as proof_views
from portal.reference import cli as reference_cli
from portal.reference import tasks as reference_tasks
from portal.reference.queries import postcodes
from portal.reports import cli as reports_cli
from portal.reports import views as reports_views
from portal.search import cli as search_cli
from portal.search import listeners as search_listeners
from portal.search import tasks as search_tasks
from portal.search import views as search_views
from portal.search.views import results as search_results
from portal.support import dimensions as support_dimensions
from portal.support import figures as support_figures
from portal.support import listeners as support_listeners
from portal.support import policy as support_policy
from portal.support import queries as support_queries
from portal.support import tasks as support_tasks
from portal.support import views as support_views
from portal.support.queries import unfinished as support_unfinished
from portal.support.views import home as support_home
from portal.threads import views as threads_views
from portal.web import areas, cards, navigation, pieces
from portal.web import tasks as web_tasks
from portal.web.cards import CardLink, CardLinkSource
from portal.web.navigation import NavItem


def init_app(app: Flask) -> None:
    """Register every room's pages, commands and tabs."""
    outbox.init_app(app, people=accounts_told, asks=home_views.asks_of)
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
    postcodes.lie_at(Path(app.config["POSTCODES"]))
    app.extensions[innovations_tabs.EXTENSION] = RECORD_TABS
    app.extensions[areas.EXTENSION] = AREA_PARTS
    app.extensions[home_views.EXTENSION] = home_views.Contributions(HOME_CARDS, ASKS, HOME_LISTS)
    app.extensions[search_results.EXTENSION] = exchange_search.beside
    cards.register(app, _card_links)
    pieces.register(app, PIECES)
    navigation.register(app, _navigation)
    navigation.register_pages(app, "support", _support_pages)


def _card_links(innovation: Innovation, challenge: Challenge | None) -> list[CardLink]:
    """Return the links on the card of an innovation for the person who asks."""
    actor = accounts_session.current_actor()
    links = (link(actor, innovation, challenge) for link in CARD_LINKS)
    return [link for link in links if link is not None]


def _navigation() -> list[NavItem]:
    """Return the main navigation of the person who asks."""
    return _shown(NAVIGATION)


def _support_pages() -> list[NavItem]:
    """Return the pages about support of the person who asks."""
    return _shown(SUPPORT_PAGES)


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
    *(exchange_tasks,),
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

# The tabs of an innovation record, in their order: a room that shows facts of its own on the
# record names its page here, and its template extends `innovations/record.html`.
RECORD_TABS: tuple[RecordTab, ...] = (
    RecordTab("Overview", "innovations.overview", innovations_tabs.everyone),
    RecordTab("Evidence", "innovations.evidence", innovations_tabs.everyone),
    RecordTab("Standards", "innovations.standards", innovations_tabs.everyone),
    RecordTab("Use", "innovations.use", innovations_tabs.everyone),
    RecordTab(
        "Challenges it may fit", "matching.challenges", matching_policy.can_read_fitting_challenges
    ),
    RecordTab("Support", "support.record", support_policy.can_read),
    RecordTab("Spread", "adoption.record", adoption_policy.can_read_spread),
    RecordTab("Progress", "proof.progress", proof_policy.can_read_progress),
    RecordTab("Proven", "proof.proven", support_policy.can_read),
    RecordTab("Introductions", "introductions.record", introductions_record.may_see_tab),
    RecordTab("Similar", "innovations.duplicates", innovations_tabs.own_people_and_staff),
    RecordTab("People", "innovations.people", innovations_tabs.own_people_and_staff),
    RecordTab("Who may see it", "innovations.sharing", innovations_tabs.own_people_and_staff),
    RecordTab("Activity", "innovations.activity", innovations_tabs.signed_in),
)

# The links on the card of an innovation, wherever a lower room shows one, in their order.
CARD_LINKS: tuple[CardLinkSource, ...] = (introductions_cards.link, adoption_cards.link)

# What a room says on the page of a lower room's row, in their order.
PIECES: tuple[pieces.PieceSource, ...] = (community_pieces.credit_of,)
# The parts of the public page of an integrated care system, in the order of the page
# (`portal/web/areas.py`): a room that tells something of an area adds its part here.
AREA_PARTS: tuple[areas.AreaPart, ...] = (
    adoption_area_part.IN_USE,
    challenges_area_part.OPEN,
    matching_area_part.UNMET,
)

# The home page: what is asked of a person comes first, then cards and lists, each in this order.
ASKS = (
    *accounts_home.ASKS,
    *support_home.ASKS,
    *innovations_home.ASKS,
    *introductions_home.ASKS,
    *challenges_call_views.ASKS,
    *answers_home.ASKS,
    *community_home.ASKS,
    *matching_home.ASKS,
    *impact_home.ASKS,
    *exchange_home.ASKS,
)
HOME_CARDS = (
    *desk_home.CARDS,
    *adoption_home.CARDS,
    *pipeline_home.CARDS,
    *innovations_home.CARDS,
    *challenges_views.CARDS,
    *introductions_home.CARDS,
    *answers_home.CARDS,
    *community_home.CARDS,
)
HOME_LISTS = (
    *support_home.LISTS,
    *matching_home.LISTS,
    *pipeline_home.LISTS,
)

# The main navigation, in its order: the words, the page, and who is shown it.
NAVIGATION: tuple[tuple[str, str, Callable[[Actor], bool]], ...] = (
    ("Home", "home.home", lambda actor: actor.is_signed_in),
    ("Search", "search.results", lambda actor: True),
    ("Our innovations", "innovations.catalogue", lambda actor: actor.is_innovator),
    ("Exchange", "exchange.index", lambda actor: True),
    ("Challenges", "challenges.index", lambda actor: True),
    ("Ideas", "community.index", community_home.has_pages),
    ("Programmes", "programmes.index", lambda actor: True),
    ("Improvement", "improvement.index", improvement_policy.can_read),
    ("Impact", "impact.index", lambda actor: True),
    ("Reports", "reports.index", lambda actor: True),
    ("Unmet needs", "matching.unmet_needs", matching_policy.can_see_unmet_needs),
    ("Triage desk", "desk.desk", desk_policy.can_see_desk),
    ("Introductions", "introductions.index", introductions_policy.can_see_list),
    ("Answers", "answers.index", answers_policy.can_see_list),
    ("Pipeline", "pipeline.pipeline", lambda actor: actor.is_signed_in),
    ("Adoption", "adoption.index", adoption_policy.can_read),
    ("Administration", "admin.index", admin_policy.can_administer),
)

# The tabs above the pages about support, whichever room brings them.
SUPPORT_PAGES: tuple[tuple[str, str, Callable[[Actor], bool]], ...] = (
    ("Triage desk", "desk.desk", desk_policy.can_see_desk),
    ("Interactions", "support.interactions", support_policy.can_read_lists),
    ("Partnerships", "support.partnership_list", support_policy.can_read_lists),
    ("Figures", "figures.index", figures_policy.can_see_figures),
    ("What innovators say", "support.surveys", figures_policy.can_see_figures),
    ("Suggested levels", "support.levels", figures_policy.can_see_figures),
    ("Deadlines", "deadlines.deadlines", admin_policy.can_read_deadlines),
    ("Tasks and messages", "support.tasks", lambda actor: actor.is_hin),
    ("Questions from ICSs", "matching.enquiries", matching_policy.can_answer),
    ("Places by name", "innovations.named_places", innovations_policy.can_attach_places),
    ("Possible duplicates", "innovations.possible", lambda actor: actor.is_staff),
    ("Load", "desk.capacity", lambda actor: actor.is_hin),
    ("Templates", "desk.templates", lambda actor: actor.is_hin),
    ("Bring in a spreadsheet", "imports.index", imports_policy.can_import_innovations),
    ("Take everything out", "exports.index", exports_policy.can_export),
)
