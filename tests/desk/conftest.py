"""The cases of support, for the tests of this room."""

from tests.support.cases import *  # noqa: F403
