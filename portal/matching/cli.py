"""`flask matching …`."""

import json
from pathlib import Path

import click
from flask.cli import AppGroup

from portal.db import db
from portal.errors import NotFound
from portal.jobs import JobState, run_waiting
from portal.matching.engine import ENGINE_VERSION as VERSION
from portal.matching.engine import TOTAL, WEIGHTS, Pairing
from portal.matching.engine.evaluation import evaluate
from portal.matching.indexing import matchers
from portal.matching.models import Readership
from portal.matching.queries import need
from portal.matching.services import ask_for_refresh

group = AppGroup("matching", help="Pair challenges with proven innovations.")

FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@group.command("refresh")
def refresh() -> None:
    """Match every open challenge and every draft now."""
    job = ask_for_refresh()
    db.session.commit()
    run_waiting()
    db.session.refresh(job)
    if job.state is not JobState.DONE:
        raise click.ClickException(f"Matching failed: {job.message}")
    click.echo(f"Matched {job.done} challenges.")


@group.command("evaluate")
@click.argument("folder", type=FOLDER, metavar="DIR")
def evaluate_folder(folder: Path) -> None:
    """Measure the matching on a folder of judged pairs; prints one JSON object."""
    click.echo(json.dumps(evaluate(folder), indent=2))


@group.command("explain")
@click.argument("challenge", type=int)
@click.argument("innovation", type=int)
def explain(challenge: int, innovation: int) -> None:
    """Print the parts of the score of one pair, for each readership."""
    try:
        asked = need(challenge)
    except NotFound as missing:
        raise click.ClickException(str(missing)) from missing
    for whom, matcher in matchers().by_readership.items():
        _print(whom, matcher.pair(asked, innovation))


def _print(whom: Readership, pairing: Pairing | None) -> None:
    if pairing is None:
        click.echo(f"{whom.value}: not on the list (not shared, not proven, or nothing in common)")
        return
    reasons = pairing.reasons
    click.echo(f"{whom.value}: score {pairing.score:.3f}, rank {pairing.rank}, engine {VERSION}")
    for part, points in reasons.parts.items():
        click.echo(f"  {part:<16} {points:.3f} of {WEIGHTS[part] / TOTAL:.3f}")
    for shared in reasons.shared:
        sides = f"{', '.join(shared.need)} = {', '.join(shared.solution)}"
        click.echo(f"  shared {shared.weight:>5.0%}    {sides}")
    for told, facts in (("agrees", reasons.facets), ("not covered", reasons.missing_facets)):
        for part, labels in facts.items():
            click.echo(f"  {told:<16} {part}: {', '.join(labels)}")
    click.echo(f"  not covered      {', '.join(reasons.missing_words)}")
    click.echo(f"  covered          {reasons.coverage:.0%} of the challenge's words, by weight")
