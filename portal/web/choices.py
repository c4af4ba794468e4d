"""What may be chosen: the shapes that rooms give, turned into WTForms' ``SelectChoice``."""

from collections.abc import Iterable
from enum import Enum, EnumMeta
from typing import Any, TypeAlias

from wtforms import SelectChoice

# (value, label), (value, label, hint), an enum member with a label and perhaps a hint, or a
# SelectChoice.
Given: TypeAlias = SelectChoice | Enum | tuple[Any, str] | tuple[Any, str, str]
Grouped: TypeAlias = tuple[str, list[Any]]


def choice(value: object, label: str, hint: str = "", group: str | None = None) -> SelectChoice:
    """Return one choice with an optional hint below it and the group it belongs to."""
    return SelectChoice(str(value), label, {"hint": hint} if hint else {}, group)


def is_callback(given: object) -> bool:
    """Say whether ``given`` makes the choices when asked; an enum class is a list of them."""
    return callable(given) and not isinstance(given, EnumMeta)


def choices(given: Iterable[Given | Grouped]) -> list[SelectChoice]:
    """Return every choice of ``given``, which may be flat or ``(group, [choices])`` pairs."""
    result: list[SelectChoice] = []
    for item in given:
        if isinstance(item, tuple) and isinstance(item[1], list):
            result += [_one(inner, item[0]) for inner in item[1]]
        else:
            result.append(_one(item, None))
    return result


def _one(item: Any, group: str | None) -> SelectChoice:
    """Return one choice from any of the shapes in ``Given``."""
    if isinstance(item, SelectChoice):
        return item
    if isinstance(item, Enum):
        label = str(getattr(item, "label", item.value))
        return choice(item.value, label, getattr(item, "hint", ""), group)
    value, label, *rest = item
    return choice(value, label, rest[0] if rest else "", group)
