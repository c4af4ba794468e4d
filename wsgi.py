"""The application that a server runs: `gunicorn wsgi:app`, `flask --app wsgi …`."""

from config import WrongSettings
from portal import create_app

try:
    app = create_app()
except WrongSettings as wrong:  # without the lines of code that lead there
    raise SystemExit(f"It does not start: {wrong}") from None
