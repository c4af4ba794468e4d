"""What administrators say of a place."""

from portal.reference.models import SiteKind
from portal.web.fields import SelectField
from portal.web.forms import PortalForm
from portal.web.validators import RequiredChoice


class KindForm(PortalForm):
    """What sort of place is it?"""

    kind = SelectField("Kind", [RequiredChoice("Select the kind")], choices=list(SiteKind))
