"""What the rooms say of their rows: who stands in them and for how long, what passes on when
somebody leaves, and what becomes of them when two records or organisations are made one."""

from portal import merging, personal
from portal.accounts import merging as accounts_merging
from portal.accounts import privacy as accounts_privacy
from portal.accounts.queries import leaving
from portal.adoption import merging as adoption_merging
from portal.adoption import privacy as adoption_privacy
from portal.answers import merging as answers_merging
from portal.answers import privacy as answers_privacy
from portal.answers.services import leaving as answers_leaving
from portal.api import privacy as api_privacy
from portal.audit import privacy as audit_privacy
from portal.challenges import merging as challenges_merging
from portal.challenges import privacy as challenges_privacy
from portal.challenges import services as challenges_services
from portal.community import merging as community_merging
from portal.community import privacy as community_privacy
from portal.community.services import leaving as community_leaving
from portal.desk import privacy as desk_privacy
from portal.exchange import merging as exchange_merging
from portal.exchange import privacy as exchange_privacy
from portal.exchange.services import leaving as exchange_leaving
from portal.exports import merging as exports_merging
from portal.exports import privacy as exports_privacy
from portal.figures import privacy as figures_privacy
from portal.impact import merging as impact_merging
from portal.impact import privacy as impact_privacy
from portal.imports import merging as imports_merging
from portal.imports import privacy as imports_privacy
from portal.improvement import merging as improvement_merging
from portal.improvement import privacy as improvement_privacy
from portal.innovations import merging as innovations_merging
from portal.innovations import privacy as innovations_privacy
from portal.innovations.services import leaving as innovations_leaving
from portal.introductions import merging as introductions_merging
from portal.introductions import privacy as introductions_privacy
from portal.introductions.services import leaving as introductions_leaving
from portal.matching import merging as matching_merging
from portal.matching import privacy as matching_privacy
from portal.notifications import privacy as notifications_privacy
from portal.pages import privacy as pages_privacy
from portal.privacy import privacy as privacy_privacy
from portal.programmes import merging as programmes_merging
from portal.programmes import privacy as programmes_privacy
from portal.programmes.services import leaving as programmes_leaving
from portal.proof import merging as proof_merging
from portal.proof import privacy as proof_privacy
from portal.reference import privacy as reference_privacy
from portal.reports import privacy as reports_privacy
from portal.reports.services import leaving as reports_leaving
from portal.saved import merging as saved_merging
from portal.saved import privacy as saved_privacy
from portal.search import merging as search_merging
from portal.search import privacy as search_privacy
from portal.support import merging as support_merging
from portal.support import privacy as support_privacy
from portal.support.services import leaving as support_leaving
from portal.web import privacy as web_privacy


def come_from_rooms() -> None:
    """Tell those who ask what every room says of its rows."""
    leaving.come_from(RESPONSIBILITIES)
    personal.come_from(PLACES, RETENTION, ADDRESS_READERS)
    merging.come_from(MERGES)


# What hangs on people, in the order in which they are told of it: when somebody leaves, a colleague
# takes over or it is freed. A room that lets something hang on a person names it here.
RESPONSIBILITIES: tuple[leaving.Responsibility, ...] = (
    *support_leaving.RESPONSIBILITIES,
    *introductions_leaving.RESPONSIBILITIES,
    *innovations_leaving.RESPONSIBILITIES,
    *challenges_services.RESPONSIBILITIES,
    *answers_leaving.RESPONSIBILITIES,
    *community_leaving.RESPONSIBILITIES,
    *programmes_leaving.RESPONSIBILITIES,
    *reports_leaving.RESPONSIBILITIES,
    *exchange_leaving.RESPONSIBILITIES,
)

# Where people stand in the tables of each room, in the order in which pages and copies name them; a
# table that no room declares fails the tests.
PLACES: tuple[personal.Place, ...] = (
    *accounts_privacy.PLACES,
    *notifications_privacy.PLACES,
    *innovations_privacy.PLACES,
    *challenges_privacy.PLACES,
    *introductions_privacy.PLACES,
    *answers_privacy.PLACES,
    *community_privacy.PLACES,
    *support_privacy.PLACES,
    *proof_privacy.PLACES,
    *adoption_privacy.PLACES,
    *programmes_privacy.PLACES,
    *improvement_privacy.PLACES,
    *impact_privacy.PLACES,
    *reports_privacy.PLACES,
    *matching_privacy.PLACES,
    *exchange_privacy.PLACES,
    *search_privacy.PLACES,
    *saved_privacy.PLACES,
    *desk_privacy.PLACES,
    *audit_privacy.PLACES,
    *privacy_privacy.PLACES,
    *pages_privacy.PLACES,
    *web_privacy.PLACES,
    *figures_privacy.PLACES,
    *reference_privacy.PLACES,
    *imports_privacy.PLACES,
    *api_privacy.PLACES,
    *exports_privacy.PLACES,
)

# What becomes of the rows that point to two records, or two organisations, when they are made
# one; a foreign key of which no room says it fails the tests.
MERGES: tuple[merging.Rule, ...] = (
    *innovations_merging.MERGES,
    *support_merging.MERGES,
    *proof_merging.MERGES,
    *introductions_merging.MERGES,
    *answers_merging.MERGES,
    *community_merging.MERGES,
    *matching_merging.MERGES,
    *challenges_merging.MERGES,
    *accounts_merging.MERGES,
    *saved_merging.MERGES,
    *search_merging.MERGES,
    *imports_merging.MERGES,
    *exports_merging.MERGES,
    *adoption_merging.MERGES,
    *programmes_merging.MERGES,
    *exchange_merging.MERGES,
    *improvement_merging.MERGES,
    *impact_merging.MERGES,
)

# How long things are kept: the privacy page, the nightly clearing and the documents follow it.
RETENTION: tuple[personal.Retention, ...] = (
    *accounts_privacy.RETENTION,
    *notifications_privacy.RETENTION,
    *innovations_privacy.RETENTION,
    *community_privacy.RETENTION,
    *search_privacy.RETENTION,
    *web_privacy.RETENTION,
    *privacy_privacy.RETENTION,
    *imports_privacy.RETENTION,
    *api_privacy.RETENTION,
    *impact_privacy.RETENTION,
    *exports_privacy.RETENTION,
    *exchange_privacy.RETENTION,
)

# Who may read whose email address, as each room's policy has it; the privacy page says the same.
ADDRESS_READERS: tuple[personal.AddressReaders, ...] = (
    *accounts_privacy.ADDRESS_READERS,
    *innovations_privacy.ADDRESS_READERS,
    *introductions_privacy.ADDRESS_READERS,
    *challenges_privacy.ADDRESS_READERS,
    *support_privacy.ADDRESS_READERS,
)
