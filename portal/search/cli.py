"""`flask search …`: build, compare and measure the index."""

import json
from pathlib import Path

import click
from flask.cli import AppGroup

from portal.db import db
from portal.search import services
from portal.search.indexing import opening
from portal.search.indexing.reading import differences, findable, waiting
from search_index import evaluate as evaluation
from search_index.interface import SearchError

group = AppGroup("search", help="The search index.")
MAX_SHOWN_RESULTS = 20


@group.command("rebuild")
def rebuild() -> None:
    """Make the index anew beside the live one, then swap; searches go on meanwhile."""
    try:
        with click.progressbar(length=findable(), label="Indexing") as bar:
            done = services.rebuild(lambda count: bar.update(count - bar.pos))
    except SearchError as problem:
        raise click.ClickException(
            f"{problem} The index that was there is still in use."
        ) from problem
    db.session.commit()
    click.echo(f"{done} records are in the search index.")


@group.command("check")
def check() -> None:
    """Read all of the index and compare it with the database row by row; exit code 1 when it is
    damaged or they differ."""
    try:
        opening.with_index(lambda index: index.check())
        found = opening.with_index(differences)
    except SearchError as problem:
        raise click.ClickException(str(problem)) from problem
    behind = len({innovation_id for _, innovation_id in waiting(limit=1_000_000)})
    for words, ids in (
        ("missing from the index", found.missing),
        ("different in the index", found.different),
        ("in the index but not to be found", found.surplus),
    ):
        if ids:
            more = " …" if len(ids) > MAX_SHOWN_RESULTS else ""
            click.echo(f"{len(ids)} {words}: {', '.join(map(str, ids[:MAX_SHOWN_RESULTS]))}{more}")
    if found:
        raise click.ClickException(
            f"The index differs from the database; changes of {behind} records wait to be "
            "applied. Run “flask jobs run”, or “flask search rebuild”."
        )
    click.echo(f"Index and database agree on {found.compared} records.")


@group.command("evaluate")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
def evaluate(folder: Path) -> None:
    """Measure ranking on a judged collection; prints JSON.

    FOLDER holds documents.jsonl, queries.jsonl and qrels.txt.
    """
    try:
        found = evaluation.evaluate(folder)
    except (FileNotFoundError, KeyError, ValueError) as problem:
        raise click.ClickException(f"{folder} is not a judged collection: {problem}") from problem
    click.echo(json.dumps(found, indent=2))
