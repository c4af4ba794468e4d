"""What anybody may send, and what writes to others, is limited in how often."""

from flask import Flask

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
    assert {page for page, end in posts.items() if not limited(app, end)} == set(UNLIMITED)


def test_what_writes_to_others_is_limited(app: Flask) -> None:
    posts = taking_posts(app)
    threads = {page for page in posts if page.endswith(THREADS) and not page.startswith("/api/")}
    assert len(threads) >= 6
    pages = threads | WRITES_TO_OTHERS
    assert {page for page in pages if not limited(app, posts[page])} == set()
