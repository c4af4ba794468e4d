"""The cases of support, for its own tests."""

from tests.support.cases import *  # noqa: F403
