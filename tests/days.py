"""Days of the week on which jobs do what they do once a week, later than what tests write.

A fixed day would pass: what a test writes now would then lie after the job that is to find it.
"""

from datetime import datetime, timedelta

from portal.clock import LONDON, today

_MONDAY = today() + timedelta(days=14 - today().weekday())
MONDAY = datetime(_MONDAY.year, _MONDAY.month, _MONDAY.day, 7, 15, tzinfo=LONDON)
TUESDAY = MONDAY + timedelta(days=1)
