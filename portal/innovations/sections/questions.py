"""What each section of the record asks, what is needed, what is in confidence. Pure.

One list of questions serves the forms, the drafts, the pages, the importer and the export. An
answer in a draft is plain JSON: text, a whole number, pounds as text ("12.50"), a day as ISO text
("2023-05-04", and "2023-05" or "2023" where no more is known),
the code of a term, ICS or HIN, the id of an organisation, or a list of codes or of ids of files.
"""

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from portal.innovations.models import Evidence, Section, StandardHeld, Use
from portal.reference.models import Vocabulary


class Kind(enum.StrEnum):
    """What an answer is."""

    LINE = "line"
    TEXT = "text"
    WEBSITE = "website"
    POSTCODE = "postcode"
    POUNDS = "pounds"
    WHOLE = "whole"
    DAY = "day"
    TERM = "term"
    TERMS = "terms"
    ICS = "ics"
    HIN = "hin"
    ORGANISATION = "organisation"
    SITE = "site"
    STATUS = "status"
    NATION = "nation"
    FILES = "files"


@dataclass(frozen=True)
class Question:
    """One thing that is asked; `name` is its key in a draft and its attribute on the row."""

    name: str
    label: str
    kind: Kind = Kind.LINE
    vocabulary: Vocabulary | None = None
    hint: str = ""
    needed: str = ""
    """What to say when it is missing from what is submitted; empty when it may be left out."""
    is_confidential: bool = False
    """Commercial in confidence: see `policy.can_see_confidential`."""
    max_length: int = 200
    is_past: bool = False
    """A day of what has happened: it cannot lie in the future."""
    is_end: bool = False
    """A day on which something ends: a month or a year alone counts to its last day."""
    noun: str = ""
    """What the answer is called where it is only read, if the question does not say that."""

    @property
    def heading(self) -> str:
        """What stands beside the answer where it is only read."""
        return self.noun or self.label.removesuffix("?")

    @property
    def is_many(self) -> bool:
        """Whether the answer is a list of codes."""
        return self.kind is Kind.TERMS

    @property
    def is_asked(self) -> bool:
        """Whether forms and imports ask it; files have a page of their own."""
        return self.kind is not Kind.FILES

    @property
    def blank(self) -> Any:
        """What stands for "not answered" in a draft."""
        if self.is_many or self.kind is Kind.FILES:
            return []
        return "" if self.kind in TEXTS else None


TEXTS = frozenset({Kind.LINE, Kind.TEXT, Kind.WEBSITE, Kind.POSTCODE})

RowType = type[Evidence] | type[StandardHeld] | type[Use]


@dataclass(frozen=True)
class Part:
    """A section: its questions, or the questions of each row of its list."""

    section: Section
    title: str
    about: str
    """One sentence under the heading of its form."""
    questions: tuple[Question, ...]
    row: RowType | None = None
    """The table of its list; None when the questions are asked once."""
    rows: str = ""
    """The relationship on `Innovation` that holds the list."""
    item: str = ""
    """What one row of the list is called: "piece of evidence"."""

    @property
    def is_list(self) -> bool:
        """Whether the section is a list of rows."""
        return self.row is not None

    @property
    def asked(self) -> tuple[Question, ...]:
        """Return the questions that forms and imports ask."""
        return tuple(question for question in self.questions if question.is_asked)

    def question(self, name: str) -> Question:
        """Return the question with this name; KeyError when there is none."""
        return {q.name: q for q in self.questions}[name]


def _long(name: str, label: str, **more: Any) -> Question:
    return Question(name, label, Kind.TEXT, **{"max_length": 4000, **more})


ABOUT = Part(
    Section.ABOUT,
    "About the innovation",
    "What it is, how far it has come and where its people are based.",
    (
        Question("name", "Name of the innovation", needed="Enter the name of the innovation"),
        Question(
            "summary",
            "Summary in one sentence",
            hint="What it does and for whom, in words that somebody new to it understands.",
            needed="Enter a summary in one sentence",
            max_length=300,
        ),
        _long("description", "Description", hint="How it works and what is new about it."),
        Question("website", "Website", Kind.WEBSITE),
        Question(
            "category",
            "Category",
            Kind.TERM,
            Vocabulary.CATEGORY,
            needed="Select a category",
        ),
        Question("main_purpose", "Main purpose", Kind.TERM, Vocabulary.PURPOSE),
        Question(
            "stage",
            "Stage of development",
            Kind.TERM,
            Vocabulary.DEVELOPMENT_STAGE,
            needed="Select a stage of development",
        ),
        Question("areas", "Areas of innovation", Kind.TERMS, Vocabulary.AREA),
        Question(
            "nation",
            "Where are you based?",
            Kind.NATION,
            needed="Select where you are based",
        ),
        Question(
            "postcode",
            "Postcode",
            Kind.POSTCODE,
            hint="Of the place where most of the work is done, in England. It may tell the ICS, so "
            "that you need not choose one. Only your side and the HINs that support you see it.",
            is_confidential=True,
        ),
        Question(
            "ics",
            "Integrated care system (ICS)",
            Kind.ICS,
            hint="Leave it empty if you do not know: a HIN is found for you in any case.",
        ),
        Question(
            "hin",
            "Health Innovation Network (HIN) that looks at it first",
            Kind.HIN,
            hint="Leave it empty to take the one that leads where you are based.",
        ),
    ),
)

