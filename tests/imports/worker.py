"""A worker process for the kill test: `python -m tests.imports.worker DATABASE FOLDER`.

It takes few rows at a time, so that it can be killed between two of them.
"""

import sys
from pathlib import Path

from portal.job_rows import Turns
from tests.conftest import make_app

if __name__ == "__main__":
    Turns.SHARE = 0.0
    make_app(sys.argv[1], Path(sys.argv[2])).extensions["portal-jobs"].work()
