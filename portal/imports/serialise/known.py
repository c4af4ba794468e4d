"""What the columns of a file may name: terms, what they were called before, and places."""

from collections import defaultdict

from sqlalchemy import select

from portal.clock import today
from portal.db import db
from portal.reference.models import Term, Vocabulary
from portal.reference.queries import PlaceNames, former_labels


class Known:
    """What is read once for all columns, by six statements."""

    def __init__(self) -> None:
        self.terms: dict[Vocabulary, list[Term]] = defaultdict(list)
        """Each vocabulary's terms in order, retired ones too."""
        for term in db.session.scalars(select(Term).order_by(Term.position, Term.id)):
            self.terms[term.vocabulary].append(term)
        self.former = former_labels()
        self.places = PlaceNames()

    def offered(self, vocabulary: Vocabulary) -> list[Term]:
        """Return the terms that may be chosen today, in order."""
        day = today()
        found = self.terms[vocabulary]
        return [one for one in found if one.retired_on is None or one.retired_on > day]

    def labels(self, vocabulary: Vocabulary) -> dict[str, str]:
        """Return what every term is called by its code, in order; retired ones too."""
        return {one.code: one.label for one in self.terms[vocabulary]}
