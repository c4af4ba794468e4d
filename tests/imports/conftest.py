"""A file is sent, matched, looked at and brought in, as a person does it."""

import io
import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage
from werkzeug.test import stream_encode_multipart

from portal.imports.models import Import, ImportRow
from portal.jobs import Job, JobState, run
from tests.cast import Cast, Person
from tests.pages import PageClient

HEADER = ("Ref", "Company", "Product", "Short description", "Type", "Status", "Problem", "Setting")


@dataclass
class Bringer:
    """Somebody in a browser who brings files in."""

    session: Session
    client: PageClient

    def send(self, data: bytes, name: str, kind: str = "innovations") -> str:
        """Send a file; returns the page that answers, or where it leads."""
        file = FileStorage(io.BytesIO(data), filename=name)
        sent = {"file": file, "source": "Our CRM"}
        stream, length, boundary = stream_encode_multipart(sent, threshold=len(data) + 10_000)
        answer = self.client.post(
            f"/import/new/{kind}",
            input_stream=stream,
            content_length=length,
            content_type=f'multipart/form-data; boundary="{boundary}"',
        )
        return answer.location or answer.get_data(as_text=True)

    def mapped(self, data: bytes, name: str, kind: str = "innovations", **choices: str) -> Import:
        """Send a file, take what is guessed of columns and values, and have it looked at."""
        place = self.send(data, name, kind)
        found = re.search(r"/import/(\d+)/sheet", place)
        assert found, place
        base = f"/import/{found[1]}"
        offered = self.chosen(f"{base}/sheet")
        for step in ("sheet", "columns", "values"):
            typed = offered if step == "sheet" else self.chosen(f"{base}/{step}")
            typed |= {k: v for k, v in choices.items() if k in typed}
            answer = self.client.post(f"{base}/{step}", data=typed)
            assert answer.status_code == 302, answer.get_data(as_text=True)[:6000]
        self.work()
        return self.session.get_one(Import, int(found[1]))

    def chosen(self, url: str) -> dict[str, str]:
        """What is chosen in the form of a page; the first row has the names of the columns."""
        page = self.client.get(url).get_data(as_text=True)
        found: dict[str, str] = {}
        for name, body in re.findall(
            r'<select[^>]* name="([^"]+)"[^>]*>(.*?)</select>', page, re.S
        ):
            selected = re.search(r'<option value="([^"]*)"[^>]* selected', body)
            found[name] = selected[1] if selected else ""
        found |= dict(re.findall(r'type="hidden" name="(sheet)" value="([^"]*)"', page))
        if "header_row" in found:
            found["header_row"] = found["header_row"] or "1"
        return found

    def do(self, importing: Import, what: str, **data: str) -> None:
        """Press a button of an import, and let its job be done."""
        answer = self.client.post(f"/import/{importing.id}/{what}", data=data)
        assert answer.status_code == 302, answer.get_data(as_text=True)[:3000]
        self.work()

    def work(self) -> None:
        """Let the worker do what imports wait for; search and matching are other tests' matter."""
        self.session.commit()
        waits = (Job.state == JobState.QUEUED) & Job.kind.startswith("imports.")
        for job_id in self.session.scalars(select(Job.id).where(waits)).all():
            run(job_id)
        self.session.expire_all()

    def page(self, importing: Import, query: str = "") -> str:
        """The page of an import."""
        return self.client.get(f"/import/{importing.id}{query}").get_data(as_text=True)

    def rows(self, importing: Import) -> list[ImportRow]:
        """The rows of an import, in their order."""
        found = self.session.query(ImportRow).filter_by(import_id=importing.id)
        return found.order_by(ImportRow.line).all()


@pytest.fixture
def bringer(
    session: Session, cast: Cast, as_: Callable[[Person], PageClient]
) -> Callable[[Person], Bringer]:
    """Return somebody who brings files in: `bringer(cast.hin)`."""
    return lambda person: Bringer(session, as_(person))


def line(ref: str = "A1", **cells: str) -> list[str]:
    """A row that fits, as people write it."""
    plain = {
        "Ref": ref,
        "Company": "Lantern Health",
        "Product": f"Nightlight {ref}",
        "Short description": f"Reminds people where they are, number {ref}",
        "Type": "Digital",
        "Status": "Prototype",
        "Problem": "Falls at night",
        "Setting": "Urgent and emergency",
    }
    return [str({**plain, **cells}[name]) for name in HEADER]


def table(*rows: list[str], header: tuple[str, ...] = HEADER, separator: str = ",") -> str:
    """A CSV file of these rows."""
    quoted = [[f'"{cell}"' if '"' not in cell else cell for cell in row] for row in rows]
    return "\r\n".join(separator.join(cells) for cells in [list(header), *quoted])
