"""Change a driver diagram: what stands in it on which day, by whom, two people at once."""

import io
import zipfile
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.clock import now, today
from portal.db import db
from portal.errors import Conflict, Forbidden, Invalid, Outdated
from portal.improvement.models import Diagram, Node, NodeKind, NodeState, Origin
from portal.improvement.queries.diagrams import states_of
from portal.improvement.rules.comparing import differences
from portal.improvement.rules.drawing import drawings
from portal.improvement.rules.outline import nodes, outline
from portal.improvement.serialise.pictures import simpler
from portal.improvement.services import copying, diagrams
from portal.improvement.services.diagrams import NodeText
from portal.programmes.models import ProgrammeKind
from tests.cast import Cast, Person
from tests.examples import examples
from tests.improvement import makers
from tests.pages import PageClient
from tests.statements import Statements

As = Callable[[Person], PageClient]
LATER = today() + timedelta(days=40)


def tree(cast: Cast) -> tuple[Diagram, dict[str, Node]]:
    """An aim with two drivers, the first with two change ideas."""
    found, by = makers.diagram(by=cast.national), cast.national
    a = makers.node("A", into=found, by=by)
    b = makers.node("B", into=found, by=by)
    one = makers.node("A1", into=found, by=by, near=a, idea=True)
    two = makers.node("A2", into=found, by=by, near=a, idea=True)
    return found, {"A": a, "B": b, "A1": one, "A2": two}


def move(found: Diagram, node: Node, way: str, by: Person) -> None:
    version = found.version
    diagrams.move(diagram=found, version=version, node_id=node.id, way=way, by=by.actor)


def test_nodes_are_moved_up_down_in_and_out(session: Session, cast: Cast) -> None:
    found, by_words = tree(cast)
    move(found, by_words["A2"], "up", cast.national)
    assert [words for _, words in makers.read(found)][1:] == ["A", "A2", "A1", "B"]
    move(found, by_words["A2"], "down", cast.national)
    move(found, by_words["A2"], "in", cast.national)
    assert makers.read(found)[1:] == [(1, "A"), (2, "A1"), (3, "A2"), (1, "B")]
    move(found, by_words["A2"], "out", cast.national)
    move(found, by_words["B"], "in", cast.national)
    assert makers.read(found)[1:] == [(1, "A"), (2, "A1"), (2, "A2"), (2, "B")]
    move(found, by_words["A2"], "out", cast.national)
    assert makers.read(found)[1:] == [(1, "A"), (2, "A1"), (2, "B"), (1, "A2")]


@pytest.mark.parametrize(
    ("which", "way"), [("A", "up"), ("B", "down"), ("A", "in"), ("A", "out"), ("B", "out")]
)
def test_what_cannot_be_moved_so_says_why(
    session: Session, cast: Cast, which: str, way: str
) -> None:
    found, by_words = tree(cast)
    with pytest.raises(Invalid):
        move(found, by_words[which], way, cast.national)


def test_a_driver_never_stands_below_a_change_idea(session: Session, cast: Cast) -> None:
    found, by_words = tree(cast)
    with pytest.raises(Invalid, match="below a change idea"):
        makers.node("C", into=found, by=cast.national, near=by_words["A1"])
    makers.node("C", into=found, by=cast.national, near=by_words["B"])
    with pytest.raises(Invalid, match="cannot be a change idea"):
        diagrams.reword(
            diagram=found,
            version=found.version,
            node_id=by_words["B"].id,
            said=NodeText(NodeKind.IDEA, "B"),
            by=cast.national.actor,
        )


