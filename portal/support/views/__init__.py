"""The pages of support; each module hangs its own on the blueprint."""

from flask import Blueprint

blueprint = Blueprint("support", __name__, template_folder="../templates")
