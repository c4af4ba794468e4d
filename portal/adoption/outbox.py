"""What adoption tells people: that an update is overdue, or came back with a question."""

from portal.accounts.queries.acting import leads_of_hins
from portal.adoption.models import Sheet
from portal.notifications.outbox import link_to, tell


def tell_network(template: str, sheet: Sheet) -> None:
    """Tell the leads of the network that a sheet is of."""
    url = link_to("adoption.sheet", sheet_id=sheet.id)
    tell(leads_of_hins({sheet.hin_id}), f"adoption/emails/{template}.txt", url=url, sheet=sheet)
