"""Statements that hang on who asks, built once for all who act alike: putting a large one together
takes longer than the database does. Whoever asks is a parameter of it (`values_of`)."""

from collections.abc import Callable, Hashable
from dataclasses import fields, replace
from datetime import datetime, time
from typing import Any

from sqlalchemy import BindParameter, Integer, Select, Text, bindparam
from sqlalchemy.sql.visitors import iterate

from portal.accounts.models import Actor
from portal.clock import in_london, today
from portal.db import db
from portal.merging import MOVED

KINDS = ("role", "is_lead")
"""What decides how a statement is built; everything else of an actor is a value in it."""
MOST = 200
"""So many statements are kept: some for each role and page."""
Made = Select[*tuple[Any, ...]]
_built: dict[tuple[Hashable, ...], Made] = {}


def built(actor: Actor, key: Hashable, make: Callable[[Actor], Made]) -> Made:
    """Return the statement that `make` gives for an actor, to be run with `values_of` them.

    It is made for somebody whose numbers are parameters: Python cannot compare them (TypeError), so
    `make` can only put them into SQL. `key` tells one statement from another. What holds a moment,
    or hangs on rows that were made one, is made each time; what holds a day is made anew each day.
    """
    known = (today(), key, *_kind(actor))
    if known in _built:
        return _built[known]
    made = make(_anybody(actor))
    if MOVED not in db.session.info and not _holds_moment(made):
        if len(_built) >= MOST:
            _built.clear()
        _built[known] = made
    return made


def values_of(actor: Actor) -> dict[str, Any]:
    """Return the parameters by which a statement of `built` asks for an actor."""
    return {_named(name): value for name in _NAMES if (value := getattr(actor, name)) is not None}


_asked: dict[tuple[Hashable, ...], frozenset[str] | None] = {}
PERSONAL = frozenset({"actor_user_id", "actor_name", "actor_membership_id", "actor_token_id"})


def shared_by(actor: Actor, make: Callable[[Actor], Made]) -> bool:
    """Whether everybody of the actor's kind and organisation gets the same from what `make` gives:
    its statement asks for nothing of a person, and holds no moment."""
    known = (make, *_kind(actor))
    if known not in _asked:
        _asked[known] = _asked_by(make(_anybody(actor)))
    asked = _asked[known]
    return asked is not None and not asked & PERSONAL


def shared_key(actor: Actor) -> tuple[Hashable, ...]:
    """Return what those have in common who get the same (`shared_by`)."""
    values = values_of(actor).items()
    return (*_kind(actor), *(value for name, value in values if name not in PERSONAL))


def _asked_by(made: Made) -> frozenset[str] | None:
    # As the database gets it: there no parameter can be overlooked.
    return None if _holds_moment(made) else frozenset(made.compile(db.engine).binds)


_NAMES = tuple(one.name for one in fields(Actor) if one.name not in KINDS)


def _named(name: str) -> str:
    return f"actor_{name}"


def _kind(actor: Actor) -> tuple[Hashable, ...]:
    return (
        *(getattr(actor, name) for name in KINDS),
        *(getattr(actor, name) is None for name in _NAMES),
    )


def _anybody(actor: Actor) -> Actor:
    given: dict[str, Any] = {
        name: bindparam(_named(name), type_=Text() if isinstance(value, str) else Integer())
        for name in _NAMES
        if (value := getattr(actor, name)) is not None
    }
    return replace(actor, **given)


def _holds_moment(made: Made) -> bool:
    values = (one.value for one in iterate(made) if isinstance(one, BindParameter))
    return any(map(_is_moment, values))


def _is_moment(value: Any) -> bool:
    """Whether a value is no other all day long; of a list each is looked at. Where a day begins in
    England is a day."""
    if isinstance(value, list | tuple | set | frozenset):
        return any(map(_is_moment, value))
    return isinstance(value, datetime) and in_london(value).time() != time.min
