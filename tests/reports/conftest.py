"""The programmes of the portal's own files, loaded once for a module."""

from tests.programmes.conftest import loaded

__all__ = ["loaded"]