@pytest.mark.parametrize("days", [0, 9], ids=["at once", "on a day to come"])
def test_an_end_is_taken_back(session: Session, cast: Cast, as_: As, days: int) -> None:
    found, by_words = tree(cast)
    whole, node = makers.read(found, LATER), by_words["A"]
    browser = as_(cast.national)
    for on in (today() + timedelta(days=days), today() + timedelta(days=days // 2)):
        told = {"on": on, "why": "By mistake.", "by": cast.national.actor}
        diagrams.end(diagram=found, version=found.version, node_id=node.id, **told)
        if not days:
            break
    assert makers.read(found, LATER) != whole
    for _ in range(2 if days else 1):
        assert "Take the end back" in browser.get(f"/improvement/drivers/{node.id}").text
        outline = browser.get(f"/improvement/diagrams/{found.id}/edit").text
        assert "that can be taken back" in outline
        browser.post(f"/improvement/drivers/{node.id}/end/undo")
    assert makers.read(found, LATER) == makers.read(found, today()) == whole
    assert browser.post(f"/improvement/drivers/{node.id}/end/undo").status_code == 404


def test_what_stood_below_an_end_waits_for_it(session: Session, cast: Cast) -> None:
    found, by_words = tree(cast)
    for words in ("A1", "A"):
        node_id = by_words[words].id
        told = {"on": today(), "why": "By mistake.", "by": cast.national.actor}
        diagrams.end(diagram=found, version=found.version, node_id=node_id, **told)
    below = {"diagram": found, "node_id": by_words["A1"].id, "by": cast.national.actor}
    with pytest.raises(Invalid, match="take that end back first"):
        diagrams.undo_end(version=found.version, **below)


def test_what_ends_stays_in_earlier_days_with_what_stood_below_it(
    session: Session, cast: Cast
) -> None:
    found, by_words = tree(cast)
    diagrams.end(
        diagram=found,
        version=found.version,
        node_id=by_words["A"].id,
        on=LATER,
        why="It was done.",
        by=cast.national.actor,
    )
    assert makers.read(found, LATER - timedelta(days=1))[1:] == [
        *((1, "A"), (2, "A1"), (2, "A2"), (1, "B"))
    ]
    assert makers.read(found, LATER)[1:] == [(1, "B")]
    assert makers.read(found, today() - timedelta(days=1)) == []
    gone = differences(states_of(found.id), today(), LATER)
    assert [one.before for one in gone] == ["A", "A1", "A2"]
    assert (gone[0].what, gone[0].why) == ("Ended", "It was done.")
    with pytest.raises(Invalid, match="after the day"):
        diagrams.end(
            diagram=found,
            version=found.version,
            node_id=by_words["B"].id,
            on=today() - timedelta(days=1),
            why="Too early",
            by=cast.national.actor,
        )


def test_other_words_are_a_new_row_that_says_who_entered_it(session: Session, cast: Cast) -> None:
    found, by_words = tree(cast)
    before = len(states_of(found.id))
    diagrams.reword(
        diagram=found,
        version=found.version,
        node_id=by_words["A"].id,
        said=NodeText(NodeKind.DRIVER, "A said otherwise", "by May"),
        by=cast.national.actor,
    )
    rows = states_of(found.id)
    assert len(rows) == before + 1
    assert [row.words for row in rows if row.node_id == by_words["A"].id] == [
        *("A", "A said otherwise")
    ]
    assert rows[-1].origin is Origin.ENTERED
    assert makers.read(found)[1] == (1, "A said otherwise")


def test_only_a_reader_of_the_newest_version_changes_it(session: Session, cast: Cast) -> None:
    found, by_words = tree(cast)
    seen = found.version
    move(found, by_words["B"], "up", cast.national)
    assert found.version > seen
    with pytest.raises(Outdated):
        diagrams.move(
            *(), diagram=found, version=seen, node_id=by_words["A"].id, way="up",
            by=cast.national.actor,
        )  # fmt: skip


def test_a_network_changes_only_what_it_leads(session: Session, cast: Cast) -> None:
    found, by_words = tree(cast)
    with pytest.raises(Forbidden):
        move(found, by_words["B"], "up", cast.hin)
    copy = copying.copy_diagram(diagram=found, name="Safer wards here", by=cast.hin.actor)
    assert copy.programme.kind is ProgrammeKind.REGIONAL
    assert copy.programme.parent is found.programme
    assert makers.read(copy) == makers.read(found)
    first = session.scalars(select(Node).where(Node.diagram_id == copy.id).order_by(Node.id)).all()
    assert first[0].copied_from_id == makers.aim_of(found)
    makers.node("Ours", into=copy, by=cast.hin)
    assert (1, "Ours") in makers.read(copy)
    assert (1, "Ours") not in makers.read(found)
    with pytest.raises(Forbidden):
        makers.node("Theirs", into=copy, by=cast.other_hin)
    with pytest.raises(Forbidden):
        copying.copy_diagram(diagram=found, name="No", by=cast.ics.actor)
    with pytest.raises(Conflict):
        makers.diagram(by=cast.national, of=found.programme)


@settings(max_examples=examples(30))
@given(ways=st.lists(st.tuples(st.integers(0, 40), st.sampled_from(
    ["up", "down", "in", "out", "below", "inside", "end"])), max_size=40))  # fmt: skip
def test_whatever_is_done_keeps_a_tree(ways: list[tuple[int, str]]) -> None:
    """In memory: every step leaves one aim, no node twice, and each child in the order shown."""
    from portal.improvement.rules import outline as rules

    rows = [_row(1, None, 0.0)]
    for pick, way in ways:
        branches = nodes(outline(rows, today()))
        near = branches[pick % len(branches)]
        try:
            if way in {"below", "inside"}:
                spot = rules.spot_inside(near) if way == "inside" else rules.spot_below(near)
                rules.check_below(NodeKind.DRIVER, spot.parent)
                number = max(row.node_id for row in rows) + 1
            elif way == "end":
                if near.parent is not None:
                    rows.append(_row(near.id, near.parent.id, 0.0, len(rows), is_ended=True))
                continue
            else:
                spot, number = rules.spot_moved(near, way), near.id
        except Invalid:
            continue
        assert spot.place is not None
        before = [one.id for one in spot.parent.children if one.id != number]
        rows.append(_row(number, spot.parent.id, spot.place, len(rows)))
        after = nodes(outline(rows, today()))
        assert [one.id for one in after].count(number) == 1
        parent = next(one for one in after if one.id == spot.parent.id)
        before.insert(spot.index, number)
        assert [one.id for one in parent.children] == before


def _row(
    node_id: int, parent_id: int | None, place: float, number: int = 0, *, is_ended: bool = False
) -> NodeState:
    return NodeState(
        id=number,
        node_id=node_id,
        on=today(),
        at=now(),
        parent_id=parent_id,
        place=place,
        kind=NodeKind.AIM if parent_id is None else NodeKind.DRIVER,
        words=f"Node {node_id}",
        target="",
        is_ended=is_ended,
        why="",
        origin=Origin.ENTERED,
    )


def test_places_are_given_anew_where_no_number_lies_between(session: Session, cast: Cast) -> None:
    found, by_words = tree(cast)
    for number in range(60):
        diagrams.add(
            diagram=found,
            version=found.version,
            near_id=by_words["A"].id,
            inside=False,
            said=NodeText(NodeKind.DRIVER, f"N{number}"),
            by=cast.national.actor,
        )
    level = [words for depth, words in makers.read(found) if depth == 1]
    assert level == ["A", *(f"N{number}" for number in reversed(range(60))), "B"]


def test_no_box_of_a_picture_lies_upon_another(session: Session, cast: Cast) -> None:
    found, by_words = tree(cast)
    makers.node("A11", into=found, by=cast.national, near=by_words["A1"], idea=True)
    (picture,) = drawings(outline(states_of(found.id), today()))
    assert len(picture.boxes) == 6
    assert len(picture.lines) == 5
    assert [name for _, name in picture.heads] == [
        *("Aim", "Primary drivers", "Change ideas", "Change ideas")
    ]
    for one in picture.boxes:
        for other in picture.boxes:
            if one is not other and one.left == other.left:
                assert one.top + one.height <= other.top or other.top + other.height <= one.top
        assert one.top + one.height <= picture.height
        assert one.left + picture.box <= picture.width


def test_it_is_edited_without_a_script_and_by_keyboard_alone(
    session: Session, cast: Cast, as_: As
) -> None:
    found, by_words = tree(cast)
    numbers = {words: node.id for words, node in by_words.items()}
    browser, path = as_(cast.national), f"/improvement/diagrams/{found.id}"
    version = found.version

    def send(node: str, act: str, **typed: str) -> str:
        nonlocal version
        sent = {"version": version, "node": numbers[node], "act": act, "kind": "driver", **typed}
        answer = browser.post(f"{path}/edit", data=sent)
        session.expire_all()
        version = session.get_one(Diagram, found.id).version
        return answer.location or answer.text

    page = browser.get(f"{path}/edit").text
    assert page.count('type="radio" name="node"') == 5
    added = send("A", "below", words="New one", kind="idea", target="by May")
    assert added.startswith(f"{path}/edit?at=")
    page = browser.get(added).text
    number = added.rsplit("=", 1)[1]
    assert f'value="{number}" checked autofocus' in page
    assert "Enter the words of the new driver" in send("A", "inside")
    assert "add inside it" in browser.post(
        f"{path}/edit",
        data={"version": version, "node": makers.aim_of(found), "act": "below", "words": "Second",
              "kind": "driver"},
    ).text  # fmt: skip
    send("B", "up")
    words = [words for _, words in makers.read(session.get_one(Diagram, found.id))]
    assert words == ["Half as many falls", "A", "A1", "A2", "B", "New one"]
    opened = send("B", "reword")
    assert opened == f"/improvement/drivers/{numbers['B']}/words"
    assert 'value="B"' in browser.get(opened).text
    sent = {"version": version, "words": "B put well", "kind": "driver"}
    assert browser.post(opened, data=sent).location == f"{path}/edit?at={numbers['B']}"
    late = browser.post(opened, data={**sent, "words": "B by somebody else"})
    assert late.status_code == 409
    assert "B by somebody else" in late.text
    assert "Enter why" in browser.post(f"/improvement/drivers/{numbers['B']}/end", data=sent).text


def test_two_hundred_nodes_are_shown_in_few_statements(
    session: Session, cast: Cast, as_: As, statements: Statements
) -> None:
    found = makers.diagram(by=cast.national)
    top = [makers.node(f"Driver {n}", into=found, by=cast.national) for n in range(4)]
    for number in range(196):
        _quickly(top[number % 4], number)
    browser = as_(cast.national)
    for path, most in (("/edit", 9), ("", 12)):
        address = f"/improvement/diagrams/{found.id}{path}"
        browser.get(address)
        with statements.at_most(most):
            page = browser.get(address).text
        assert "Idea 195" in page


def _quickly(parent: Node, number: int) -> None:
    node = Node(diagram_id=parent.diagram_id)
    db.session.add(node)
    db.session.flush()
    db.session.add(
        NodeState(
            node_id=node.id,
            on=today(),
            parent_id=parent.id,
            place=float(number),
            kind=NodeKind.IDEA,
            words=f"Idea {number}",
            origin=Origin.ENTERED,
        )
    )


def test_a_diagram_leaves_as_picture_document_and_list(
    session: Session, cast: Cast, as_: As
) -> None:
    found, _ = tree(cast)
    makers.node("Less <b> & more", into=found, by=cast.national)
    browser, path = as_(cast.hin), f"/improvement/diagrams/{found.id}"
    picture = browser.get(f"{path}/picture-1.svg")
    assert picture.mimetype == "image/svg+xml"
    assert "Less &lt;b&gt; &amp; more" in picture.text
    assert 'class="app-drivers__box app-drivers__box--idea"' in picture.text
    body = zipfile.ZipFile(io.BytesIO(browser.get(f"{path}/outline.docx").data))
    words = body.read("word/document.xml").decode()
    assert "Primary driver: " in words
    assert "Less &lt;b&gt; &amp; more" in words
    assert "A2" in browser.get(f"{path}/outline.csv").text
    empty = browser.get(f"{path}?on=2001-01-01").text
    assert "Nothing on that day" in empty
    for kind in ("svg", "png"):
        assert browser.get(f"{path}/picture-9.{kind}?on=2001-01-01").status_code == 200


def test_a_picture_as_png_has_every_box_where_the_drawing_has_it(
    session: Session, cast: Cast, as_: As
) -> None:
    found, _ = tree(cast)
    answer = as_(cast.hin).get(f"/improvement/diagrams/{found.id}/picture-1.png")
    assert answer.mimetype == "image/png"
    picture = Image.open(io.BytesIO(answer.data))
    assert found.programme.name in picture.info["Title"]
    (drawn,) = drawings(outline(states_of(found.id), today()))
    assert picture.size == (2 * (drawn.width + 40), 2 * (drawn.height + 76))
    for box in drawn.boxes:
        edge = (2 * (box.left + 20), 2 * (box.top + 56 + 1))
        assert picture.getpixel(edge) != (255, 255, 255), box
        inside = (0, 0, 540, 2 * box.height)
        cut = picture.crop((edge[0], edge[1], edge[0] + inside[2], edge[1] + inside[3]))
        darkest, _ = cut.convert("L").getextrema()
        assert darkest < 80, f"no words in {box}"


def test_where_the_system_has_no_font_words_are_written_in_simpler_letters() -> None:
    assert simpler("Café – ≥ 4 … Ŵ’s Σ") == "Cafe - >= 4 ... W's ?"


def test_a_stranger_reads_the_diagram_of_a_public_programme_alone(
    app: Flask, session: Session, cast: Cast
) -> None:
    hidden = makers.diagram(by=cast.national)
    shown = makers.diagram(
        by=cast.national, of=makers.programme("Open", by=cast.national, is_public=True)
    )
    session.commit()
    client = app.test_client()
    page = client.get(f"/improvement/diagrams/{shown.id}")
    assert page.status_code == 200
    assert "Half as many falls" in page.text
    assert client.get(f"/improvement/diagrams/{hidden.id}").status_code in {302, 404}
    assert (
        "Who has tried this" not in client.get(f"/improvement/drivers/{makers.aim_of(shown)}").text
    )


def test_two_days_are_compared(session: Session, cast: Cast, as_: As) -> None:
    found, _ = tree(cast)
    last = makers.node("D", into=found, by=cast.national)
    for row in session.scalars(select(NodeState)):
        row.on = date(2025, 4, 1)
    session.flush()
    move(found, last, "up", cast.national)
    move(found, last, "up", cast.national)
    makers.node("C", into=found, by=cast.national)
    page = as_(cast.hin).get(
        f"/improvement/diagrams/{found.id}/compare?from=2025-04-01&to={today()}"
    )
    assert "Moved" in page.text
    assert "Added" in page.text
    rows = differences(states_of(found.id), date(2025, 4, 1), today())
    assert [(one.what, one.after) for one in rows] == [("Moved", "D"), ("Added", "C")]
