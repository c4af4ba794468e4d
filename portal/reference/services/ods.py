"""Bring the places in line with a file of the national directory, in short steps.

A file never closes what it does not name: a place closes by the day that stands in its own row.
Each step flushes and the caller commits after it, so that others can save in between. A file that
was read half is read again from its beginning, and changes only what is not there yet.
"""

from collections import Counter
from collections.abc import Iterator
from itertools import islice

from sqlalchemy import func, select

from portal.db import db
from portal.errors import Invalid
from portal.reference.models import Site, SiteFile
from portal.reference.rules.ods import FileCheck
from portal.reference.services.ods_file import LoadResult, OdsFile
from portal.reference.services.site_links import take_links
from portal.reference.services.site_rows import Places

STEP = 125
"""Rows a step: a fraction of a second."""
MIN_SHARE = 80
"""A whole file has at least so many in a hundred of the rows of the one before."""
NOTED = ("added", "opened", "closed", "renamed", "moved", "changed", "wrong")


def check(file: OdsFile) -> int:
    """Read the file through and return how many rows it has; raises Invalid, with the reason, for
    one that is empty, of another report, older than the last, or far smaller than it."""
    seen, elsewhere = FileCheck(file.report), Counter[str]()
    problem = file.header_problem()
    rows = iter(()) if problem else iter(file.without_header())
    while step := list(islice(rows, STEP)):
        for row in step:
            seen.see(row)
        elsewhere += _told_elsewhere(file, step)
    problem = problem or seen.problem() or _problem_with_others(elsewhere, seen.rows)
    problem = problem or _problem_with_last(file, seen.rows)
    if problem:
        raise Invalid(
            f"{file.name} was not read as {file.report.name} ({file.report.about}): {problem}. "
            "Nothing was changed."
        )
    return seen.rows


def _told_elsewhere(file: OdsFile, rows: list[list[str]]) -> Counter[str]:
    """Count the codes of some rows that another report told of, by report."""
    if not file.report.tells_of_places:
        return Counter()
    codes = [row[0].strip().upper() for row in rows]
    found = db.session.execute(
        select(Site.report, func.count())
        .where(Site.code.in_(codes), Site.report.not_in(("", file.report.name)))
        .group_by(Site.report)
    )
    return Counter({row.report: row[1] for row in found})


def _problem_with_others(elsewhere: Counter[str], rows: int) -> str:
    for report, count in elsewhere.most_common(1):
        if count * 2 > rows:
            return f"{count} of its {rows} codes are those of {report}"
    return ""


def _problem_with_last(file: OdsFile, rows: int) -> str:
    last = db.session.scalar(
        select(SiteFile)
        .where(SiteFile.report == file.report.name, SiteFile.is_part.is_(False))
        .order_by(SiteFile.on.desc(), SiteFile.id.desc())
        .limit(1)
    )
    if last is None:
        return ""
    if file.on < last.on:
        return f"it tells of {file.on}, and a file of {last.on} was read already"
    if file.is_part or file.may_shrink or rows * 100 >= last.rows * MIN_SHARE:
        return ""
    return (
        f"it has {rows:,} rows, where the file of {last.on} had {last.rows:,}. If it holds only "
        "what changed, or if so many rows really went, say so (--changes or --smaller)"
    )


def read(file: OdsFile, told: LoadResult) -> Iterator[int]:
    """Do a step and yield how many rows are done; the caller commits after each.

    Take a file that `check` has passed. The last step notes that the file was read.
    """
    rows, done = iter(file.without_header()), 0
    places = Places(file, told) if file.report.tells_of_places else None
    while step := list(islice(rows, STEP)):
        if places is None:
            take_links(file.report, step, told, file.on)
        else:
            places.take(step)
        done += len(step)
        yield done
    if places is not None:
        for _ in places.finish():
            yield done
    counts = {name: told.counts[name] for name in NOTED}
    told_of = {"report": file.report.name, "file_name": file.name, "on": file.on}
    db.session.add(SiteFile(**told_of, is_part=file.is_part, rows=done, **counts))
    db.session.flush()
    yield done
