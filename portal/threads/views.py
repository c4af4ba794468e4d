"""The templates of threads, for the pages of other rooms; it has no page of its own."""

from flask import Blueprint

blueprint = Blueprint("threads", __name__, template_folder="templates")
