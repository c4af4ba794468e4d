"""A proxy before several web processes, as the one before a real service: it hands requests on in
turn, and to the next where one does not answer."""

import http.client
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count

OF_ONE_HOP = {"connection", "transfer-encoding", "keep-alive", "content-length"}


class Proxy(ThreadingHTTPServer):
    """Knows the ports, and whose turn it is."""

    def __init__(self, ports: tuple[int, ...]) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.ports, self._turn = ports, count()

    def in_turn(self) -> list[int]:
        first = next(self._turn) % len(self.ports)
        return [*self.ports[first:], *self.ports[:first]]


class Handler(BaseHTTPRequestHandler):
    """Hands one request on."""

    server: Proxy

    def do_GET(self) -> None:
        """Hand it on to whoever answers first."""
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        found = next(
            filter(None, (self._asked(port, body) for port in self.server.in_turn())), None
        )
        if found is None:
            return self.send_error(502)
        answer, content = found
        self.send_response_only(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in OF_ONE_HOP:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
        return None

    do_POST = do_GET  # noqa: N815 - the name that the library calls

    def _asked(self, port: int, body: bytes) -> tuple[http.client.HTTPResponse, bytes] | None:
        upstream = http.client.HTTPConnection("127.0.0.1", port, timeout=90)
        with closing(upstream):
            try:
                upstream.connect()
            except OSError:
                return None
            try:
                upstream.request(self.command, self.path, body, dict(self.headers))
                answer = upstream.getresponse()
                return answer, answer.read()
            except (OSError, http.client.HTTPException):
                if self.command == "GET":  # what was sent and not answered may be sent again
                    return None
                raise

    def log_message(self, *_args: object) -> None:
        """Say nothing."""


@contextmanager
def balanced(*ports: int) -> Iterator[str]:
    """Hand requests on to these ports of this machine in turn; yields the address of the proxy."""
    server = Proxy(ports)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
