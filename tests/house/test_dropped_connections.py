"""A browser that drops its connection leaves no answer, and no file, open in the tests' server.

Otherwise the warning of the garbage collector fails whichever test runs when it comes.
"""

import socket
import struct
import threading
from collections.abc import Iterator

from flask import Flask, Response

from tests.serving import served

# On, and no second to wait: closing resets the connection.
RESET = struct.pack("ii", 1, 0)


def test_an_answer_is_closed_though_the_browser_left_before_its_end() -> None:
    written, gone, closed = threading.Event(), threading.Event(), threading.Event()
    app = Flask("tests")

    @app.get("/answer")
    def answer() -> Response:
        def parts() -> Iterator[bytes]:
            yield b"all of it"
            written.set()
            gone.wait()

        # With its length nothing is written after the last part: the reset is met while reading.
        made = Response(parts(), headers={"Content-Length": "9"})
        made.call_on_close(closed.set)
        return made

    with served(app) as address:
        host, port = address.removeprefix("http://").split(":")
        connection = socket.create_connection((host, int(port)))
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        connection.sendall(b"GET /answer HTTP/1.1\r\nHost: tests\r\n\r\n")
        written.wait()
        connection.close()
        gone.set()
        _wait_for_the_last()
    assert closed.is_set()


def _wait_for_the_last() -> None:
    """Until every thread that answered has ended."""
    for thread in threading.enumerate():
        if "process_request_thread" in thread.name:
            thread.join()
