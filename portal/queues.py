"""Where workers are woken: huey over SQLite, PostgreSQL or Redis, with messages as JSON."""

import json
import os
from typing import Any

from huey import Huey, PostgresHuey, RedisHuey, SqliteHuey
from huey.registry import Message
from huey.serializer import Serializer

from portal.connections import keep_private
from portal.sqlite import has_reset_bug


class JsonSerializer(Serializer):  # type: ignore[misc]  # huey ships no types
    """Messages as JSON: huey pickles unless told, and nothing here is ever unpickled."""

    def _serialize(self, data: Any) -> bytes:
        return json.dumps(list(data) if isinstance(data, Message) else data).encode()

    def _deserialize(self, data: bytes) -> Any:
        found = json.loads(data)
        return Message(*found) if isinstance(found, list) else found


def make_huey(url: str) -> Huey:
    """Return the queue behind `url`: `sqlite:///path`, `postgresql://…` or `redis://…`."""
    common = {"results": False, "serializer": JsonSerializer()}
    if url.startswith("sqlite:///"):
        path = url.removeprefix("sqlite:///")
        os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
        # Before SQLite opens it: what lies beside a database gets the database's own mode.
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600))
        keep_private(path)
        # No log where SQLite may damage the file by it: web and worker both write here.
        mode = "truncate" if has_reset_bug() else "wal"
        return SqliteHuey("portal", filename=path, journal_mode=mode, **common)
    if url.startswith("postgresql"):
        return PostgresHuey("portal", dsn=url.replace("+psycopg", "", 1), **common)
    return RedisHuey("portal", url=url, **common)
