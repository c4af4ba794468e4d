"""Find what was learnt."""

from collections.abc import Collection, Sequence

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload

from portal.db import db
from portal.improvement.models import Lesson


def lessons(
    *,
    words: str = "",
    programme_ids: Collection[int] = (),
    hin_ids: Collection[int] = (),
    node_ids: Collection[int] = (),
) -> Select[Lesson]:
    """Return what was learnt that has every word, of some programmes, networks or change ideas."""
    found = select(Lesson).options(
        joinedload(Lesson.programme), joinedload(Lesson.hin), joinedload(Lesson.team)
    )
    for word in words.lower().split():
        like = f"%{_escaped(word)}%"
        texts = (Lesson.title, Lesson.words, Lesson.audience)
        found = found.where(or_(*(func.lower(text).like(like, escape="\\") for text in texts)))
    if programme_ids:
        found = found.where(Lesson.programme_id.in_(programme_ids))
    if hin_ids:
        found = found.where(Lesson.hin_id.in_(hin_ids))
    if node_ids:
        found = found.where(Lesson.node_id.in_(node_ids))
    return found


def newest_lessons(
    most: int, *, programme_ids: Collection[int] = (), node_ids: Collection[int] = ()
) -> Sequence[Lesson]:
    """Return the newest lessons of some programmes or change ideas, at most so many."""
    found = lessons(programme_ids=programme_ids, node_ids=node_ids)
    return db.session.scalars(found.order_by(Lesson.at.desc(), Lesson.id.desc()).limit(most)).all()


def _escaped(word: str) -> str:
    for letter in ("\\", "%", "_"):
        word = word.replace(letter, f"\\{letter}")
    return word
