"""The script of the documentation works as it is printed there."""

import csv
import os
import re
import subprocess
import sys
from pathlib import Path

from portal.innovations.models import Sharing
from tests import makers
from tests.api.conftest import token_of
from tests.serving import served

PAGE = Path(__file__).parents[2] / "docs" / "api.md"
SCRIPT = re.search(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)[1]


def run(folder: Path, address: str, token: str) -> dict[str, dict[str, str]]:
    """Run the script in a folder; returns its sheet by name."""
    (folder / "pipeline_sheet.py").write_text(SCRIPT, encoding="utf-8")
    environment = {**os.environ, "PORTAL": address, "PORTAL_TOKEN": token}
    command = [sys.executable, "pipeline_sheet.py"]
    done = subprocess.run(
        command, cwd=folder, env=environment, check=True, capture_output=True, text=True, timeout=60
    )
    with (folder / "pipeline.csv").open(newline="", encoding="utf-8-sig") as file:
        rows = {row["name"]: row for row in csv.DictReader(file)}
    assert done.stdout == f"{len(rows)} innovations in pipeline.csv\n"
    return rows


def test_the_script_keeps_a_sheet(app, cast, session, tmp_path):
    seen = makers.innovation("Breath counter", of=cast.innovator, sharing=Sharing.PUBLIC)
    hidden = makers.innovation("Breath alarm", of=cast.innovator, sharing=Sharing.HINS_AND_ICSS)
    token = token_of(cast.ics)
    session.commit()
    with served(app) as address:
        assert set(run(tmp_path, address, token)) == {"Breath counter", "Breath alarm"}
        seen.name = "=Breath counter"
        hidden.sharing = Sharing.HINS
        session.commit()
        rows = run(tmp_path, address, token)
    assert set(rows) == {"'=Breath counter"}
    assert rows["'=Breath counter"]["stage"] == seen.stage.label


def test_it_is_about_thirty_lines():
    lines = [line for line in SCRIPT.splitlines() if line.strip() and not line.startswith("import")]
    assert len(lines) < 35
