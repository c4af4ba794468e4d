"""What impact contributes to the home page: a return to answer, and answers to check."""

from flask import url_for

from portal.impact.queries.returns import waiting_for_company, waiting_for_network
from portal.impact.rules.years import label
from portal.web.home import AskRow, AskSource


def _to_check(ask: AskRow) -> str:
    many = "answer of a company" if ask.name == "1" else "answers of companies"
    return f"Check {ask.name} {many} to the return of {label(int(ask.key))}"


ASKS = (
    AskSource(
        may=lambda actor: actor.is_innovator,
        rows=waiting_for_company,
        title=lambda ask: f"Say what came of the support of {ask.name}",
        href=lambda ask: url_for("impact.answer", return_id=ask.id),
    ),
    AskSource(
        may=lambda actor: actor.is_hin,
        rows=waiting_for_network,
        title=_to_check,
        href=lambda ask: url_for("impact.returns", state="handed_in"),
    ),
)
