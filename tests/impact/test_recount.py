"""Totals, rates and shares equal a plain recount; shares of one company make one."""

from fractions import Fraction
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from portal.impact.models import InvestmentKind, ReturnState
from portal.impact.rules.totals import Answer, credit, network_shares, totals
from tests.examples import examples

NETWORKS = range(1, 16)
COMPANIES, ANSWERING, SHARED = 700, 315, 10


def _world() -> list[Answer]:
    """700 companies, 45 % answering, ten of those supported by two networks."""
    chance = Random(16)  # noqa: S311 - a made up world, the same each time
    found = []
    for number in range(COMPANIES):
        hins = chance.sample(NETWORKS, 2 if number < SHARED else 1)
        is_in = number < ANSWERING
        state = ReturnState.HANDED_IN if number % 2 else ReturnState.ACCEPTED
        silent = (ReturnState.ASKED, ReturnState.BEGUN, ReturnState.ASKED_BACK)[number % 3]
        found.append(
            Answer(
                number,
                state if is_in else silent,
                chance.randrange(0, 40) / 2,
                chance.randrange(0, 20) / 2,
                chance.choice([0, 10, 25, 50, 75, 100]),
                {
                    kind: chance.randrange(1, 900_000)
                    for kind in InvestmentKind
                    if chance.random() < 0.4
                },
                {hin: chance.choice([0, 30, 45, 90, 600]) for hin in hins},
            )
        )
    return found


def test_seven_hundred_companies_equal_a_plain_recount() -> None:
    world = _world()
    england = totals(world)
    assert (england.asked, england.answered, england.response.words) == (
        700,
        315,
        "315 of 700 (45%)",
    )
    jobs = money = 0
    by_hin: dict[int, list[Fraction]] = {hin: [Fraction(0), Fraction(0)] for hin in NETWORKS}
    asked = dict.fromkeys(NETWORKS, 0)
    for one in world:
        for hin in one.minutes:
            asked[hin] += 1
        if one.state not in {ReturnState.HANDED_IN, ReturnState.ACCEPTED}:
            continue
        halves = int(one.jobs_created * 2)
        pounds = sum(one.investments.values())
        jobs += halves * one.share_owed
        money += pounds * one.share_owed
        whole = sum(one.minutes.values())
        for hin, minutes in one.minutes.items():
            part = Fraction(minutes, whole) if whole else Fraction(1, len(one.minutes))
            by_hin[hin][0] += Fraction(halves * one.share_owed, 200) * part
            by_hin[hin][1] += Fraction(pounds * one.share_owed, 100) * part
    assert england.jobs_created == Fraction(jobs, 200)
    assert england.pounds == Fraction(money, 100)
    networks = {hin: totals(world, hin) for hin in NETWORKS}
    assert {hin: [one.jobs_created, one.pounds] for hin, one in networks.items()} == by_hin
    assert {hin: one.asked for hin, one in networks.items()} == asked
    # Each of the ten stands with two networks, and once in England.
    assert sum(one.asked for one in networks.values()) == COMPANIES + SHARED
    assert sum(one.answered for one in networks.values()) == ANSWERING + SHARED
    assert sum(one.jobs_created for one in networks.values()) == england.jobs_created
    assert sum(one.jobs_safeguarded for one in networks.values()) == england.jobs_safeguarded
    for kind in InvestmentKind:
        assert sum(n.investment[kind] for n in networks.values()) == england.investment[kind]


@settings(max_examples=examples(30))
@given(st.dictionaries(st.integers(1, 15), st.integers(0, 5000), min_size=1, max_size=15))
def test_shares_of_one_company_make_exactly_one(minutes: dict[int, int]) -> None:
    shares = network_shares(minutes)
    assert sum(shares.values()) == 1
    assert set(shares) == set(minutes)
    answer = Answer(1, ReturnState.ACCEPTED, 3.5, share_owed=40, minutes=minutes)
    assert sum(credit(answer, hin) for hin in minutes) == credit(answer, None) == Fraction(2, 5)


def test_networks_without_minutes_share_in_equal_parts() -> None:
    assert network_shares({1: 0, 2: 0}) == {1: Fraction(1, 2), 2: Fraction(1, 2)}
    assert network_shares({1: 0, 2: 30}) == {1: 0, 2: 1}


def test_nothing_is_added_for_companies_that_did_not_answer() -> None:
    answered = Answer(1, ReturnState.HANDED_IN, 4.0, share_owed=100, minutes={1: 60})
    silent = Answer(2, ReturnState.ASKED, minutes={1: 60})
    withdrawn = Answer(3, ReturnState.ASKED_BACK, 9.0, share_owed=100, minutes={1: 60})
    found = totals([answered, silent, withdrawn], 1)
    assert (found.jobs_created, found.response.words) == (4, "1 of 3 (33%)")
