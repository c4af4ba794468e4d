"""How long a backup, its looking over and its restoring take: `python -m benchmarks.backups 30000`.

Makes a portal of so many records in a temporary folder (SQLite, or an empty PostgreSQL database
named by `--database` and another by `--restore-into`), with a file of 100 kB for every tenth, and
prints one JSON object.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from config import SECRETS

FILE_BYTES = 100_000


def main() -> None:
    """Measure, and print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("records", type=int)
    parser.add_argument("--database", default="")
    parser.add_argument("--restore-into", default="")
    said = parser.parse_args()
    with TemporaryDirectory(prefix="portal-backups-") as name:
        folder = Path(name)
        print(json.dumps(measured(folder, said.records, said.database, said.restore_into)))


def measured(folder: Path, records: int, database: str, other: str) -> dict[str, object]:
    """Return seconds and megabytes."""
    source, target = surroundings(folder / "source", database), surroundings(folder / "to", other)
    timed(source, "db", "upgrade")
    timed(source, "reference", "load")
    subprocess.run(
        [sys.executable, "-m", "benchmarks.backups_fill", str(records)], env=source, check=True
    )
    kept = folder / "kept"
    seconds = {
        "backup_seconds": timed(source, "backup", str(kept)),
        "verify_seconds": timed(source, "backup", "verify", str(kept)),
        "restore_seconds": timed(target, "restore", str(kept)),
    }
    sizes = {path.name: round(path.stat().st_size / 1e6, 1) for path in kept.iterdir()}
    return {"records": records, **seconds, "megabytes": sizes}


def surroundings(folder: Path, database: str) -> dict[str, str]:
    """Return the environment of a portal in a folder."""
    folder.mkdir()
    found = {**os.environ, "INSTANCE": str(folder), **dict.fromkeys(SECRETS, "only to measure")}
    return found | ({"DATABASE_URL": database} if database else {})


def timed(environment: dict[str, str], *words: str) -> float:
    """Run a command; returns its seconds."""
    begun = time.perf_counter()
    line = [sys.executable, "-m", "flask", "--app", "wsgi", *words]
    subprocess.run(line, env=environment, check=True, stdout=subprocess.DEVNULL)
    return round(time.perf_counter() - begun, 1)


if __name__ == "__main__":
    main()
