"""What is asked of a webhook."""

from portal.api.models import WebhookEvent
from portal.web.fields import MultiChoiceField, TextField
from portal.web.forms import PortalForm
from portal.web.validators import Required, RequiredChoice


class WebhookForm(PortalForm):
    """Where to send what."""

    url = TextField(
        "Address",
        [Required("Enter the address")],
        max_length=500,
        description="It must begin with https:// and be reachable from the internet",
    )
    events = MultiChoiceField(
        "What shall it tell of?",
        [RequiredChoice("Select what it shall tell of")],
        choices=[(event, event.label) for event in WebhookEvent],
        coerce=WebhookEvent,
    )
