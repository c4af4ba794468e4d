"""The data dictionary: tables and figures in words, made from what the code itself says."""

from flask import abort, render_template

from portal.exports.rules.tables import leaving_tables
from portal.exports.serialise.dictionary import by_room, described
from portal.exports.views import blueprint
from portal.figures.rules import sets
from portal.figures.views.strangers import for_strangers
from portal.reference.models import Vocabulary
from portal.reference.queries import terms
from portal.web.access import public


@blueprint.get("/data-dictionary")
@public
@for_strangers
def dictionary() -> str:
    """List the tables by room, the vocabularies and the figures."""
    return render_template(
        "exports/dictionary.html",
        rooms=by_room(),
        sets=sets(),
        vocabularies=list(Vocabulary),
    )


@blueprint.get("/data-dictionary/<table>")
@public
@for_strangers
def dictionary_table(table: str) -> str:
    """Show the columns of one table."""
    found = next((one for one in leaving_tables() if one.name == table), None)
    if found is None:
        abort(404)  # signing in would not help a stranger
    columns = [described(one) for one in found.columns]
    return render_template("exports/table.html", table=found, columns=columns)


@blueprint.get("/data-dictionary/vocabulary/<code>")
@public
@for_strangers
def dictionary_vocabulary(code: str) -> str:
    """Show the values of one vocabulary."""
    found = next((one for one in Vocabulary if one.value == code), None)
    if found is None:
        abort(404)
    return render_template("exports/vocabulary.html", vocabulary=found, terms=terms(found))
