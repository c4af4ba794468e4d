"""The portal of the national innovation pipeline and the Innovation Exchange."""

import gc

# Nothing of thousands of modules is garbage: to look for it again and again while they load took a
# quarter of the time that every command, worker and web process needs to start.
_WAS_COLLECTING = gc.isenabled()
gc.disable()

from collections.abc import Mapping
from typing import Any

from flask import Flask

import config
from portal import db, jobs, rooms, web
from portal.web import unavailable
from portal.web.application import PortalFlask

gc.freeze()
if _WAS_COLLECTING:
    gc.enable()


def create_app(overrides: Mapping[str, Any] | None = None) -> Flask:
    """Return the application, configured from the environment and then from `overrides`."""
    settings = {**config.settings(), **(overrides or {})}
    app = PortalFlask("portal", instance_path=settings["INSTANCE"])
    app.config.from_mapping(settings)
    db.init_app(app)
    web.init_app(app)
    rooms.init_app(app)
    jobs.init_app(app)
    unavailable.guard_commands(app)
    return app
