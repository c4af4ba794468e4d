"""What is asked of each kind of content: its questions as data, as the record's sections are. Pure.

Forms, pages, checks, search and structured data read them here: a new question is one line.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from portal.exchange.models import ContentKind


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a kind."""

    code: str
    label: str
    """Also its heading on the page that everybody reads."""
    hint: str = ""
    is_long: bool = False
    """Whether it takes paragraphs in Markdown; one line otherwise."""
    is_needed: bool = False
    """Whether nothing is published without it."""
    is_contact: bool = False
    """Whether it may hold the address or telephone number of a team."""
    is_link: bool = False
    is_number: bool = False
    is_folded: bool = False
    """Whether its answer is long and unlikely to be read by most: pages fold it."""
    max_length: int = 4_000


@dataclass(frozen=True, slots=True)
class Kind:
    """What is asked of a kind, beside title, summary, topics and what it is about."""

    many: str
    """Its items, as the list calls them."""
    questions: Sequence[Question]
    has_link: bool = False
    link_label: str = "Link"
    needs_link: bool = False
    has_dates: bool = False
    has_times: bool = False
    has_results: bool = False
    has_places: bool = False
    """Whether it names places of the national directory."""
    has_subject: bool = True
    """Whether it may be about a record, a challenge or a programme."""

    @property
    def needed(self) -> list[Question]:
        """Return the questions without which nothing is published."""
        return [one for one in self.questions if one.is_needed]


def _long(code: str, label: str, hint: str = "", *, needed: bool = False) -> Question:
    return Question(code, label, hint, is_long=True, is_needed=needed)


BODY = _long("body", "What it is about", needed=True)
CONTACT = Question(
    "contact",
    "Talk to them",
    "A team and its shared address. Never the address of one person.",
    is_contact=True,
    max_length=300,
)
TRANSCRIPT = Question(
    "transcript",
    "Transcript",
    "Every word that is said, and what can be heard or seen besides.",
    is_long=True,
    is_needed=True,
    is_folded=True,
    max_length=100_000,
)
LENGTH = Question("length", "Length", "For example: 24 minutes", max_length=60)

KINDS: Mapping[ContentKind, Kind] = {
    ContentKind.CASE_STUDY: Kind(
        "Case studies",
        (
            _long("need", "What was needed", needed=True),
            _long("done", "What was done", needed=True),
            Question("who", "Who did it", "Teams and organisations", is_needed=True),
            Question("places", "Where", "Trusts, practices or other sites", max_length=500),
            _long("lessons", "What was learnt", "What you would do again, and what not"),
            _long("cost", "What it cost", "Money and people's time, and who paid"),
            _long("spread", "Where it went from there", "Who else uses it, or could"),
            CONTACT,
        ),
        has_link=True,
        link_label="More about it (optional)",
        has_results=True,
        has_places=True,
    ),
    ContentKind.FUNDING: Kind(
        "Funding",
        (
            Question("funder", "Funder", is_needed=True),
            Question("amount", "Amount", "For example: up to £150,000 each", is_needed=True),
            _long("who_may", "Who may apply", needed=True),
            _long("body", "What it pays for"),
            _long("how", "How to apply"),
        ),
        has_link=True,
        link_label="Where one applies",
        needs_link=True,
        has_dates=True,
    ),
    ContentKind.EVENT: Kind(
        "Events and webinars",
        (
            Question("place", "Place", "An address, or “Online”", is_needed=True),
            Question("host", "Who holds it", is_needed=True),
            BODY,
            Question("series", "Series", "For example: second of four", max_length=100),
            Question("booked", "People who booked", is_number=True, max_length=7),
            Question("came", "People who came", "Filled in afterwards.", is_number=True),
            Question("recording", "Recording", "Its address, afterwards", is_link=True),
            Question(
                "transcript",
                "Transcript",
                "Needed as soon as there is a recording.",
                is_long=True,
                is_folded=True,
                max_length=100_000,
            ),
        ),
        has_link=True,
        link_label="Where one books or joins (optional)",
        has_times=True,
    ),
    ContentKind.PODCAST: Kind(
        "Podcasts",
        (BODY, Question("speakers", "Who speaks"), LENGTH, TRANSCRIPT),
        has_link=True,
        link_label="Where one hears it",
        needs_link=True,
    ),
    ContentKind.VIDEO: Kind(
        "Videos",
        (BODY, Question("speakers", "Who speaks"), LENGTH, TRANSCRIPT),
        has_link=True,
        link_label="Where one watches it",
        needs_link=True,
    ),
    ContentKind.RESOURCE: Kind(
        "Resources and toolkits",
        (
            BODY,
            Question("for_whom", "For whom", is_needed=True),
            Question("edition", "Edition", "For example: version 2, May 2026", max_length=100),
        ),
        has_link=True,
        link_label="Where it is",
        needs_link=True,
    ),
    ContentKind.NEWS: Kind("News", (BODY,), has_link=True, link_label="More about it (optional)"),
    ContentKind.AWARD: Kind(
        "Awards",
        (
            Question("award", "Award", "Its name and year", is_needed=True),
            Question("category", "Category", max_length=150),
            Question("outcome", "What came of it", "Nominated, finalist, won …", is_needed=True),
            Question("who", "Who", is_needed=True),
            _long("body", "What it was for"),
        ),
        has_link=True,
        link_label="More about it (optional)",
    ),
}


def kind_of(kind: ContentKind) -> Kind:
    """Return what is asked of a kind."""
    return KINDS[kind]
