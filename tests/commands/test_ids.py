"""What is typed where ``blotter cancel`` wants an id."""

from __future__ import annotations

import pytest

from blotter.commands.cancel import main
from tests.commands.running import Ran


@pytest.mark.parametrize(
    ("ids", "said"),
    [
        ([], "the following arguments are required: ID"),
        ([""], "an empty id names no order"),
        (["A B"], "not a client order id (printable ASCII without spaces): 'A B'"),
        (["ORD-1\x1b[2J"], r"'ORD-1\x1b[2J'"),
        (["ORD-1\n"], r"'ORD-1\n'"),
        (["ORD-\u202e1"], "not a client order id"),
        (["x" * 101], "at most 100 characters, this one 101"),
        (["ORD-1", "A B"], "not a client order id"),
        (["ORD-1", "--wait", "nan"], "must be a number of seconds"),
        (["ORD-1", "--wait", "-1"], "must be a number of seconds"),
    ],
)
def test_bad_input_is_a_sentence_and_nothing_is_sent(
    capsys: pytest.CaptureFixture[str], ids: list[str], said: str
) -> None:
    with pytest.raises(SystemExit) as end:
        main(["--yes", *ids])
    ran = Ran(2, *capsys.readouterr(), 0.0)
    assert (end.value.code, ran.out) == (2, "")
    assert said in ran.err
    assert len(ran.err.splitlines()) == 1
    assert ran.is_clean()
