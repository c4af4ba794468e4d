"""What is asked of a token of the API."""

from portal.accounts.models.tokens import TokenScope
from portal.accounts.rules import TOKEN_DAYS
from portal.web.fields import ChoiceField, MultiChoiceField, TextField
from portal.web.forms import PortalForm
from portal.web.validators import Required, RequiredChoice


class TokenForm(PortalForm):
    """What a token is for, what it may do, and until when."""

    name = TextField(
        "Name of the token",
        [Required("Enter a name for the token")],
        max_length=60,
        description="What will use it, for example: Pipeline spreadsheet",
    )
    scopes = MultiChoiceField(
        "What may it do?",
        [RequiredChoice("Select what the token may do")],
        choices=[(scope, scope.label, scope.hint) for scope in TokenScope],
        coerce=TokenScope,
    )
    days = ChoiceField(
        "How long does it work?",
        [RequiredChoice("Select how long the token works")],
        choices=list(TOKEN_DAYS.items()),
        coerce=int,
    )
