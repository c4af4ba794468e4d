"""Where files lie, by the setting `FILES_STORE`: a folder of the instance, which the web server
does not serve, the database, or a bucket of S3-compatible storage."""

import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from importlib import import_module
from io import BytesIO
from pathlib import Path
from typing import IO, Any, Protocol

from flask import current_app
from sqlalchemy import LargeBinary, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from portal.clock import now
from portal.db import Base, db, insert_into
from portal.errors import Invalid


class Store(Protocol):
    """Keeps the content of files by room and random name."""

    def put(self, room: str, stored: str, data: bytes) -> None:
        """Keep it; raises Invalid when it cannot be kept now."""

    def take(self, room: str, stored: str, path: Path) -> None:
        """Keep a copy of a file of any size; raises as `put`."""

    def get(self, room: str, stored: str) -> bytes | None:
        """Return it, or None when it is not here."""

    def opened(self, room: str, stored: str) -> IO[bytes] | None:
        """Return it to be read piece by piece, or None when it is not here."""

    def older_than(self, room: str, before: float) -> Sequence[str]:
        """Return the names of what was kept before a moment (seconds since 1970)."""

    def delete(self, room: str, stored: str) -> None:
        """Forget it; nothing happens when it is gone already."""

    def outside_database(self) -> Iterable[tuple[str, str]]:
        """Return room and name of everything that lies elsewhere than in the database."""


def chosen_store() -> Store:
    """Return the store that is set."""
    setting = str(current_app.config["FILES_STORE"])
    if setting.startswith("s3://"):
        return Bucket(setting)
    return InDatabase() if setting == "database" else Folder()


class Folder:
    """Files below the instance folder, readable by its owner alone."""

    def put(self, room: str, stored: str, data: bytes) -> None:
        """Write a new file."""
        path = self._path(room, stored)
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with _whole_or_gone(path), os.fdopen(handle, "wb") as file:
            file.write(data)

    def take(self, room: str, stored: str, path: Path) -> None:
        """Copy a file."""
        self.put(room, stored, b"")
        kept = self._path(room, stored)
        with _whole_or_gone(kept), path.open("rb") as source, kept.open("wb") as target:
            shutil.copyfileobj(source, target)

    def opened(self, room: str, stored: str) -> IO[bytes] | None:
        """Open a file."""
        path = self._path(room, stored)
        return path.open("rb") if path.is_file() else None

    def get(self, room: str, stored: str) -> bytes | None:
        """Read a file."""
        path = self._path(room, stored)
        return path.read_bytes() if path.is_file() else None

    def older_than(self, room: str, before: float) -> Sequence[str]:
        """List the files of a room by when they were written."""
        folder = self._path(room)
        found = folder.glob("*") if folder.is_dir() else ()
        return [path.name for path in found if path.stat().st_mtime < before]

    def delete(self, room: str, stored: str) -> None:
        """Delete a file."""
        self._path(room, stored).unlink(missing_ok=True)

    def outside_database(self) -> Iterable[tuple[str, str]]:
        """List the files of every room."""
        found = self._path().glob("*/*") if self._path().is_dir() else ()
        return [(path.parent.name, path.name) for path in found if path.is_file()]

    def _path(self, *parts: str) -> Path:
        return Path(current_app.config["INSTANCE"], "files", *parts)


@contextmanager
def _whole_or_gone(path: Path) -> Iterator[None]:
    """Remove what was written of a file that could not be written to its end."""
    try:
        yield
    except OSError:
        path.unlink(missing_ok=True)
        raise


class StoredFile(Base):
    """A file in the database, where `FILES_STORE` says so: one backup holds all there is."""

    __tablename__ = "stored_file"

    room: Mapped[str] = mapped_column(primary_key=True)
    stored: Mapped[str] = mapped_column(primary_key=True)
    kept_at: Mapped[datetime] = mapped_column(default=now)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class InDatabase:
    """Files as rows, written in the transaction of the row that names them."""

    def put(self, room: str, stored: str, data: bytes) -> None:
        """Add a row."""
        db.session.add(StoredFile(room=room, stored=stored, content=data))

    def take(self, room: str, stored: str, path: Path) -> None:
        """Add a row; of this store alone the file must fit into memory."""
        self.put(room, stored, path.read_bytes())

    def opened(self, room: str, stored: str) -> IO[bytes] | None:
        """Read a row's content."""
        found = self.get(room, stored)
        return None if found is None else BytesIO(found)

    def get(self, room: str, stored: str) -> bytes | None:
        """Read a row's content."""
        wanted = (StoredFile.room == room) & (StoredFile.stored == stored)
        return db.session.scalar(select(StoredFile.content).where(wanted))

    def older_than(self, room: str, before: float) -> Sequence[str]:
        """List the rows of a room by when they were written."""
        moment = datetime.fromtimestamp(before, UTC)
        old = (StoredFile.room == room) & (StoredFile.kept_at < moment)
        return db.session.scalars(select(StoredFile.stored).where(old)).all()

    def delete(self, room: str, stored: str) -> None:
        """Delete a row."""
        wanted = (StoredFile.room == room) & (StoredFile.stored == stored)
        db.session.execute(delete(StoredFile).where(wanted))

    def outside_database(self) -> Iterable[tuple[str, str]]:
        """Return nothing: rows are part of the database."""
        return ()


