"""What each room brings: its pages, its commands, its jobs and what it listens to."""

from flask import Flask

from portal.accounts import session as accounts_session


def init_app(app: Flask) -> None:
    """Furnish the application with every room."""
    accounts_session.init_app(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    for group in COMMANDS:
        app.cli.add_command(group)


BLUEPRINTS = ()
COMMANDS = ()
