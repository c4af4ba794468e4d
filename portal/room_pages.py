"""What each room puts on pages of others: tabs, links on cards, home, navigation."""

from collections.abc import Callable

from portal.accounts.models import Actor
from portal.accounts.views import home as accounts_home
from portal.admin import policy as admin_policy
from portal.adoption import policy as adoption_policy
from portal.adoption.views import area_part as adoption_area_part
from portal.adoption.views import cards as adoption_cards
from portal.adoption.views import home as adoption_home
from portal.answers import policy as answers_policy
from portal.answers.views import home as answers_home
from portal.challenges import views as challenges_views
from portal.challenges.views import area_part as challenges_area_part
from portal.challenges.views import calls as challenges_call_views
from portal.community.views import home as community_home
from portal.community.views import pieces as community_pieces
from portal.desk import policy as desk_policy
from portal.desk.views import home as desk_home
from portal.exchange.views import area_part as exchange_area_part
from portal.exchange.views import home as exchange_home
from portal.exchange.views import pieces as exchange_pieces
from portal.exports import policy as exports_policy
from portal.figures import policy as figures_policy
from portal.impact.views import home as impact_home
from portal.imports import policy as imports_policy
from portal.improvement import policy as improvement_policy
from portal.innovations import policy as innovations_policy
from portal.innovations.views import home as innovations_home
from portal.innovations.views import tabs as innovations_tabs
from portal.innovations.views.tabs import RecordTab
from portal.introductions import policy as introductions_policy
from portal.introductions.views import cards as introductions_cards
from portal.introductions.views import home as introductions_home
from portal.introductions.views import record as introductions_record
from portal.matching import policy as matching_policy
from portal.matching.views import area_part as matching_area_part
from portal.matching.views import home as matching_home
from portal.pages.views import announcements
from portal.pipeline.views import home as pipeline_home
from portal.programmes.views import home as programmes_home
from portal.proof import policy as proof_policy
from portal.reports.views import home as reports_home
from portal.support import policy as support_policy
from portal.support.views import home as support_home
from portal.web import areas, pieces
from portal.web.cards import CardLinkSource

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
PIECES: tuple[pieces.PieceSource, ...] = (
    community_pieces.credit_of,
    exchange_pieces.published_of,
    announcements.at_sign_in,
)
# The parts of the public page of an integrated care system, in the order of the page
# (`portal/web/areas.py`): a room that tells something of an area adds its part here.
AREA_PARTS: tuple[areas.AreaPart, ...] = (
    adoption_area_part.IN_USE,
    challenges_area_part.OPEN,
    matching_area_part.UNMET,
    exchange_area_part.CONTENT,
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
    *reports_home.ASKS,
    *programmes_home.ASKS,
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
    ("Who can help", "support.directory", figures_policy.can_see_figures),
    ("Deadlines", "deadlines.deadlines", admin_policy.can_read_deadlines),
    ("Tasks and messages", "support.tasks", lambda actor: actor.is_hin),
    ("Questions from ICSs", "matching.enquiries", matching_policy.can_answer),
    ("Places by name", "innovations.named_places", innovations_policy.can_attach_places),
    ("Possible duplicates", "innovations.possible", lambda actor: actor.is_staff),
    ("Load", "desk.capacity", lambda actor: actor.is_hin),
    ("Templates", "desk.templates", lambda actor: actor.is_hin),
    ("Register for a company", "imports.on_behalf", imports_policy.can_register_on_behalf),
    ("Bring in a spreadsheet", "imports.index", imports_policy.can_import_innovations),
    ("Take everything out", "exports.index", exports_policy.can_export),
)
