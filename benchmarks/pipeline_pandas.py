"""The pipeline's figures as group-bys over frames in memory, as an analyst would write them."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pandas as pd

from portal.clock import begin_of, end_of, months_after
from portal.pipeline.queries.moments import STALE_MONTHS
from portal.reference.rules import Quarter


class Pandas:
    """Runs that count; each returns its counts in order, noughts left out."""

    def __init__(self, frames: dict[str, pd.DataFrame], today: date) -> None:
        self.frames, self.today = frames, today

    def crosstab(self, row: str, column: str) -> Callable[[], list[int]]:
        """Count cells, margins and total."""

        def run() -> list[int]:
            base = self._live_records()[["id"]].rename(columns={"id": "innovation_id"})
            rows, columns = (base.merge(self._pairs(key), how="left") for key in (row, column))
            both = rows.merge(columns, on="innovation_id", suffixes=("_row", "_column"))
            if {row, column} == {"hin", "level"}:
                both = base.merge(self._of_engagements(), how="left")
            sizes = [
                both.groupby(["value_row", "value_column"], dropna=False).size(),
                rows.groupby("value", dropna=False).size(),
                columns.groupby("value", dropna=False).size(),
            ]
            return sorted([len(base), *(n for size in sizes for n in size if n)])

        return run

    def stages(self) -> list[tuple[int, ...]]:
        """Count by stage: all, proven, stale, added in the quarter."""
        live = self._live_records()
        since, until = (
            pd.Timestamp(end_of(day))
            for day in (months_after(self.today, -STALE_MONTHS), self.today)
        )
        changed: set[Any] = set()
        for name in ("stage_change", "status_change", "sharing_change", "audit_event"):
            rows = self.frames[name]
            at = rows["at"]
            of = "noun_id" if name == "audit_event" else "innovation_id"
            changed |= set(rows.loc[(at >= since) & (at < until), of])
        came = live["submitted_at"]
        begun = pd.Timestamp(begin_of(Quarter.of(self.today).first))
        told = pd.DataFrame(
            {
                "stage": live["stage_id"],
                "all": 1,
                "proven": live["is_proven_until"] >= pd.Timestamp(self.today),
                "stale": ~live["id"].isin(changed),
                "added": (came >= begun) & (came < until),
            }
        )
        found = told.groupby("stage").sum().reset_index()
        return sorted(tuple(int(n) for n in line) for line in found.itertuples(index=False))

    def matrix(self) -> list[tuple[int, int, int]]:
        """Count what each pair of HINs both work with."""
        mine = self._live()[["innovation_id", "hin_id"]]
        mine = mine[mine["innovation_id"].isin(self._live_records()["id"])]
        both = mine.merge(mine, on="innovation_id")
        both = both[both["hin_id_x"] <= both["hin_id_y"]]
        found = both.groupby(["hin_id_x", "hin_id_y"]).size().reset_index()
        return sorted(tuple(int(n) for n in line) for line in found.itertuples(index=False))

    def _live_records(self) -> pd.DataFrame:
        found = self.frames["innovation"]
        return found[found["status"] == "submitted"]

    def _pairs(self, key: str) -> pd.DataFrame:
        return getattr(self, f"_{key}")().rename(columns={"id": "innovation_id"})

    def _stage(self) -> pd.DataFrame:
        return self.frames["innovation"][["id", "stage_id"]].rename(columns={"stage_id": "value"})

    def _terms(self, vocabulary: str, column: str) -> pd.DataFrame:
        terms = self.frames["term"]
        terms = terms[terms["vocabulary"] == vocabulary][["id", column]]
        terms = terms.set_axis(["term_id", "value"], axis=1)
        return self.frames["innovation_term"].merge(terms)[["innovation_id", "value"]]

    def _care_setting(self) -> pd.DataFrame:
        pairs = self.frames["innovation_term"]
        terms = self.frames["term"]
        ids = terms[terms["vocabulary"] == "care_setting"]["id"]
        return pairs[pairs["term_id"].isin(ids)].rename(columns={"term_id": "value"})

    def _condition_group(self) -> pd.DataFrame:
        return self._terms("condition", "group").drop_duplicates()

    def _region(self) -> pd.DataFrame:
        regions = self.frames["ics"].set_index("id")["region_id"]
        found = self.frames["innovation"]
        return pd.DataFrame({"id": found["id"], "value": found["ics_id"].map(regions)})

    def _proven(self) -> pd.DataFrame:
        found = self.frames["innovation"]
        until = found["is_proven_until"]
        return pd.DataFrame({"id": found["id"], "value": until >= pd.Timestamp(self.today)})

    def _live(self) -> pd.DataFrame:
        found = self.frames["engagement"]
        return found[~found["state"].isin(["unsuitable", "closed"])]

    def _hin(self) -> pd.DataFrame:
        return self._live()[["innovation_id", "hin_id"]].rename(columns={"hin_id": "value"})

    def _level(self) -> pd.DataFrame:
        found = self._live()[["innovation_id", "level"]].rename(columns={"level": "value"})
        return found.drop_duplicates()

    def _of_engagements(self) -> pd.DataFrame:
        """The network and the level of one and the same engagement."""
        return self._live()[["innovation_id", "hin_id", "level"]].set_axis(
            ["innovation_id", "value_row", "value_column"], axis=1
        )

    def _quarter(self) -> pd.DataFrame:
        found = self.frames["innovation"]
        local = found["submitted_at"].dt.tz_convert("Europe/London")
        value = local.dt.tz_localize(None).dt.to_period("Q-MAR")
        return pd.DataFrame({"id": found["id"], "value": value})

    def _organisation_kind(self) -> pd.DataFrame:
        kinds = self.frames["organisation"].set_index("id")["kind"]
        found = self.frames["innovation"]
        return pd.DataFrame({"id": found["id"], "value": found["organisation_id"].map(kinds)})
