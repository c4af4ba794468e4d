"""What was looked over already, by any worker of the run: nobody looks it over again."""

import fcntl
from collections.abc import Iterable
from pathlib import Path


class SharedKeys:
    """Keys in a file that all workers of a run append to."""

    def __init__(self, path: Path) -> None:
        self._path, self._read_to, self._keys = path, 0, set[str]()
        path.touch()

    def lacks(self, keys: Iterable[str]) -> bool:
        """Whether some of the keys were added by nobody yet."""
        with self._path.open() as file:
            file.seek(self._read_to)
            self._take(file.read())
        return not set(keys) <= self._keys

    def add(self, keys: Iterable[str]) -> None:
        """Tell every worker of these keys."""
        with self._path.open("a") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            file.write("".join(f"{key}\n" for key in sorted(set(keys) - self._keys)))

    def _take(self, text: str) -> None:
        whole, end, _ = text.rpartition("\n")
        self._read_to += len((whole + end).encode())
        self._keys.update(whole.splitlines())
