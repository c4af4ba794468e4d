"""Write introductions at every state: asked for, brokered, agreed, met, and what came of them."""

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from functools import partial

from portal.accounts.models import Actor
from portal.demo.queries import Meeting, to_meet
from portal.demo.rules import words
from portal.demo.rules.diary import Diary
from portal.demo.rules.draw import pick
from portal.demo.services.happening import happening
from portal.demo.services.people import People
from portal.demo.services.places import Places
from portal.introductions.models import Circle, Introduction, Outcome, Timescale
from portal.introductions.queries import hins_for
from portal.introductions.services import asking, brokering, outcomes, writing
from portal.introductions.services.outcomes import ask_outcome

ICSS = ("QWU", "QOP", "QJM", "QKK", "QVV")
"""Who asks, in turns: the ICSs that can be signed in to."""
SHOWN, SHOWN_AT = "SteadyStep", 3
"""The innovation of the innovator whom most visitors sign in as: its story waits for them."""
Step = tuple[int, str]
"""How many days ago, and what happened then: the name of a method of `IntroductionStory`."""
BROKERED: tuple[Step, ...] = ((-1, "take"), (-3, "accept"))
STORIES: tuple[tuple[int, tuple[Step, ...]], ...] = (
    (2, ()),
    (15, ()),
    (3, ((-1, "take"),)),
    (6, BROKERED),
    (30, (*BROKERED, (-6, "agree"), (-8, "talk"))),
    (60, (*BROKERED, (-6, "agree"), (-8, "talk"), (-20, "meet"))),
    (110, (*BROKERED, (-6, "agree"), (-20, "meet"), (-70, "trial"))),
    (120, (*BROKERED, (-6, "agree"), (-20, "meet"), (-80, "adoption"))),
    (100, (*BROKERED, (-6, "agree"), (-20, "meet"), (-60, "not_now"))),
    (90, (*BROKERED, (-6, "agree"), (-25, "meet"), (-60, "nothing"))),
    (40, ((-1, "take"), (-4, "decline"))),
    (35, (*BROKERED, (-7, "refuse"))),
    (25, ((-1, "take"), (-5, "withdraw"))),
    (160, (*BROKERED, (-6, "agree"), (-37, "asked"), (-97, "asked"), (-127, "asked"))),
)
"""For each introduction when it was asked for, and its steps so many days after that."""


def write(places: Places, people: People) -> Iterator[None]:
    """Write one introduction for each of the stories, to innovations that were proven."""
    told = zip(to_meet(SHOWN, SHOWN_AT), STORIES, strict=False)
    for number, (meeting, (asked, steps)) in enumerate(told):
        _play(meeting, ICSS[number % len(ICSS)], asked, steps, places, people)
        yield


def _play(
    meeting: Meeting, ics: str, asked: int, steps: Sequence[Step], places: Places, people: People
) -> None:
    key = f"meeting:{meeting.innovation.id}"
    diary, ics_person = Diary(places.today, key), people.somebody(places.place(ics), key)
    with happening(diary, asked):
        hin_ids = sorted(hins_for(ics_person.ics_id or 0, meeting.innovation.id))
        introduction = asking.ask(
            innovation=meeting.innovation,
            challenge=meeting.challenge,
            purpose=pick(key, words.PURPOSES),
            timescale=pick(key, tuple(Timescale)),
            takes_part=pick(key, words.TAKE_PART),
            by=ics_person,
        )
    hin = people.somebody(places.of_hin[hin_ids[0]], key)
    maker = people.somebody(meeting.innovation.organisation, key)
    played = IntroductionStory(introduction, ics_person, hin, maker, key)
    for later, step in steps:
        with happening(diary, asked + later):
            act: Callable[[], None] = getattr(played, step)
            act()


class IntroductionStory:
    """One introduction and the people who bring it on."""

    def __init__(
        self, introduction: Introduction, ics: Actor, hin: Actor, maker: Actor, key: str
    ) -> None:
        self.one, self.ics, self.hin, self.maker, self.key = introduction, ics, hin, maker, key

    def _do(self, service: Callable[..., None], by: Actor, **values: object) -> None:
        service(introduction=self.one, version=self.one.version, by=by, **values)

    def take(self) -> None:
        """The network takes it."""
        self._do(brokering.take, self.hin)

    def accept(self) -> None:
        """The network passes it on."""
        self._do(brokering.accept, self.hin, context=pick(self.key, words.CONTEXTS))

    def decline(self) -> None:
        """The network declines."""
        self._do(
            brokering.decline, self.hin, why=words.NOT_BROKERED, alternatives=words.ALTERNATIVES
        )

    def agree(self) -> None:
        """The innovator agrees."""
        self._do(asking.agree, self.maker, message="")

    def refuse(self) -> None:
        """The innovator declines."""
        self._do(asking.refuse, self.maker, why=words.NOT_MET)

    def withdraw(self) -> None:
        """The ICS takes it back."""
        self._do(asking.withdraw, self.ics, why=words.WITHDRAWN)

    def talk(self) -> None:
        """Both sides write."""
        say = partial(writing.write, introduction=self.one, circle=Circle.EVERYONE)
        say(body=words.FIRST_MESSAGE, by=self.ics)
        say(body=words.SECOND_MESSAGE, by=self.maker)

    def meet(self) -> None:
        """They met the day before."""
        agreed = outcomes.agreed_on(self.one)
        self._do(outcomes.meet, self.ics, on=agreed + timedelta(days=1))

    def asked(self) -> None:
        """The portal asks what came of it."""
        ask_outcome(self.one)

    def trial(self) -> None:
        """A trial started."""
        self._in_use(Outcome.TRIAL)

    def adoption(self) -> None:
        """It is in use."""
        self._in_use(Outcome.ADOPTION)

    def _in_use(self, outcome: Outcome) -> None:
        start = outcomes.agreed_on(self.one) + timedelta(days=20)
        place = self.one.organisation
        self._do(
            outcomes.record_outcome, self.ics, outcome=outcome, organisation=place, from_on=start
        )

    def not_now(self) -> None:
        """Later, perhaps."""
        self._do(
            outcomes.record_outcome, self.ics, outcome=Outcome.NOT_NOW, why=words.LATER_PERHAPS
        )

    def nothing(self) -> None:
        """It does not fit."""
        self._do(
            outcomes.record_outcome,
            self.ics,
            outcome=Outcome.NOTHING_SUITABLE,
            why=words.DOES_NOT_FIT,
        )
