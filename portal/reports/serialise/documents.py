"""A published report as a Word document: real headings, lists, captions, its language."""

import io
from collections.abc import Iterable, Sequence
from typing import Any

from docx import Document
from docx.document import Document as Docx
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Emu, Pt
from docx.table import Table, _Row
from docx.text.paragraph import Paragraph

from portal.clock import day_of
from portal.db import db
from portal.files import content_of
from portal.reports.models import ReportPhoto, ReportRelease
from portal.reports.rules.document import drawn
from portal.text import without_control
from portal.wording import day_words

DOCX_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
LANGUAGE = "en-GB"
STYLES = {"bullet": "List Bullet", "number": "List Number", "quote": "Quote"}
DEEPEST = 9
"""Word knows headings of nine levels."""
FIGURES = {
    "No.": 1.1,
    "Shown as": 2.7,
    "What it is": 4.0,
    "Where and when": 3.2,
    "What it counts, and source": 6.0,
}
"""The columns of the table of numbers, with their widths in centimetres: 17 on a page of A4."""
WIDEST, HIGHEST = Cm(16), Cm(12)
"""Of a photograph."""
MARGIN, SMALL, INDENT = Cm(2), Pt(9), Cm(0.7)


def document(release: ReportRelease) -> bytes:
    """Return the document of a version, with the same words and numbers as its page."""
    made, content = Document(), release.content
    made.core_properties.title = release.title
    made.core_properties.language = LANGUAGE
    _speak(made)
    _set_page(made, release.title)
    made.add_heading(without_control(release.title), level=0)
    made.add_paragraph(without_control(_about(release)))
    for one, _ in drawn(content):
        _section(made, one)
    _method(made, content)
    _list(made, "Notes", content["notes"])
    left_out = [one for one in content["sections"] if one["left_out"]]
    _list(made, "Left out", [f"{o['number']} {o['heading']}: {o['left_out']}" for o in left_out])
    _figures(made, content["figures"])
    made.add_paragraph(f"SHA-256 of the content: {release.digest}")
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def _about(release: ReportRelease) -> str:
    day = day_words(day_of(release.published_at))
    words = [f"{release.content['area']}. Version {release.number}, published {day}."]
    if release.note:
        words.append(f"{release.kind.label}: {release.note}")
    if release.final_on:
        words.append(f"Provisional numbers become final by {day_words(release.final_on)}.")
    if release.next_on:
        words.append(f"The next publication is due on {day_words(release.next_on)}.")
    return " ".join(words)


def _method(made: Docx, content: dict[str, Any]) -> None:
    """Write how the numbers are counted, and the footnotes; versions kept before have neither."""
    if content.get("methodology"):
        made.add_heading("Methodology", level=1)
        for words in content["methodology"].split("\n\n"):
            made.add_paragraph(without_control(words.strip()))
    notes = content.get("footnotes", [])
    _list(made, "Footnotes", [f"Note {n}: {words}" for n, words in enumerate(notes, start=1)])


def _speak(made: Docx) -> None:
    """Say in which language the document is written, for readers that speak it."""
    properties = made.styles.element.xpath("w:docDefaults/w:rPrDefault/w:rPr")[0]
    for former in properties.findall(qn("w:lang")):
        properties.remove(former)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), LANGUAGE)
    properties.append(language)


def _set_page(made: Docx, title: str) -> None:
    """Set A4 with a running head and numbered pages."""
    page = made.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = page.bottom_margin = MARGIN
    page.top_margin = Cm(2.5)
    head = page.header.paragraphs[0].add_run(without_control(title))
    head.font.size = SMALL
    foot = page.footer.paragraphs[0]
    foot.add_run("Page ")
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    foot._p.append(field)


def _section(made: Docx, one: dict[str, Any]) -> None:
    level = min(one["level"] - 1, DEEPEST)
    made.add_heading(without_control(f"{one['number']} {one['heading']}"), level=level)
    for block in one["blocks"]:
        if "chart" in block:
            _chart(made, block["chart"])
        elif block["kind"] == "photo" and "exhibit" in block:
            _photo(made, block["exhibit"])
        elif "exhibit" in block:
            _exhibit(made, block["exhibit"])
        elif block["kind"] == "heading":
            _runs(made.add_heading(level=min(level + 1, DEEPEST)), block)
        else:
            _runs(made.add_paragraph(style=STYLES.get(block["kind"])), block)


