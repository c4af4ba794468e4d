"""The pictures of a survey: what people agree with, and how far places have come."""

from collections.abc import Sequence

from portal.improvement.charts.shares import percents
from portal.improvement.rules.survey_templates import Template
from portal.improvement.rules.surveys import QuestionResult
from portal.web.charts import Bars, Stacks, stacks


def agreed(template: Template, said: Sequence[QuestionResult]) -> Bars | None:
    """Return bars of the share that said so, question by question; None where none is shown."""
    known = [(one.question.short, one.share.percent) for one in said if one.share]
    rows = [(words, float(percent)) for words, percent in known if percent is not None]
    if not rows:
        return None
    (most, high), (least, low) = max(rows, key=_height), min(rows, key=_height)
    finding = f"Most {template.said} with “{most}” ({high:g}%), fewest with “{least}” ({low:g}%)"
    return percents(finding, rows)


def _height(row: tuple[str, float]) -> float:
    return row[1]


def progress(template: Template, said: Sequence[QuestionResult]) -> Stacks | None:
    """Return a bar of places by answer for each question; None where no place answered."""
    rows = [(one.question.short, one.by_answer) for one in said if sum(one.by_answer)]
    if not rows:
        return None
    done = sum(parts[template.good] for _, parts in rows)
    whole = sum(sum(parts) for _, parts in rows)
    finding = f"{done:,} of {whole:,} answers of places are “{template.said}”"
    return stacks(finding, template.answers, rows)
