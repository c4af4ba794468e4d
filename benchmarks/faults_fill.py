"""Makes the tables, a record and a token for `benchmarks.faults`; prints token and record."""

from portal import create_app
from portal.accounts.models.tokens import TokenScope
from portal.db import Base, db
from portal.innovations.models import Sharing
from portal.reference import services as reference
from tests import makers
from tests.api.conftest import token_of
from tests.cast import Cast

with create_app().app_context():
    Base.metadata.create_all(db.engine)
    reference.load()
    cast = Cast()
    record = makers.innovation("A record", of=cast.innovator, sharing=Sharing.PUBLIC)
    db.session.commit()
    token = token_of(cast.hin, TokenScope.INTERACTIONS, TokenScope.READ)
    db.session.commit()
    print(token, record.id)
