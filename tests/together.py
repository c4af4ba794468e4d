"""What all workers of a run have together, and no other run."""

import fcntl
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest


def of_the_run(factory: pytest.TempPathFactory, config: pytest.Config) -> Path:
    """Return a folder that all workers of this run have, and no other run."""
    base = factory.getbasetemp()
    folder = (base.parent if hasattr(config, "workerinput") else base) / "shared-by-workers"
    folder.mkdir(exist_ok=True)
    return folder


@contextmanager
def alone(path: Path) -> Iterator[dict[str, Any]]:
    """Yield what lies in a file of JSON, {} at first, which no other worker reads or writes
    meanwhile; what is made of it is written."""
    with path.open("a+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        before = file.read() or "{}"
        found = json.loads(before)
        yield found
        after = json.dumps(found)
        if after != before:
            file.truncate(0)
            file.write(after)


def once(folder: Path, name: str, work: Callable[[], Any]) -> Any:
    """Return what `work` returns (what JSON holds), done by the worker that comes first; the
    others read it."""
    with alone(folder / f"{name}.json") as kept:
        if "made" not in kept:
            kept["made"] = work()
        return kept["made"]
