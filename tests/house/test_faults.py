"""What breaks at night, tried on real processes: the short form of `benchmarks.faults`."""

from argparse import Namespace
from contextlib import ExitStack

import pytest

from benchmarks.faults import run


@pytest.mark.slow
def test_after_kills_damage_and_a_stopped_database_nothing_acknowledged_is_lost(
    postgres_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The server is one of its own, which is stopped; `postgres_url` skips where there is none."""
    said = Namespace(seconds=0, postgresql=True, tmpfs=False, short=True)
    with ExitStack() as stack:
        held = run(said, stack)
    assert held, capsys.readouterr().out
