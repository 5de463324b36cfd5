from __future__ import annotations

from itertools import islice, takewhile

import pytest

from blotter.paper.faults.fault import FAULTS, Fault, Kind
from blotter.paper.faults.plan import Planned, play, read_faults


def test_what_is_given_is_what_is_planned() -> None:
    assert read_faults("drop, stall:35 ,reset:512@5,half-open@2.5s") == (
        Planned(Kind.DROP),
        Planned(Kind.STALL, 35),
        Planned(Kind.RESET, 512, 5),
        Planned(Kind.HALF_OPEN, None, 2.5),
    )


def test_all_is_every_kind() -> None:
    assert {planned.kind for planned in read_faults("all")} == set(Kind) == set(FAULTS)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("dorp", "there is no fault 'dorp'; there are drop, reset,"),
        ("", "must be faults such as drop"),
        ("drop,,stall", "must be faults such as drop"),
        ("stall:soon", "must be faults such as drop"),
        ("drop@", "must be faults such as drop"),
        ("drop@-1", "must be faults such as drop"),
        ("stall:3٣", "must be faults such as drop"),
        ("drop:3", "drop takes no amount, but 'drop:3' gives one"),
        ("stall:0", "stall takes seconds above 0"),
        ("lose:1.5", "lose takes a whole number from 1"),
        ("reset:999999", "reset takes a whole number from 1 to 86400, not '999999'"),
    ],
)
def test_what_cannot_be_planned_is_one_sentence(text: str, says: str) -> None:
    with pytest.raises(ValueError, match=r"^[^\n]+$") as refused:
        read_faults(text)
    assert says in str(refused.value)


def test_a_fault_is_written_as_it_is_read() -> None:
    for fault in (Fault(Kind.STALL, 35), Fault(Kind.RESET, 512), Fault(Kind.DRIP, 3.5), Fault(Kind.HALF_OPEN)):
        (planned,) = read_faults(str(fault))
        assert (planned.kind, planned.amount or 0) == (fault.kind, fault.amount)


def test_what_has_a_time_strikes_once_at_that_time_and_the_rest_for_ever() -> None:
    struck = list(takewhile(lambda each: each[0] < 1000, play(read_faults("expire@12,drop@3,lose"), 10, seed=4)))
    assert [each for each in struck if each[1].kind is not Kind.LOSE] == [
        (3, Fault(Kind.DROP)),
        (12, Fault(Kind.EXPIRE)),
    ]
    times = [at for at, _ in struck]
    assert times == sorted(times)
    assert 80 < len(times) < 125
    assert list(play(read_faults("drop@3"), 10, seed=4)) == [(3, Fault(Kind.DROP))]


def test_the_same_seed_is_the_same_night() -> None:
    nights = [list(islice(play(read_faults("all"), 20, seed), 200)) for seed in (4, 4, 5)]
    assert nights[0] == nights[1] != nights[2]
    assert {fault.kind for _, fault in nights[0]} == set(Kind)


def test_chance_stays_within_what_is_said_of_each_fault() -> None:
    for _, fault in islice(play(read_faults("all"), 20, seed=1), 2000):
        about = FAULTS[fault.kind]
        assert about.least <= fault.amount <= about.most
        assert not about.whole or fault.amount == int(fault.amount)
