"""The kit of `tests/crawl.py` on a few routes of the table's world: it finds nothing, and would."""

import re

from tests.crawl import Crawl, Somebody, hidden_in, parts_in, routes
from tests.crawl_ids import OPEN
from tests.house.conftest import Walk

FEW = ("innovations.overview", "challenges.show", "introductions.show", "accounts.end_session")


def somebody(walk: Walk, kind: str, browser_of: str = "") -> Somebody:
    """Return a person of the walk, perhaps with somebody else's browser."""
    return Somebody(kind, walk.actors[kind], lambda: walk.browser(browser_of or kind))


def crawled(walk: Walk, people: list[Somebody], endpoints: tuple[str, ...]) -> Crawl:
    crawl = Crawl(walk.app, walk.connection, walk.taken_back)
    crawl.run(people, 3, [rule for rule in routes(walk.app) if rule.endpoint in endpoints])
    return crawl


def test_ids_of_others_lead_nowhere(walk: Walk) -> None:
    people = [somebody(walk, kind) for kind in ("other_innovator", "other_ics")]
    crawl = crawled(walk, people, FEW)
    assert crawl.requests >= 20
    assert crawl.found == {}


def test_the_kit_finds_what_is_shown_to_the_wrong_person(walk: Walk) -> None:
    crawl = crawled(walk, [somebody(walk, "other_innovator", "innovator")], FEW[:1])
    assert any("for an id of nobody" in what for what in crawl.found)


def test_every_id_in_an_address_is_known(walk: Walk) -> None:
    unknown = {
        f"{rule.endpoint}: {name}"
        for rule in walk.app.url_map.iter_rules()
        for name in re.findall(r"<int:(\w+_id)>", rule.rule)
        if name not in OPEN
        and name not in hidden_in(rule)
        and name not in {part for _, part in parts_in(rule)}
    }
    assert sorted(unknown) == []
