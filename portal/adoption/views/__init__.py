"""The pages of adoption; each module adds its own to the blueprint."""

from flask import Blueprint

from portal.adoption import models

blueprint = Blueprint("adoption", __name__, template_folder="../templates")

__all__ = ["blueprint", "models"]
