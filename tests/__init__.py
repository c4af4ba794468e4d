"""The tests of the portal."""

import gc
import sys

if "pytest" in sys.modules:
    # Nothing of thousands of modules is garbage: `tests/conftest.py` starts it again behind them.
    gc.disable()
