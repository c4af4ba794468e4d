"""What anybody may send, and what writes to others, is limited in how often."""

import re
from pathlib import Path

from flask import Flask

from portal.archives import MAX_MEMBERS, MAX_UNPACKED, TYPES
from portal.files import MAX_BYTES
from portal.web import spreadsheets
from portal.web.access import is_public
from portal.web.limits import limiter

UNLIMITED = {"/account/sign-out": "it ends a session, and nothing else"}
WRITES_TO_OTHERS = {
    "/account/organisations/<int:organisation_id>/invite",
    "/account/join/<int:organisation_id>",
    "/ideas/campaigns/<int:campaign_id>/guests",
    "/impact/returns/<int:return_id>/send-link",
    "/innovations/<int:innovation_id>/people",
    "/innovations/<int:innovation_id>/people/transfer",
    "/reports/<int:report_id>/early",
    "/webhooks/<int:webhook_id>/test",
}
"""Pages on which somebody names an address, or asks for a message to be sent there."""
THREADS = ("/messages", "/comments")
"""How the addresses end to which messages of threads are sent."""


def limited(app: Flask, endpoint: str) -> bool:
    """Whether a page has a limit of its own."""
    view = app.view_functions[endpoint]
    names = limiter.limit_manager._decorated_limits
    return any(name.startswith(f"{view.__module__}.{view.__name__}.") for name in names)


def taking_posts(app: Flask) -> dict[str, str]:
    return {
        rule.rule: rule.endpoint
        for rule in app.url_map.iter_rules()
        if "POST" in (rule.methods or ())
    }


def test_what_anybody_may_send_is_limited(app: Flask) -> None:
    with app.app_context():
        posts = {page: end for page, end in taking_posts(app).items() if is_public(end)}
    assert len(posts) > 10
    without = {page for page, end in posts.items() if not limited(app, end)}
    assert without == set(UNLIMITED), "what anybody may send has a rate: @limiter.limit at the view"


def test_what_writes_to_others_is_limited(app: Flask) -> None:
    posts = taking_posts(app)
    threads = {page for page in posts if page.endswith(THREADS) and not page.startswith("/api/")}
    assert len(threads) >= 6
    pages = threads | WRITES_TO_OTHERS
    assert {page for page in pages if not limited(app, posts[page])} == set()


WRITTEN = Path("docs/operating/limits.md")


def rates(app: Flask) -> dict[str, str]:
    """How often each page that has limits of its own may be sent to, as the code has it."""
    found = {}
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        begins = f"{view.__module__}.{view.__name__}."
        said = {
            str(one.limit_provider)
            for name, limits in limiter.limit_manager._decorated_limits.items()
            if name.startswith(begins)
            for one in limits
        }
        if said:
            found[rule.rule] = "; ".join(sorted(said))
    return found


def test_the_rates_of_pages_are_written_down(app: Flask) -> None:
    rows = re.findall(r"^\| `(.+)` \| (.+) \|$", WRITTEN.read_text(encoding="utf-8"), re.M)
    with app.app_context():
        assert dict(rows) == rates(app), f"the rows of {WRITTEN}"


def test_the_sizes_of_files_are_written_down() -> None:
    text = Path("docs/operating.md").read_text(encoding="utf-8")
    kinds = ", ".join(one.upper() for one in TYPES)
    unpacked = f"{MAX_UNPACKED // 2**20}MB in {MAX_MEMBERS:,} members"
    assert f"| {kinds} | {MAX_BYTES // 2**20}MB | {unpacked}" in text
    rows = f"{spreadsheets.MAX_ROWS:,} rows, {spreadsheets.MAX_COLUMNS} columns"
    known = re.search(rf"\| ([A-Z, ]+) \| {spreadsheets.MAX_MEGABYTES}MB \| as above; {rows}", text)
    assert known is not None
    assert set(known[1].lower().split(", ")) == set(spreadsheets.ENDINGS)
    assert f"{spreadsheets.MAX_CELLS:,} cells" in text