class Bucket:
    """Files in S3-compatible storage: `s3://bucket/prefix`, needs the extra `s3`.

    Credentials, region and the address of a storage that is not Amazon's come from boto3's own
    settings (`AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_ENDPOINT_URL_S3` …).
    """

    def __init__(self, address: str) -> None:
        """Take the bucket and the folder in it from the address."""
        self.bucket, _, self.prefix = address.removeprefix("s3://").partition("/")
        patience = {"connect_timeout": 5, "read_timeout": 30, "retries": {"total_max_attempts": 3}}
        config = import_module("botocore.config").Config(**patience)
        self.client: Any = import_module("boto3").client("s3", config=config)
        errors = import_module("botocore.exceptions")
        self.problems = (errors.BotoCoreError, errors.ClientError)

    def put(self, room: str, stored: str, data: bytes) -> None:
        """Write a new object."""
        with self._refused_in_words():
            self.client.put_object(Bucket=self.bucket, Key=self._key(room, stored), Body=data)

    def take(self, room: str, stored: str, path: Path) -> None:
        """Send a file in parts."""
        with self._refused_in_words(), path.open("rb") as file:
            self.client.upload_fileobj(file, self.bucket, self._key(room, stored))

    @contextmanager
    def _refused_in_words(self) -> Iterator[None]:
        try:
            yield
        except self.problems as problem:
            current_app.logger.error("%s does not keep a file: %s", self.bucket, problem)
            sorry = "The selected file could not be kept. Try again later"
            raise Invalid(sorry, field="file") from problem

    def get(self, room: str, stored: str) -> bytes | None:
        """Read an object."""
        found = self.opened(room, stored)
        return None if found is None else found.read()

    def opened(self, room: str, stored: str) -> IO[bytes] | None:
        """Return an object's content as it arrives."""
        try:
            found = self.client.get_object(Bucket=self.bucket, Key=self._key(room, stored))
        except self.client.exceptions.NoSuchKey:
            return None
        body: IO[bytes] = found["Body"]
        return body

    def older_than(self, room: str, before: float) -> Sequence[str]:
        """List the objects of a room by when they were written."""
        rows = self._listed(self._key(room, ""))
        old = [row["Key"] for row in rows if row["LastModified"].timestamp() < before]
        return [key.rpartition("/")[2] for key in old]

    def outside_database(self) -> Iterable[tuple[str, str]]:
        """List the objects of every room."""
        begin = f"{self.prefix.strip('/')}/".removeprefix("/")
        for row in self._listed(begin):
            room, _, stored = row["Key"].removeprefix(begin).rpartition("/")
            yield room, stored

    def _listed(self, begin: str) -> Iterator[dict[str, Any]]:
        paginator = self.client.get_paginator("list_objects_v2")
        for page in paginator.paginate(Bucket=self.bucket, Prefix=begin):
            yield from page.get("Contents", ())

    def delete(self, room: str, stored: str) -> None:
        """Delete an object."""
        self.client.delete_object(Bucket=self.bucket, Key=self._key(room, stored))

    def _key(self, room: str, stored: str) -> str:
        return "/".join(part for part in (self.prefix.strip("/"), room) if part) + f"/{stored}"


class Shared(Protocol):
    """One thing that a worker makes anew now and then, and that web processes read."""

    def stamp(self) -> str | None:
        """Return what is another text once it was made anew, None where it was never made."""

    def read(self) -> bytes:
        """Return it; raises OSError where it is not there, or cannot be read."""

    def replace(self, data: bytes) -> None:
        """Put another in its place in one step: who reads meanwhile reads one of them whole."""


def shared(setting: str, name: str) -> Shared:
    """Return where a thing of this name lies: a row of the database where the setting is
    `database`, so that other machines have it too, otherwise the file at that path."""
    return SharedRow(name) if setting == "database" else SharedFile(Path(setting))


class SharedFile:
    """A file that the processes of one machine share."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def stamp(self) -> str | None:
        """Return when it was written."""
        try:
            return f"{self._path}:{self._path.stat().st_mtime_ns}"
        except FileNotFoundError:
            return None

    def read(self) -> bytes:
        """Read the file."""
        return self._path.read_bytes()

    def replace(self, data: bytes) -> None:
        """Write a file beside it, and give it this name."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        new = self._path.with_name(f"{self._path.name}.{os.getpid()}.new")
        with _whole_or_gone(new):
            new.write_bytes(data)
            new.replace(self._path)


class SharedRow:
    """A row that the processes of all machines share, named by the digest of its content.

    Two workers may each put one there at once: the newest is read, the next to come deletes both.
    """

    def __init__(self, name: str) -> None:
        self._room = StoredFile.room == name
        self._name = name

    def stamp(self) -> str | None:
        """Return the digest of the newest."""
        newest = select(StoredFile.stored).where(self._room).order_by(StoredFile.kept_at.desc())
        return db.session.scalar(newest.limit(1))

    def read(self) -> bytes:
        """Read the newest."""
        newest = select(StoredFile.content).where(self._room).order_by(StoredFile.kept_at.desc())
        found = db.session.scalar(newest.limit(1))
        if found is None:
            raise FileNotFoundError(self._name)
        return found

    def replace(self, data: bytes) -> None:
        """Put a row there and delete what was, in the transaction of the caller."""
        stored = sha256(data).hexdigest()[:32]
        db.session.execute(delete(StoredFile).where(self._room))
        row = {"room": self._name, "stored": stored, "content": data, "kept_at": now()}
        db.session.execute(insert_into(StoredFile).values(row).on_conflict_do_nothing())
