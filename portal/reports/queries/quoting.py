"""Find the numbers to which references of a report lead, each set of figures counted once."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from portal.accounts.models import Actor
from portal.clock import now, today
from portal.db import db, id_from
from portal.figures.policy import for_reader
from portal.figures.queries.kept import FigureCache
from portal.figures.rules import Figure, FigureSet, Period, RowsQuery, RowsResult, Value, set_of
from portal.pipeline.rules.days import quarters_until
from portal.programmes.models import ProgrammeValue
from portal.programmes.policy import can_see
from portal.programmes.rules.numbers import disclosed, plain
from portal.programmes.rules.values import number_words as value_words
from portal.reference.models import Hin
from portal.reference.queries import hins
from portal.reference.rules import Quarter
from portal.reference.rules.tiles import NETWORK_TILES, tiles_of
from portal.reports.models import Report
from portal.reports.queries.exhibits import exhibit
from portal.reports.rules.quoted import NOT_THERE, Quoted
from portal.reports.rules.text import EXHIBITS, Reference
from portal.reports.rules.words import chart_words, number_words

ENGLAND = "England"
MAX_BARS = 8
"""Quarters of a chart over time: two years."""
BY_NETWORK = {"network", "map"}
MAX_CORRECTIONS = 20
"""So many times at most is one value followed to what corrects it."""


class Numbers:
    """The numbers of one report, for one reader: what was counted is kept for the page."""

    def __init__(self, report: Report, actor: Actor, *, compares: bool = True) -> None:
        """`compares` asks for the quarter before as well: half of the counting."""
        self.report, self.actor, self.compares, self.at = report, actor, compares, now()
        self.quarter = Quarter.of(report.quarter_on)
        self._networks = {one.code: one for one in hins()}
        self._counted: dict[tuple[str, Quarter], Mapping[tuple[str, int | None, str], float]] = {}
        self._kept = FigureCache()
        self._labels: dict[str, Mapping[str, str]] = {}
        self._frozen: dict[Quarter, tuple[datetime | None, Sequence[Value]]] = {}

    def quoted(self, references: Iterable[Reference]) -> dict[Reference, Quoted]:
        """Return what each reference leads to."""
        wanted = list(dict.fromkeys(references))
        values = self._values([one.code for one in wanted if one.kind == "value"])
        return {one: self._one(one, values) for one in wanted}

    def _one(self, one: Reference, values: Mapping[str, ProgrammeValue]) -> Quoted:
        if one.problem:
            return Quoted(one, self.at, problem=one.problem)
        if one.kind == "typed":
            return self._typed(one)
        if one.kind == "value":
            return self._value(one, values.get(one.code))
        if one.kind in EXHIBITS:
            return exhibit(one, self.report, self.at)
        return self._chart(one) if one.kind == "chart" else self._figure(one)

    def _typed(self, one: Reference) -> Quoted:
        return Quoted(
            one,
            self.at,
            shown=one.code,
            label="Typed, with its source",
            area=self.report.area_name,
            period=self.quarter.label,
            source=one.source,
            is_frozen=True,
        )

    # Values of programmes

    def _values(self, codes: Iterable[str]) -> dict[str, ProgrammeValue]:
        """Return the values with these codes or numbers, each as it was last corrected."""
        wanted = set(codes)
        numbers = {number for code in wanted if (number := id_from(code)) is not None}
        found = self._rows(or_(ProgrammeValue.code.in_(wanted), ProgrammeValue.id.in_(numbers)))
        named = {name: row for row in found for name in (row.code or "", str(row.id))}
        found_of = {code: named[code] for code in wanted if code in named}
        for _ in range(MAX_CORRECTIONS):
            later = self._rows(ProgrammeValue.corrects_id.in_([r.id for r in found_of.values()]))
            if not later:
                break
            by_former = {row.corrects_id: row for row in later}
            found_of = {code: by_former.get(row.id, row) for code, row in found_of.items()}
        return {code: row for code, row in found_of.items() if can_see(self.actor, row.programme)}

    def _rows(self, condition: object) -> list[ProgrammeValue]:
        statement = select(ProgrammeValue).where(condition)  # type: ignore[arg-type]  # SQL either way
        loaded = (ProgrammeValue.measure, ProgrammeValue.programme, ProgrammeValue.product)
        options = [joinedload(one) for one in (*loaded, ProgrammeValue.hin)]
        return list(db.session.scalars(statement.options(*options).order_by(ProgrammeValue.id)))

    def _value(self, one: Reference, row: ProgrammeValue | None) -> Quoted:
        if row is None or (row.value is None and not row.value_text):
            return Quoted(one, self.at, problem=NOT_THERE if row is None else "It is not known")
        hides = row.measure.is_patients and row.hin_id is not None
        value = disclosed(row.value) if hides else row.value  # a report is for everybody
        words = value_words(row, is_exact=False)
        if one.step and value is not None:
            words = number_words(value, row.unit, one.step)
        about = row.product.name if row.product else row.programme.name
        return Quoted(
            one,
            row.at,
            shown=words,
            label=f"{row.measure.name}, {about}" + (f", {row.part}" if row.part else ""),
            area=row.hin.name if row.hin else row.area,
            period=row.period,
            value=value,
            unit=row.unit,
            definition=row.measure.numerator or row.measure.name,
            source=row.source,
            is_frozen=bool(row.source),
            hin_id=row.hin_id,
            row=row,
        )

    # Figures

    def _figure(self, one: Reference) -> Quoted:
        found, quarter, network = set_of(one.code), self._quarter(one), self._network(one)
        problem = self._wrong(one, found, quarter, network)
        if problem or found is None or quarter is None:
            return Quoted(one, self.at, problem=problem)
        figures, figure = found
        hin_id = network.id if network else None
        value = self._number(figures, figure, quarter, hin_id, one.group)
        former = (figures, figure, quarter.previous, hin_id, one.group)
        before = self._number(*former) if self.compares else None
        frozen_at, _ = self._freeze(quarter)
        label = self._labels_of(figures).get(one.group, one.group) if one.group else ""
        return Quoted(
            one,
            frozen_at or self.at,
            shown=number_words(value, figure.unit, one.step),
            label=f"{figure.label}: {label}" if one.group else figure.label,
            area=network.name if network else ENGLAND,
            period=quarter.label,
            value=value,
            before=before,
            unit=figure.unit,
            definition=figure.definition,
            source=figure.source,
            is_frozen=frozen_at is not None,
            hin_id=hin_id,
            group=one.group,
            quarter=quarter.code,
            figure=figure,
        )

    # Charts

    def _chart(self, one: Reference) -> Quoted:
        """Return a chart: its bars are figures of groups, networks or quarters."""
        whole = self._figure(replace(one, kind="figure", by=""))
        if whole.problem or whole.figure is None:
            return replace(whole, reference=one)
        if one.by in BY_NETWORK and not self.actor.is_national:
            return replace(whole, reference=one, problem="The national team compares networks")
        parts = tuple(self._bars(one, whole))
        if not parts:
            return replace(whole, reference=one, problem="It has no groups: say by=quarter")
        bars = [(part.bar, part.value) for part in parts]
        said = chart_words(bars, whole.unit, over_time=one.by == "quarter")
        period = "" if one.by == "quarter" else f", {whole.period}"
        area = "by network" if one.by in BY_NETWORK else whole.area
        title = f"{whole.label}, {area}{period}"
        return replace(whole, reference=one, label=title, shown=said, parts=parts)

    def _bars(self, one: Reference, whole: Quoted) -> Iterator[Quoted]:
        plain_one = replace(one, kind="figure", by="")
        if one.by == "quarter":
            last = Quarter.named(whole.quarter)
            for quarter in quarters_until(last.last, MAX_BARS):
                found = self._figure(replace(plain_one, quarter=quarter.code))
                yield replace(found, bar=quarter.label)
        elif one.by in BY_NETWORK:
            places = tiles_of(self._networks, NETWORK_TILES) if one.by == "map" else {}
            for code, network in self._networks.items():
                found = self._figure(replace(plain_one, area=code))
                yield replace(found, bar=network.name, place=places.get(code))
        else:
            yield from self._groups(plain_one)

    def _groups(self, one: Reference) -> Iterator[Quoted]:
        """Yield the groups of a figure in which something was counted, in the order of pages."""
        figures, _ = set_of(one.code) or (None, None)
        for group, label in self._labels_of(figures).items() if figures else ():
            found = self._figure(replace(one, group=group))
            if found.value:
                yield replace(found, bar=label)

    def _wrong(
        self,
        one: Reference,
        found: tuple[FigureSet, Figure] | None,
        quarter: Quarter | None,
        network: Hin | None,
    ) -> str:
        """Return why a reference leads to no figure; "" where it does."""
        if found is None:
            return NOT_THERE
        if found[1].is_personal:
            return "People by themselves stand in no report"
        if quarter is None or quarter.first > today():
            return "There is no such quarter yet"
        if network is None and one.area and one.area != "england":
            return "There is no such network"
        if network and not self.actor.is_national and self.actor.hin_id != network.id:
            return "It is another network's: the national team quotes it"
        if one.group and one.group not in self._labels_of(found[0]):
            return "There is no such group"
        return ""

    def _labels_of(self, figures: FigureSet) -> Mapping[str, str]:
        if figures.heading not in self._labels:
            self._labels[figures.heading] = figures.labels()
        return self._labels[figures.heading]

    def _quarter(self, one: Reference) -> Quarter | None:
        try:
            return Quarter.named(one.quarter) if one.quarter else self.quarter
        except ValueError:
            return None

    def _network(self, one: Reference) -> Hin | None:
        return self._networks.get(one.area) if one.area else self.report.hin

    def _freeze(self, quarter: Quarter) -> tuple[datetime | None, Sequence[Value]]:
        if quarter not in self._frozen:
            self._frozen[quarter] = self._kept.frozen(quarter)
        return self._frozen[quarter]

    def _number(
        self, figures: FigureSet, figure: Figure, quarter: Quarter, hin_id: int | None, group: str
    ) -> float | None:
        """Return a figure; 0 where nothing was counted, None where that is not known."""
        frozen_at, kept = self._freeze(quarter)
        if frozen_at and not any(one.code == figure.code for one in kept):
            return None  # it was not yet a figure when that quarter was frozen
        key = (figures.heading, quarter)
        if key not in self._counted:
            live = Period(quarter, today())
            found = kept if frozen_at else self._kept.counted(figures, live)
            seen = for_reader(found, self.actor)
            self._counted[key] = {(one.code, one.hin_id, one.group): one.value for one in seen}
        nothing = None if figure.is_median or figure.is_now_only else 0.0
        return self._counted[key].get((figure.code, hin_id, group), nothing)

    def current(self, code: str) -> Quoted:
        """Return a figure of the report's own area and quarter."""
        return self._figure(Reference("figure", code))

    def rows_behind(self, one: Quoted) -> RowsResult:
        """Return the rows that a number counts, as they stand: those of its figure, or the one
        value of a programme."""
        if one.row is not None:
            header = ("Programme", "Measure", "Area", "Period", "Value", "Unit", "Source", "Note")
            row = one.row
            value = plain(row.value) if row.value is not None else row.value_text
            cells = (row.programme.name, row.measure.name, one.area, row.period, value)
            return RowsResult(header, [(*cells, row.unit, row.source, row.note)])
        found = set_of(one.reference.code)
        if one.reference.kind != "figure" or found is None or one.problem:
            return RowsResult((), [])
        quarter = Quarter.named(one.quarter)
        as_of = one.as_at if one.is_frozen else None
        period = Period(quarter, today(), as_of)
        return found[0].rows(RowsQuery(found[1], period, one.hin_id, one.group))
