"""Count what is searched for and opened, so that nobody can be read from the counts.

Words are written down only from the moment at which `rules.MIN_PEOPLE_ASKING` different people
asked them in one month, and never when they look like an address or a number of somebody. Until
then there are only keyed marks, which go when the month is over.
"""

from datetime import date

from sqlalchemy import ColumnElement, Date, case, delete, func, literal, select

from portal.db import db, insert_into
from portal.search.models import SearchClick, SearchCount, SearchMark
from portal.search.rules import MIN_PEOPLE_ASKING, RANKS, bucket, countable, marks


def count_search(*, text: str, total: int, asker: str, secret: str, today: date) -> None:
    """Count one search: by its words when enough others asked them, without words otherwise.

    `asker` is whatever tells people apart (an account, or an address); only its mark is kept.
    """
    words = countable(text)
    named: ColumnElement[str] = literal("")
    if words:
        words_mark = _note_asked(words, asker, secret, today.replace(day=1))
        askers = (
            select(func.count())
            .select_from(SearchMark)
            .where(SearchMark.words_mark == words_mark)
            .scalar_subquery()
        )
        named = case((askers >= MIN_PEOPLE_ASKING, words), else_="")
    row = select(literal(today, Date), named, literal(bucket(total)), literal(1)).where(
        literal(1) == 1  # SQLite cannot tell ON CONFLICT from a join without a WHERE
    )
    counted = insert_into(SearchCount).from_select(["day", "words", "found", "times"], row)
    keys = [SearchCount.day, SearchCount.words, SearchCount.found]
    again = {"times": SearchCount.times + 1}
    db.session.execute(counted.on_conflict_do_update(index_elements=keys, set_=again))


def _note_asked(words: str, asker: str, secret: str, month: date) -> str:
    words_mark, asker_mark = marks(secret, month, words, asker)
    row = {"month": month, "words_mark": words_mark, "asker_mark": asker_mark}
    db.session.execute(insert_into(SearchMark).values(row).on_conflict_do_nothing())
    return words_mark


def count_click(*, rank: int, today: date) -> None:
    """Count that the result at a rank of the first page was opened."""
    if not 1 <= rank <= RANKS:
        return
    row = insert_into(SearchClick).values(day=today, rank=rank, times=1)
    again = {"times": SearchClick.times + 1}
    keys = [SearchClick.day, SearchClick.rank]
    db.session.execute(row.on_conflict_do_update(index_elements=keys, set_=again))


def forget_marks(today: date) -> None:
    """Forget the marks of months before this one."""
    db.session.execute(delete(SearchMark).where(SearchMark.month < today.replace(day=1)))
