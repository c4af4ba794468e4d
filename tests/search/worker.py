"""A worker that dies: `python -m tests.search.worker DATABASE FOLDER before|after`.

It kills itself, as hard as anybody can, before the index is written or after, when the rows of
the outbox are still there.
"""

import os
import signal
import sys
from pathlib import Path
from typing import Any

from portal.db import db
from portal.search.services import keeping
from tests.conftest import make_app


def die(*_args: Any) -> None:
    """End at once, without a chance to tidy up."""
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    app = make_app(sys.argv[1], Path(sys.argv[2]))
    setattr(keeping, {"before": "_write", "after": "_forget"}[sys.argv[3]], die)
    with app.app_context():
        keeping.apply_waiting()
        db.session.commit()