def _chart(made: Docx, chart: dict[str, Any]) -> None:
    """Write a chart as its title, its sentence and a table: Word has its numbers, no picture."""
    note = f" [note {chart['footnote']}]" if chart.get("footnote") else ""
    words = f"{chart['title']}{note}. {chart['sentence']}"
    made.add_paragraph(without_control(words), style="Caption")
    table = made.add_table(rows=1, cols=2)
    table.style = "Table Grid"
    for cell, words in zip(table.rows[0].cells, ("What", "Number"), strict=True):
        cell.text = words
    _repeat(table)
    for one in chart["bars"]:
        label, number = table.add_row().cells
        label.text, number.text = without_control(one["label"]), f"{one['shown']} [{one['figure']}]"


def _exhibit(made: Docx, shown: dict[str, Any]) -> None:
    """Write a driver diagram or case study: whose it is and of when, then its words, set in."""
    _runs(made.add_paragraph(style="Caption"), {"runs": shown["title"]})
    made.add_paragraph(without_control(shown["about"]))
    for line in shown["lines"]:
        words = made.add_paragraph()
        words.paragraph_format.left_indent = INDENT * line["depth"]
        words.paragraph_format.space_after = Pt(2)
        if line["label"]:
            words.add_run(f"{line['label']}: ").bold = True
        _runs(words, line)


def _photo(made: Docx, shown: dict[str, Any]) -> None:
    """Write a photograph with what it shows as its alternative text, who made it below."""
    about = shown["photo"]
    row = db.session.get_one(ReportPhoto, about["id"])
    data = io.BytesIO(content_of(row.stored, room=row.kept_in))
    width = min(WIDEST, int(HIGHEST * about["width"] / about["height"]))
    picture = made.add_picture(data, width=Emu(width))
    picture._inline.docPr.set("descr", without_control(about["alt"]))
    made.add_paragraph(without_control(shown["about"]), style="Caption")


def _runs(into: Paragraph, block: dict[str, Any]) -> None:
    for run in block["runs"]:
        words = without_control(run["text"])
        if run["href"]:
            words = f"{words} ({run['href']})"
        part = into.add_run(words)
        part.bold, part.italic = run["bold"] or None, run["italic"] or None
        if run.get("figure"):
            note = f", note {run['footnote']}" if run.get("footnote") else ""
            into.add_run(f" [{run['figure']}{note}]").font.superscript = True


def _list(made: Docx, heading: str, lines: Sequence[str]) -> None:
    if lines:
        made.add_heading(heading, level=1)
    for line in lines:
        made.add_paragraph(without_control(line), style="List Bullet")


def _figures(made: Docx, figures: Sequence[dict[str, Any]]) -> None:
    if not figures:
        return
    made.add_heading("The numbers of this report", level=1)
    made.add_paragraph("Each number, with what it counts and where it is from", style="Caption")
    table = made.add_table(rows=1, cols=len(FIGURES))
    table.style, table.autofit = "Table Grid", False
    table.style.font.size = SMALL
    for column, width in zip(table.columns, FIGURES.values(), strict=True):
        column.width = Cm(width)
    _fill(table.rows[0], FIGURES)
    _repeat(table)
    for one in figures:
        counts = f"{one['definition'].rstrip('.')}." if one["definition"] else ""
        source = f"Source: {one['source']}." if one["source"] else ""
        where = ", ".join(word for word in (one["area"], one["period"]) if word)
        row = table.add_row()
        about = (
            one["number"],
            one["shown"],
            one["label"],
            where,
            f"{counts} {source}".strip(),
        )
        _fill(row, map(str, about))
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def _fill(row: _Row, words: Iterable[str]) -> None:
    """Write the cells of a row of the table of numbers, each as wide as its column."""
    for cell, text, width in zip(row.cells, words, FIGURES.values(), strict=True):
        cell.text, cell.width = without_control(text), Cm(width)


def _repeat(table: Table) -> None:
    """Mark the first row as a header, which is repeated on each page and read with each cell."""
    properties = table.rows[0]._tr.get_or_add_trPr()
    header = OxmlElement("w:tblHeader")
    header.set(qn("w:val"), "true")
    properties.append(header)
