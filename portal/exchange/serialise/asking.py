"""From an address, or a query string that was kept, to what of the Exchange is asked for."""

from collections.abc import Iterable, Mapping
from urllib.parse import parse_qsl, urlencode

from flask import request
from werkzeug.datastructures import MultiDict

from portal.exchange.models import ContentKind
from portal.exchange.queries import content as queries
from portal.exchange.rules.kinds import KINDS
from portal.exchange.rules.stems import asked
from portal.web.filters import Filter, Filters, Option

PATH = "/exchange"
Options = Mapping[str, list[tuple[str, str]]]
"""What filters may take, as `queries.content.options` gives it."""
EVERYTHING = "Everything"


def filters_of(options: Options, kept: str | None = None, path: str = PATH) -> Filters:
    """Return the state of the list's address, or of a query string that was kept."""
    kinds = [Option(kind.value, KINDS[kind].many) for kind in ContentKind]
    chosen = [
        Filter("kind", "Kind", kinds),
        Filter("topic", "Topic", [Option(*one) for one in options["topic"]]),
        Filter("ics", "Integrated care system", [Option(*one) for one in options["ics"]]),
        Filter("hin", "Health Innovation Network", [Option(*one) for one in options["hin"]]),
    ]
    args = request.args if kept is None else MultiDict(parse_qsl(kept))
    return Filters(path, args, chosen, words="q", keep=("open",))


def of_one(by: str, code: str, options: Options) -> Filters:
    """Return the state of the list of one kind, topic or area; not active where there is none."""
    return filters_of(options, urlencode({by: code}))


def wanted_of(filters: Filters) -> queries.ContentQuery:
    """Return what is asked for."""
    return queries.ContentQuery(
        stems=asked(filters.text),
        kinds=filters["kind"],
        topics=filters["topic"],
        icss=filters["ics"],
        hins=filters["hin"],
        is_open=filters.args.get("open") == "yes",
    )


def questions(kept: Iterable[str]) -> dict[str, queries.ContentQuery]:
    """Return what each kept query string asks for, without those that name what is gone: with that
    left out they would ask for more than somebody wanted."""
    options = queries.options()
    read = {one: filters_of(options, one) for one in kept}
    return {one: wanted_of(filters) for one, filters in read.items() if filters.query_string == one}


def in_words(filters: Filters) -> str:
    """Return what is asked for, as a person would say it: "Case studies – Digital and AI"."""
    said = list(filters.described().values())
    still_open = ["open now"] if filters.args.get("open") == "yes" else []
    return " – ".join([*said, *still_open]) or EVERYTHING
