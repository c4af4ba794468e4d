"""An application on a real port, for a real browser."""

import logging
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

ANSWER = "tests.answer"


class _ClosingHandler(WSGIRequestHandler):
    """Closes the answer to a connection that the browser dropped, and so the file in it.

    Werkzeug's own first reads what is left of the request. Where that fails it never comes to
    close the answer, and the garbage collector tells of an open file in some later test.
    """

    def connection_dropped(
        self, error: BaseException, environ: dict[str, Any] | None = None
    ) -> None:
        close = getattr((environ or {}).get(ANSWER), "close", None)
        if close:
            close()


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """Serve the application from a thread; yields its address."""
    logging.getLogger("werkzeug").setLevel(logging.WARNING)

    def answering(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        environ[ANSWER] = answer = app(environ, start_response)
        return answer

    server = make_server("127.0.0.1", 0, answering, threaded=True, request_handler=_ClosingHandler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
