"""Make the demo world: `prepare` does everything that comes before serving it."""

from portal.demo.services.people import PASSWORD, SIGN_INS
from portal.demo.services.preparing import prepare
from portal.demo.services.world import Progress, load

__all__ = ["PASSWORD", "SIGN_INS", "Progress", "load", "prepare"]
