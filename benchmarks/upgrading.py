"""How long each migration takes on a database with data: `python -m benchmarks.upgrading`.

Brings the portal's own database (INSTANCE, DATABASE_URL) up to date one migration after another
and prints a line for each: seconds by the clock, seconds that this process worked. Take a copy:
there is no way back. On SQLite others cannot write meanwhile; on PostgreSQL they cannot use the
tables that the migration alters, which are the last column.
"""

import re
import time
from inspect import getsource

from portal import create_app
from portal.db import db, migrations

ALTERED = re.compile(r"(?:batch_alter_table|add_column|alter_column|drop_column)\(\s*\"(\w+)\"")


def main() -> None:
    """Print the lines of a table."""
    app = create_app()
    with app.app_context():
        scripts = migrations.script_directory
        current = [one.revision for one in migrations.current()]
        steps = list(scripts.iterate_revisions("head", current[0] if current else "base"))
        db.session.rollback()
    print("| Migration | Seconds | of processor | Tables altered |\n|---|---:|---:|---|")
    for step in reversed(steps):
        begun, worked = time.monotonic(), time.process_time()
        with app.app_context():
            migrations.upgrade(step.revision)
        took = time.monotonic() - begun, time.process_time() - worked
        tables = ", ".join(sorted(set(ALTERED.findall(getsource(step.module)))))
        print(f"| {step.revision} | {took[0]:.1f} | {took[1]:.1f} | {tables} |", flush=True)


if __name__ == "__main__":
    main()
