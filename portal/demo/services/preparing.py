"""Bring a database, new or old, to the point at which the demo can be served."""

from portal import jobs
from portal.clock import today
from portal.db import db, upgrade
from portal.demo.rules.diary import Diary
from portal.demo.services import duplicates, judging, searching, spreadsheets, world
from portal.exports.serialise.open_data import contents
from portal.exports.services.publishing import publish
from portal.reference import services as reference


def prepare(progress: world.Progress = lambda done, total: None) -> None:
    """Migrate, load the reference data and the demo world, index and match, let ICSs judge
    and everybody search.

    Safe to call at every start: what is there already is left alone, and an index that was lost
    or differs is put right.
    """
    fill(progress)
    settle()


def fill(progress: world.Progress = lambda done, total: None) -> None:
    """Migrate, load the reference data and the demo world; ask for the index to be looked over
    where the world is there already."""
    upgrade()
    reference.load()
    db.session.commit()
    if not world.load(progress):
        jobs.enqueue("search.mend", key="schedule:search.mend")
        db.session.commit()


def settle() -> None:
    """Do the jobs that wait (index, match), let ICSs judge and everybody search, have a HIN bring
    a spreadsheet in and register what was there already, and make the open data."""
    jobs.run_waiting()
    judging.write()
    searching.write()
    spreadsheets.write(Diary(today(), "spreadsheets"))
    duplicates.write(Diary(today(), "duplicates"))
    publish(contents())
    db.session.commit()  # even to have looked holds SQLite's lock until then
