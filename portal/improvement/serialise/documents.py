"""A driver diagram as a Word document."""

import io
from collections.abc import Mapping, Sequence
from datetime import date

from docx import Document
from docx.document import Document as Docx
from docx.enum.section import WD_ORIENT
from docx.shared import Mm, Pt

from portal.improvement.queries.diagrams import NodeValue
from portal.improvement.rules.comparing import said
from portal.improvement.rules.outline import Branch, nodes
from portal.improvement.serialise.outlines import measured
from portal.text import without_control
from portal.wording import day_words

DOCX_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
INDENT = Mm(9)


def document(
    name: str, on: date, aims: Sequence[Branch], measures: Mapping[int, Sequence[NodeValue]]
) -> bytes:
    """Return the document: the outline as paragraphs that are set in, then where each is from."""
    made = Document()
    section = made.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(420), Mm(297)
    made.core_properties.title = f"Driver diagram: {name}"
    made.add_heading(f"Driver diagram: {name}", level=1)
    made.add_paragraph(f"As it stood on {day_words(on)}.")
    for one in nodes(aims):
        _outline(made, one, measures.get(one.id, ()))
    made.add_heading("Where it is from", level=2)
    _sources(made, nodes(aims))
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def _outline(made: Docx, one: Branch, told: Sequence[NodeValue]) -> None:
    line = made.add_paragraph()
    line.paragraph_format.left_indent = INDENT * one.depth
    line.paragraph_format.space_after = Pt(2)
    line.add_run(f"{one.label}: ").bold = True
    line.add_run(without_control(said(one.row)))
    if told:
        run = line.add_run(without_control(f" – {measured(told)}"))
        run.italic = True


def _sources(made: Docx, branches: Sequence[Branch]) -> None:
    table = made.add_table(rows=1, cols=4)
    table.style = "Table Grid"
    for cell, words in zip(table.rows[0].cells, ("What", "From", "How sure", "Note"), strict=True):
        cell.text = words
    for one in branches:
        row = one.row
        sure = row.confidence.label if row.confidence else ""
        said_of = (row.words, row.source or row.origin.label, sure, row.note)
        for cell, words in zip(table.add_row().cells, said_of, strict=True):
            cell.text = without_control(words)
