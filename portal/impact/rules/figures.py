"""The figures of impact: what each counts, in words, and where its definition comes from.

A campaign's figures stand in the quarter in which it closes: before, answers still come in.
"""

from portal.figures.rules import OURS, REPORT, Figure

_CREDIT = (
    " Of each answer counts what the company says it owes to the support; among networks it is"
    " shared by the minutes of their interactions with the company in the year, and England counts"
    " each company once. Nothing is added for companies that did not answer: the response rate"
    " stands beside it."
)
_WHEN = " In the quarter in which the yearly return closes."

JOBS_CREATED = Figure(
    "jobs_created",
    "Jobs created",
    "Full-time equivalent jobs that companies report to have created in the year."
    + _CREDIT
    + _WHEN,
    f"{REPORT}, section 3.3; the share owed: {OURS}",
    "full-time equivalents",
)
JOBS_SAFEGUARDED = Figure(
    "jobs_safeguarded",
    "Jobs safeguarded",
    "Full-time equivalent jobs that companies report they would have lost in the year without the"
    " support." + _CREDIT + _WHEN,
    f"{REPORT}, section 3.3; the share owed: {OURS}",
    "full-time equivalents",
)
INVESTMENT = Figure(
    "investment_leveraged",
    "Investment, by kind",
    "Pounds sterling that came to companies in the year, in the prices of that year, not adjusted."
    + _CREDIT
    + _WHEN,
    f"{REPORT}, section 3.3; kinds: {OURS}",
    "pounds",
)
ASKED = Figure(
    "returns_asked",
    "Companies asked for a return",
    "Companies supported in the year of the return, each once for England and once for every"
    " network that supported it." + _WHEN,
    OURS,
    "companies",
)
ANSWERED = Figure(
    "returns_answered",
    "Companies that answered",
    "Companies asked whose answer was handed in and stands; those that have nothing to report"
    " among them." + _WHEN,
    OURS,
    "companies",
)
RATE = Figure(
    "returns_response_rate",
    "Response rate of the yearly return",
    "Companies that answered as a percentage of those asked. Where nobody was asked there is none."
    + _WHEN,
    OURS,
    "%",
    is_median=True,
)

DEFINITIONS: tuple[Figure, ...] = (
    JOBS_CREATED,
    JOBS_SAFEGUARDED,
    INVESTMENT,
    RATE,
    ANSWERED,
    ASKED,
)
"""In the order of pages."""
