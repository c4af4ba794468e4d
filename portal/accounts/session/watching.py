"""Events of security that no service makes: pages refused, too many tries, files downloaded.

They come mostly from pages that only read: each is written in a transaction of its own, once the
page is made.
"""

import logging
import sys
from logging.handlers import SysLogHandler

from flask import Flask, g, has_request_context, request
from werkzeug.wrappers import Response

from portal import files
from portal.accounts.models.security import SecurityKind
from portal.accounts.services import security
from portal.accounts.session.browser import current_actor, note_browser
from portal.web.csrf import forged


def watch(response: Response) -> Response:
    """Note what became of the request, where it matters."""
    for said in g.pop("files_refused", ()):
        security.note_apart(SecurityKind.FILE_REFUSED, said, user_id=current_actor().user_id)
    if g.pop("form_refused", False):
        note_browser()  # nobody may have asked who it is yet
        security.note_try(SecurityKind.REFUSED, f"form of no page of ours: {_what()}")
    if response.status_code == 429:
        note_browser()  # it was refused before anybody asked from where it comes
        security.note_try(SecurityKind.SLOWED_DOWN, _what())
    elif response.status_code == 403 and current_actor().is_signed_in:
        security.note_apart(SecurityKind.REFUSED, _what(), user_id=current_actor().user_id)
    elif _is_download(response) and current_actor().is_signed_in:
        security.note_apart(SecurityKind.DOWNLOADED, _what(), user_id=current_actor().user_id)
    return response


def _file_refused(name: str, *, why: str) -> None:
    """Remember a file that was not taken until the page's own transaction is over."""
    if has_request_context():
        g.setdefault("files_refused", []).append(f"{why}: {name}, {_what()}")


def _form_refused(_sender: object) -> None:
    g.form_refused = True


def _what() -> str:
    """Return method and path: what was asked for, without what was typed. Links from emails are
    told by their pattern: a token that still works has no place in a log."""
    given = request.view_args or {}
    is_secret = any("token" in name or name == "key" for name in given)
    path = request.url_rule.rule if request.url_rule and is_secret else request.path
    return f"{request.method} {path}"


def _is_download(response: Response) -> bool:
    said: str = response.headers.get("Content-Disposition", "")
    return response.status_code == 200 and said.startswith("attachment")


NAME = "portal-security"


def handler_for(setting: str) -> logging.Handler | None:
    """Return what sends the lines where the setting says, None for nowhere."""
    if setting == "stdout":
        return logging.StreamHandler(sys.stdout)
    kind, _, place = setting.partition(":")
    if kind != "syslog":
        return None
    host, _, port = place.rpartition(":")
    facility = SysLogHandler.LOG_AUTH
    return SysLogHandler((host, int(port)) if port.isdigit() else place, facility)


def init_app(app: Flask) -> None:
    """Look at every answer, and send the lines of all events where the setting says."""
    app.after_request(watch)
    files.refused.connect(_file_refused)
    forged.connect(_form_refused)
    logger = security.logger
    logger.setLevel(logging.INFO)
    for old in [one for one in logger.handlers if one.get_name() == NAME]:
        logger.removeHandler(old)
        old.close()
    handler = handler_for(app.config["SECURITY_LOG"])
    if handler is not None:
        handler.set_name(NAME)
        handler.setFormatter(logging.Formatter("%(message)s"))
        logger.addHandler(handler)
