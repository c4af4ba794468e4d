"""Both ways to add a column of impacts to scores."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_index import adding

rows = st.lists(st.integers(0, 49), unique=True).map(sorted)


def added(add: adding.Add, held: list[int], first: int) -> list[float]:
    scores = np.arange(50, dtype=np.float32)
    numbers = np.array([7, *held], dtype=np.int32)[1 - first :]
    impacts = np.linspace(0, 1, len(numbers), dtype=np.float32)
    ends = np.array([first, len(numbers)], dtype=np.int32)
    add(scores, ends, numbers, impacts, np.array([2.5], dtype=np.float32))
    return [round(float(one), 4) for one in scores]


@given(rows, st.integers(0, 1))
def test_numpy_and_scipy_add_alike(held: list[int], first: int) -> None:
    assert adding.csc_matvec is not None
    assert added(adding.add_with_numpy, held, first) == added(adding.add_with_scipy, held, first)


def test_without_the_loop_of_scipy_numpy_adds(monkeypatch: pytest.MonkeyPatch) -> None:
    chosen: Callable[[], adding.Add] = adding.fastest
    assert chosen() is adding.add_with_scipy
    monkeypatch.setattr(adding, "csc_matvec", None)
    assert chosen() is adding.add_with_numpy
