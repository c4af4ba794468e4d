"""Change innovation records: one module for each thing that people do with them."""

from portal.innovations.services.drafts import register, save_draft
from portal.innovations.services.submission import submit

__all__ = ["register", "save_draft", "submit"]
