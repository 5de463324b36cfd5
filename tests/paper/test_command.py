from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest

from blotter.paper.faults.fault import Kind

COMMAND = [sys.executable, "-m", "blotter", "paper"]
HEAVY = ("uvicorn", "starlette", "textual", "httpx", "pydantic", "websockets", "blotter.paper.exchange")


@contextmanager
def running(*flags: str, stdin: int = subprocess.DEVNULL) -> Iterator[tuple[subprocess.Popen[str], list[str]]]:
    """The command and its first three lines."""
    process = subprocess.Popen(
        [*COMMAND, *flags], stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        yield process, [process.stdout.readline().rstrip("\n") for _ in range(3)]
    finally:
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout, process.stderr):
            if pipe is not None:
                pipe.close()


def test_three_lines_say_how_to_connect() -> None:
    with running("--orders", "5", "--accounts", "2") as (_, lines):
        url, token = lines[0].removeprefix("url "), lines[1].removeprefix("token ")
        assert url.startswith("http://127.0.0.1:")
        assert lines[2] == f"connect BLOTTER_BASE_URL={url} BLOTTER_ACCESS_TOKEN={token} blotter"
        # The socket listens before the lines are printed: no client has to try twice.
        answer = httpx.get(f"{url}/v2/users/me/accounts", headers={"Authorization": f"Bearer {token}"}, trust_env=False)
        assert len(answer.json()["accounts"]) == 2


def test_started_again_on_its_port_it_takes_the_same_token() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    said = []
    for flags in (("--seed", "5"), ("--seed", "5"), ("--seed", "6")):
        with running("--port", port, *flags) as (_, lines):
            said.append(lines[1])
    assert said[0] == said[1] != said[2]


def test_it_serves_with_its_input_at_the_end_and_ends_quietly_by_the_signal() -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        with running() as (process, lines):
            token = lines[1].removeprefix("token ")
            for _ in range(2):
                answer = httpx.get(
                    lines[0].removeprefix("url ") + "/v2/accounts/PAPER-1/orders",
                    headers={"Authorization": f"Bearer {token}"},
                    trust_env=False,
                )
                assert answer.status_code == 200
            assert process.poll() is None
            process.send_signal(number)
            output, complaints = process.communicate(timeout=5)
            assert (process.returncode, output, complaints) == (-number, "", "")


def test_embedded_it_ends_with_its_input() -> None:
    with running("--embedded", stdin=subprocess.PIPE) as (process, _):
        assert process.stdin is not None
        assert process.poll() is None
        process.stdin.close()
        assert process.wait(5) == 0


def test_a_bad_night_is_told_as_it_goes_and_the_broker_serves_on() -> None:
    with running("--faults", "drop@0.2,stall:5@0.4") as (process, lines):
        assert process.stdout is not None
        told = [process.stdout.readline().split() for _ in range(2)]
        assert [(word, fault) for word, _, fault in told] == [("fault", "drop"), ("fault", "stall:5")]
        answer = httpx.get(
            lines[0].removeprefix("url ") + "/v2/accounts/PAPER-1/orders",
            headers={"Authorization": f"Bearer {lines[1].removeprefix('token ')}"},
            trust_env=False,
        )
        assert answer.status_code == 200
        process.send_signal(signal.SIGTERM)
        assert process.communicate(timeout=5) == ("", "")


def test_nothing_heavy_is_imported_before_the_lines() -> None:
    script = (
        "import sys, blotter.paper.command as command\n"
        "command._serve = lambda *_: print([name for name in sys.modules if name in sys.argv[1].split()])\n"
        "command.main(['--port', '0'])"
    )
    output = subprocess.run(
        [sys.executable, "-c", script, " ".join(HEAVY)], capture_output=True, text=True, check=True, timeout=20
    ).stdout
    assert output.splitlines()[3] == "[]"


def test_the_same_seed_is_the_same_market_in_another_process() -> None:
    books = []
    for seed in ("4", "4", "5"):
        with running("--seed", seed, "--rate", "0", "--accounts", "1") as (_, lines):
            page = httpx.get(
                lines[0].removeprefix("url ") + "/v2/accounts/PAPER-1/orders",
                params={"limit": 500},
                headers={"Authorization": f"Bearer {lines[1].removeprefix('token ')}"},
                trust_env=False,
            ).json()
        books.append([(order["clOrdId"], order["symbol"], order["price"], order["cumQty"]) for order in page["orders"]])
    assert books[0] == books[1] != books[2]


@pytest.mark.parametrize(
    ("flags", "says"),
    [
        (["--port", "65536"], "--port: must be a whole number from 0 to 65535, not '65536'"),
        (["--port", "-1"], "--port"),
        (["--port", "http"], "--port"),
        (["--orders", "-1"], "--orders"),
        (["--orders", "1.5"], "--orders"),
        (["--rate", "-0.1"], "--rate: must be a number from 0"),
        (["--rate", "nan"], "--rate"),
        (["--rate", "inf"], "--rate"),
        (["--rate", "fast"], "--rate"),
        (["--seed", "x"], "--seed"),
        (["--seed", "٣"], "--seed"),
        (["--accounts", "0"], "--accounts: must be a whole number from 1 to 20"),
        (["--accounts", "21"], "--accounts"),
        (["--accounts"], "--accounts"),
        (["--colour"], "--colour"),
        (["now"], "now"),
        (["--ord", "5"], "--ord"),
        (["--faults", "dorp"], "--faults: there is no fault 'dorp'; there are drop, "),
        (["--faults", "stall:x"], "--faults: must be faults such as drop, stall:35 or drop@5"),
        (["--faults", "drop", "--fault-every", "0"], "--fault-every: must be a number of seconds from 0.1"),
        (["--fault-every", "5"], "--fault-every: needs --faults"),
    ],
)
def test_bad_flags_are_one_sentence_and_exit_code_2(flags: list[str], says: str) -> None:
    ended = subprocess.run([*COMMAND, *flags], capture_output=True, text=True, timeout=20, check=False)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert len(ended.stderr.splitlines()) == 1
    assert ended.stderr.startswith("blotter paper: ")
    assert says in ended.stderr


def test_a_taken_port_is_one_sentence_and_exit_code_1() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ended = subprocess.run([*COMMAND, "--port", str(port)], capture_output=True, text=True, timeout=20, check=False)
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr == f"blotter paper: cannot listen on 127.0.0.1:{port}: Address already in use\n"


def test_help_names_the_flags_for_people_only() -> None:
    ended = subprocess.run([*COMMAND, "--help"], capture_output=True, text=True, timeout=20, check=False)
    assert ended.returncode == 0
    for flag in ("--port", "--orders", "--rate", "--seed", "--accounts", "--faults", *Kind):
        assert flag in ended.stdout
    assert max(map(len, ended.stdout.splitlines())) <= 80
    assert "--embedded" not in ended.stdout


def test_a_reader_that_leaves_early_does_not_stop_it() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    process = subprocess.Popen([*COMMAND, "--port", "0"], stdout=writing, stderr=subprocess.PIPE)
    os.close(writing)
    try:
        time.sleep(0.5)
        assert process.poll() is None
    finally:
        process.kill()
        _, complaints = process.communicate()
    assert complaints == b""
