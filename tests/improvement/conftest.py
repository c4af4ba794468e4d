"""The files of programmes and diagrams, loaded once for a module."""

from tests.adoption.conftest import field
from tests.programmes.conftest import loaded

__all__ = ["field", "loaded"]
