"""Take a paragraph of a network's report into the national one, with its credit. Pure."""

import re

_REFERENCE = re.compile(r"\{(figure|chart):([^{}|\n]+)(\|[^{}\n]*)?\}")
_GAP = re.compile(r"\n\s*\n")


def paragraphs(text: str) -> list[str]:
    """Return the paragraphs of a text as they were typed."""
    return [one.strip() for one in _GAP.split(text) if one.strip()]


def pulled(paragraph: str, code: str, name: str) -> str:
    """Return a paragraph for a report of another area: its figures stay those of the network with
    this code, and its name stands below as the credit."""

    def named(found: re.Match[str]) -> str:
        kind, said, note = found.groups(default="")
        own = said if " area=" in said else f"{said.strip()} area={code}"
        return f"{{{kind}:{own}{note}}}"

    return f"{_REFERENCE.sub(named, paragraph)}\n\n*{name}*"
