"""What everybody gets on the pages of the table of access: each page is opened once in a run.

The table's own test asks for the code and for words that are not for the person, others for the
forms on it. Whichever comes first opens the page, in whichever worker, and leaves what all need.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from hashlib import blake2b

from werkzeug.test import TestResponse

from tests.house.conftest import Walk
from tests.house.planted import overheard
from tests.together import alone

FORM = re.compile(r'<form\b[^>]*method="post".*?</form>', re.IGNORECASE | re.DOTALL)
"""A form that changes something: none stands in another."""
POSTED = b'method="post"'


@dataclass
class Seen:
    """What somebody got."""

    status: str
    words: list[str]
    """Words in it that are not for them."""
    forms: list[str] = field(default_factory=list)
    """The HTML of each form that changes something."""


def seen(walk: Walk, row: Mapping[str, str], people: Iterable[str]) -> dict[str, Seen]:
    """Return what each of the people, and perhaps others, get at a row of the table."""
    folder = walk.shared / "seen"
    folder.mkdir(exist_ok=True)
    name = blake2b(f"{row['method']} {row['path']}".encode(), digest_size=12).hexdigest()
    with alone(folder / name) as known:
        for person in people:
            if person not in known:
                answer = walk.open(person, row["method"], row["path"])
                known[person] = asdict(_look(person, answer))
        return {person: Seen(**one) for person, one in known.items()}


def _look(person: str, answer: TestResponse) -> Seen:
    data = answer.get_data()
    has_forms = answer.request.method == "GET" and answer.status_code == 200 and POSTED in data
    forms = FORM.findall(answer.text) if has_forms and answer.mimetype == "text/html" else []
    return Seen(str(answer.status_code), overheard(person, answer), forms)
