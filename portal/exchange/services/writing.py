"""Write content: start an item, save what was typed, add and remove results and pictures."""

from datetime import timedelta
from typing import IO

from sqlalchemy import func, select

from portal.accounts.models import Actor
from portal.audit import services as audit
from portal.clock import now, today
from portal.db import db, lock
from portal.errors import Forbidden, Invalid
from portal.exchange import policy
from portal.exchange.models import (
    ContentItem,
    ContentKind,
    ContentPicture,
    ContentResult,
    ContentState,
    ContentVersion,
)
from portal.exchange.queries.content import terms_by_id
from portal.exchange.queries.places import sites_by_id
from portal.exchange.rules.stems import stems_of, text_of
from portal.exchange.rules.writing import COLUMNS, ItemDetails, as_json, snapshot
from portal.wording import moment_words

REVIEW_AFTER = timedelta(days=365)
"""When an item is looked at again, unless somebody says otherwise."""
MAX_RESULTS = 12
MAX_PICTURES = 6
PICTURES = {"image/png", "image/jpeg"}


def start(
    *, kind: ContentKind, written: ItemDetails, by: Actor, is_demo: bool = False
) -> ContentItem:
    """Start a draft. Raises Forbidden, Invalid."""
    if not policy.can_write(by):
        raise Forbidden("Networks and the national team write for the Exchange.")
    item = ContentItem(
        kind=kind,
        title=written.title,
        is_demo=is_demo,
        owner_id=by.user_id,
        made_at=now(),
        state=ContentState.DRAFT,
        pending={},
        related=[],
    )
    _expect_own(written, by)
    apply(item, written, by=by)
    db.session.add(item)
    db.session.flush()
    note(item, "saved", by=by)
    audit.note(item, "started", f"started “{item.title}”", by=by)
    return item


def save(*, item: ContentItem, version: int, written: ItemDetails, by: Actor) -> None:
    """Save what an item says. Of a published one it waits until a second person publishes it.

    Raises Forbidden, Invalid, Outdated where somebody else saved first.
    """
    hold(item, version, by)
    _expect_own(written, by)
    keep(item, written, step="saved", told="wrote", by=by)


def keep(item: ContentItem, written: ItemDetails, *, step: str, told: str, by: Actor) -> None:
    """Keep what was written of an item that is held: as what it says or, of a published one, as a
    change that waits. `step` stands with its versions, `told` in the trail before its title."""
    if item.state is ContentState.PUBLISHED:
        item.pending = as_json(written)
        item.pending_at, item.pending_by_id = now(), by.user_id
    else:
        apply(item, written, by=by)
    db.session.flush()
    note(item, step, by=by)
    audit.note(item, "written", f"{told} “{item.title}”", by=by)


def apply(item: ContentItem, written: ItemDetails, *, by: Actor) -> None:
    """Let an item say what was written."""
    for name in COLUMNS:
        setattr(item, name, getattr(written, name))
    item.review_on = written.review_on or today() + REVIEW_AFTER
    item.terms = list(terms_by_id(written.term_ids))
    item.sites = list(sites_by_id(written.site_ids))
    item.changed_at, item.changed_by_id = now(), by.user_id
    keep_stems(item)


def keep_stems(item: ContentItem) -> None:
    """Keep the words of an item as search reads them."""
    item.stems, item.title_stems = stems_of(text_of(item)), stems_of(item.title)


def note(item: ContentItem, step: str, *, by: Actor, words: str = "") -> None:
    """Keep an item as it is now, or what waits of it, with what was done."""
    newest = select(func.max(ContentVersion.number)).where(ContentVersion.item_id == item.id)
    content = {**snapshot(item), **item.pending} if item.pending else snapshot(item)
    db.session.add(
        ContentVersion(
            item_id=item.id,
            number=(db.session.scalar(newest) or 0) + 1,
            step=step,
            words=words,
            content=content,
            at=now(),
            by_id=by.user_id,
        )
    )
    db.session.flush()


def who_changed(item: ContentItem) -> str:
    """Return who saved an item last, in words for who comes second."""
    last, at = item.pending_by or item.changed_by, item.pending_at or item.changed_at
    name = last.name if last else "Somebody"
    return f"{name} saved this at {moment_words(at)}. Yours was not saved."


def hold(item: ContentItem, version: int | None, by: Actor) -> None:
    """Lock an item that the actor changes; raises Forbidden, Outdated where somebody else saved
    first."""
    if not policy.can_edit(by, item):
        raise Forbidden("A network changes its own items, the national team all.")
    lock(item, seen=version, words=lambda: who_changed(item))


def _expect_own(written: ItemDetails, by: Actor) -> None:
    """Refuse an item of another network: only its own people answer for what it says."""
    if by.is_hin and written.hin_id != by.hin_id:
        raise Invalid("Select your own network", field="hin_id")


# Results and pictures ------------------------------------------------------------------------


def _hold_draft(item: ContentItem, version: int, by: Actor) -> None:
    hold(item, version, by)
    if item.state is ContentState.PUBLISHED:
        raise Invalid("Take it back first: results and pictures are read by a second person too")


def add_result(*, item: ContentItem, version: int, result: ContentResult, by: Actor) -> None:
    """Add a number that the item claims. Raises Forbidden, Invalid, Outdated."""
    _hold_draft(item, version, by)
    if len(item.results) >= MAX_RESULTS:
        raise Invalid(f"There are {MAX_RESULTS} results already: keep those that matter")
    item.results.append(result)
    _changed(item, "added a result", by)


def remove_result(*, result: ContentResult, version: int, by: Actor) -> None:
    """Take a number away. Raises Forbidden, Invalid, Outdated."""
    item = result.item
    _hold_draft(item, version, by)
    item.results.remove(result)
    _changed(item, "removed a result", by)


def add_picture(
    *,
    item: ContentItem,
    version: int,
    file: tuple[IO[bytes], str] | None,
    alt: str,
    credit: str,
    consent: str,
    by: Actor,
) -> None:
    """Keep a picture. Raises Forbidden, Outdated, Invalid for a file that is no picture."""
    _hold_draft(item, version, by)
    if len(item.pictures) >= MAX_PICTURES:
        raise Invalid(f"There are {MAX_PICTURES} pictures already", field="file")
    if file is None:
        raise Invalid("Select a picture", field="file")
    picture = ContentPicture.received(*file, by=by)
    if picture.media_type not in PICTURES:
        raise Invalid("The selected file must be a PNG or JPEG picture", field="file")
    picture.alt, picture.credit, picture.consent = alt, credit, consent
    picture.at, picture.by_id = now(), by.user_id
    item.pictures.append(picture)
    _changed(item, "added a picture", by)


def remove_picture(*, picture: ContentPicture, version: int, by: Actor) -> None:
    """Take a picture away. Raises Forbidden, Invalid, Outdated."""
    item = picture.item
    _hold_draft(item, version, by)
    item.pictures.remove(picture)
    _changed(item, "removed a picture", by)


def _changed(item: ContentItem, step: str, by: Actor) -> None:
    item.changed_at, item.changed_by_id = now(), by.user_id
    keep_stems(item)
    db.session.flush()
    note(item, step, by=by)
