"""Impact at a glance: the yearly return, what was published year by year, and estimates."""

from flask import render_template

from portal.accounts.session import current_actor
from portal.clock import today
from portal.figures.views.strangers import for_strangers
from portal.impact import policy
from portal.impact.queries.benefits import benefits as benefits_for
from portal.impact.queries.benefits import reached
from portal.impact.queries.overview import campaigns_for_reader, own_returns
from portal.impact.queries.published import published_by_year
from portal.impact.views import blueprint
from portal.programmes.rules.values import number_words
from portal.reference.models import Vocabulary
from portal.reference.queries import terms
from portal.reference.rules import Quarter
from portal.web.access import public


@blueprint.get("/impact")
@public
@for_strangers
def index() -> str:
    """Show England's totals to everybody; networks and the national team read those of this year
    as they come in."""
    actor = current_actor()
    return render_template(
        "impact/index.html",
        actor=actor,
        today=today(),
        campaigns=campaigns_for_reader(actor),
        own=own_returns(actor),
        published=published_by_year(),
        number_words=number_words,
        may_set_up=policy.can_set_up(actor),
        reads_list=policy.reads_list(actor),
    )


@blueprint.get("/impact/benefits")
@public
@for_strangers
def benefits() -> str:
    """Show what programmes planned, what was seen of it, and which groups of people it reached."""
    actor = current_actor()
    return render_template(
        "impact/benefits.html",
        found=benefits_for(actor),
        reached=reached(actor),
        groups=terms(Vocabulary.EQUALITY_GROUP),
        quarter_of=Quarter.of,
    )
