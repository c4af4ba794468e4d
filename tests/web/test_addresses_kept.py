"""An address is put together once, and is the same as Flask's own each time."""

from flask import Flask, url_for

from portal.web.application import MAX_WORD, PortalFlask


def _own(app: Flask, endpoint: str, **values: object) -> str:
    """Return the address as Flask makes it, kept nowhere."""
    return super(PortalFlask, app).url_for(endpoint, **values)  # type: ignore[misc, arg-type]


def test_each_address_is_flasks_own(gallery: Flask) -> None:
    plain = next(
        rule.endpoint
        for rule in gallery.url_map.iter_rules()
        if not rule.arguments and "GET" in (rule.methods or ())
    )
    asked: list[dict[str, object]] = [
        *({}, {"q": "falls"}, {"q": "a b&c"}, {"q": None}, {"page": 1}, {"page": True}, {"q": ""}),
        *({"page": 1.0}, {"state": ["a", "b"]}, {"q": "x" * (MAX_WORD + 1)}, {"_anchor": "top"}),
        *({"_external": True}, {"_external": True, "_scheme": "https"}, {"_method": "GET"}),
    ]
    for root in ("", "/portal"):
        with gallery.test_request_context("/", environ_overrides={"SCRIPT_NAME": root}):
            for values in (*asked, *asked):
                expected = _own(gallery, plain, **values)
                assert url_for(plain, **values) == expected  # type: ignore[arg-type]
                assert gallery.url_for(plain, **values) == expected  # type: ignore[arg-type]


def test_a_file_is_named_anew_each_time(gallery: Flask) -> None:
    with gallery.test_request_context("/"):
        url_for("static", filename="portal.css")
        assert not any(key[0] == "static" for key in gallery._addresses)  # type: ignore[attr-defined]
