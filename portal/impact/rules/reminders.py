"""How often a company is reminded of its yearly return. Pure.

After how many working days, the deadline "return" says (`reference.queries.due_date`).
"""

MAX_REMINDERS = 2
"""After so many reminders the portal writes no more; a network may telephone."""
