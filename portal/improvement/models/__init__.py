"""The tables of improvement."""

from portal.improvement.models.measures import (
    ChartKind,
    ImprovementMeasure,
    MarkKind,
    MeasureKind,
    MeasureMark,
    MeasureReading,
    MeasureSeries,
    MeasureTarget,
    Rhythm,
)

__all__ = [
    "ChartKind",
    "ImprovementMeasure",
    "MarkKind",
    "MeasureKind",
    "MeasureMark",
    "MeasureReading",
    "MeasureSeries",
    "MeasureTarget",
    "Rhythm",
]