NEED = Part(
    Section.NEED,
    "Need, benefits and inequalities",
    "The problem it solves, for whom and where, and what gets better.",
    (
        _long(
            "need",
            "What problem does it solve?",
            hint="Who has the problem, how many they are and what it costs them today.",
            needed="Enter what problem it solves",
        ),
        _long("who_for", "Who uses it and who benefits?"),
        Question(
            "care_settings",
            "Care settings",
            Kind.TERMS,
            Vocabulary.CARE_SETTING,
            hint="Where it is or would be used.",
            needed="Select at least one care setting",
        ),
        Question(
            "conditions",
            "Conditions",
            Kind.TERMS,
            Vocabulary.CONDITION,
            hint="Leave all empty if it is not about particular conditions.",
        ),
        Question("benefits", "Benefits", Kind.TERMS, Vocabulary.BENEFIT),
        _long("benefits_note", "More about the benefits"),
        Question(
            "inequalities", "Health inequalities it helps with", Kind.TERMS, Vocabulary.INEQUALITY
        ),
        _long("inequalities_note", "More about health inequalities"),
    ),
)

EVIDENCE = Part(
    Section.EVIDENCE,
    "Evidence",
    "What was studied, how, and what it showed. Negative results count too.",
    (
        Question(
            "kind",
            "What does it show?",
            Kind.TERM,
            Vocabulary.EVIDENCE_KIND,
            needed="Select what the evidence shows",
        ),
        Question("type", "How was it studied?", Kind.TERM, Vocabulary.EVIDENCE_TYPE),
        Question("title", "Title", needed="Enter the title of the evidence"),
        _long("result", "Main result", hint="In numbers where you have them."),
        Question("on", "Date published or finished", Kind.DAY, is_past=True),
        Question("link", "Link", Kind.WEBSITE, max_length=500),
        Question("files", "Files", Kind.FILES),
    ),
    row=Evidence,
    rows="evidence",
    item="piece of evidence",
)

STANDARDS = Part(
    Section.STANDARDS,
    "Regulation and standards",
    "What you hold or work towards. HIN staff check what you say here; a change needs a new check.",
    (
        Question(
            "standard",
            "Standard",
            Kind.TERM,
            Vocabulary.STANDARD,
            needed="Select a standard",
        ),
        Question("status", "Do you meet it?", Kind.STATUS, needed="Select whether you meet it"),
        Question("reference", "Certificate or registration number"),
    ),
    row=StandardHeld,
    rows="standards",
    item="standard",
)

COSTS = Part(
    Section.COSTS,
    "Costs and savings",
    "Numbers that a buyer can work with. Say in the notes what they rest on.",
    (
        Question("cost", "Cost in pounds", Kind.POUNDS),
        Question(
            "cost_basis",
            "What does the cost buy?",
            hint="For example: per patient a year, or a site.",
        ),
        Question("saving", "Saving in pounds", Kind.POUNDS),
        Question("saving_basis", "What is the saving counted on?"),
        Question("payback_months", "Months until it pays for itself", Kind.WHOLE),
        Question("patients_a_year", "Patients who could benefit in a year", Kind.WHOLE),
        _long(
            "price_note",
            "Prices and discounts",
            hint="Commercial in confidence: only your side and the HINs that support you see this.",
            is_confidential=True,
        ),
    ),
)

USE = Part(
    Section.USE,
    "Where it is in use",
    "Organisations that use it now or have used it.",
    (
        Question(
            "directory_site",
            "Place in the national directory",
            Kind.SITE,
            hint="A trust or one of its sites, a GP practice, a primary care network, a care home, "
            "a pharmacy and so on. Enter words of its name, its town or postcode, or its code.",
        ),
        Question(
            "organisation",
            "Or an organisation in the portal",
            Kind.ORGANISATION,
            noun="Organisation",
            hint="NHS organisations, charities and universities in the portal.",
        ),
        Question(
            "organisation_named",
            "Or its name, if it is in neither",
            noun="Place or organisation",
            hint="For example a hospital outside England.",
        ),
        Question("site", "Ward, practice or site", hint="If it is not the whole organisation."),
        Question(
            "from_on",
            "In use from",
            Kind.DAY,
            needed="Enter the day from which it is in use",
            is_past=True,
        ),
        Question(
            "until_on", "In use until", Kind.DAY, hint="Leave it empty if it still is.", is_end=True
        ),
    ),
    row=Use,
    rows="uses",
    item="place of use",
)

PLANS = Part(
    Section.PLANS,
    "Plans and support wanted",
    "What you want to do next and what help you are looking for.",
    (
        _long("plans", "What are your plans for the next 12 months?"),
        Question(
            "support_wanted", "What support would help you?", Kind.TERMS, Vocabulary.SUPPORT_KIND
        ),
        Question(
            "programmes",
            "Programmes that have supported it",
            Kind.TERMS,
            Vocabulary.SUPPORT_PROGRAMME,
        ),
        _long(
            "commercial_plans",
            "Commercial plans",
            hint="Commercial in confidence: only your side and the HINs that support you see this.",
            is_confidential=True,
        ),
    ),
)

PARTS: Mapping[Section, Part] = {
    part.section: part for part in (ABOUT, NEED, EVIDENCE, STANDARDS, COSTS, USE, PLANS)
}
"""The sections that have drafts, in the order of the task list. Sharing has a page of its own."""

PLACES_OF_USE = ("directory_site", "organisation", "organisation_named")
"""The questions of which one is answered: who uses it."""
NO_PLACE = "Enter the place or select the organisation that uses it, or enter its name"


def place_problem(part: Part, answers: Mapping[str, Any]) -> str:
    """Say what is wrong with who uses it: a place of the directory, an organisation of the portal
    or a name, and one of them; "" of anything else."""
    if part is not USE:
        return ""
    said = sum(bool(answers.get(name)) for name in PLACES_OF_USE)
    if said > 1:
        return "Say in one way who uses it: the place, the organisation or its name"
    return "" if said else NO_PLACE
