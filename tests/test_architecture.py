"""The floors of the house: imports go down only, and what must answer at once imports little."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import blotter

PACKAGE = Path(blotter.__file__).parent
FLOORS = ("core", "broker", "desk", "ui")
BELOW = {floor: set(FLOORS[: level + 1]) for level, floor in enumerate(FLOORS)} | {
    "paper": {"core", "paper"},
    "config": {"config", "desk", "broker", "core", "environment"},
    "identity": {"identity", "config", "desk", "broker", "core", "arguments", "environment", "paths"},
    # Beside cli: wires the same floors together, without the screen.
    "commands": {"commands", "desk", "broker", "core", "config"}
    | {"arguments", "crash", "environment", "paths", "wiring"},
}

CORE_MAY = frozenset({"blotter"})
"""Beyond the pure part of the standard library, the rules import the rules."""

CORE_MAY_NOT = frozenset(
    {"asyncio", "http", "io", "os", "pathlib", "random", "selectors", "shutil", "signal", "socket", "ssl"}
    | {"subprocess", "sys", "tempfile", "threading", "time", "urllib"}
)


def sources(room: str) -> list[Path]:
    return sorted((PACKAGE / room).rglob("*.py"))


def imports(source: Path) -> Iterator[str]:
    """Full names of all modules that ``source`` imports, inside functions and for type checking too."""
    for node in ast.walk(ast.parse(source.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{source}: imports are absolute"
            assert node.module is not None
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("room", BELOW)
def test_imports_go_down_only(room: str) -> None:
    files = sources(room)
    assert files
    for source in files:
        for name in imports(source):
            top, *rest = name.split(".")
            if top == "blotter" and rest:
                assert rest[0] in BELOW[room] | {"__version__"}, f"{source.relative_to(PACKAGE)} imports {name}"


@pytest.mark.parametrize("floor", BELOW)
def test_rooms_of_a_floor_stand_on_each_other_in_no_circle(floor: str) -> None:
    stands_on = {
        room.name: {
            name.split(".")[2]
            for source in room.rglob("*.py")
            for name in imports(source)
            if name.startswith(f"blotter.{floor}.")
        }
        - {room.name}
        for room in (PACKAGE / floor).iterdir()
        if room.is_dir()
    }
    TopologicalSorter({room: below & stands_on.keys() for room, below in stands_on.items()}).prepare()


def test_the_rules_do_no_io_and_have_no_clock() -> None:
    allowed = (set(sys.stdlib_module_names) - CORE_MAY_NOT) | CORE_MAY
    for source in sources("core"):
        for name in imports(source):
            assert name.split(".")[0] in allowed, f"{source.relative_to(PACKAGE)} imports {name}"


@pytest.mark.parametrize("room", ["core", "broker", "desk", "paper", "commands", "config", "identity"])
def test_only_the_screen_imports_textual(room: str) -> None:
    for source in sources(room):
        assert not {name.split(".")[0] for name in imports(source)} & {"textual", "rich"}, source


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--help"], 0),
        (["--version"], 0),
        (["--nonsense"], 2),
        (["--base-url", "http://10.0.0.1"], 2),
        ([], 2),
        (["orders"], 2),
        (["audit"], 0),
        (["login", "--help"], 0),
        (["whoami"], 2),
    ],
)
def test_what_needs_no_screen_does_not_import_it(tmp_path: Path, arguments: list[str], code: int) -> None:
    script = (
        "import sys; from blotter.__main__ import main\n"
        f"sys.argv = ['blotter', *{arguments!r}]\n"
        "try: code = main()\n"
        "except SystemExit as end: code = end.code\n"
        "print(); print(code, 'textual' in sys.modules, 'starlette' in sys.modules)"
    )
    environ = {"HOME": str(tmp_path), "PYTHONPATH": str(PACKAGE.parent)}
    ran = subprocess.run([sys.executable, "-c", script], env=environ, capture_output=True, text=True, check=True)
    assert ran.stdout.splitlines()[-1] == f"{code} False False"
    assert "Traceback" not in ran.stderr


@pytest.mark.parametrize("command", ["orders", "cancel", "kill", "audit"])
def test_the_help_of_a_command_loads_no_library_of_the_wire(tmp_path: Path, command: str) -> None:
    script = (
        "import sys; from blotter.__main__ import main\n"
        f"sys.argv = ['blotter', {command!r}, '--help']\n"
        "try: main()\n"
        "except SystemExit as end: assert end.code == 0\n"
        "print(); print(sorted({'httpx', 'pydantic', 'websockets', 'textual'} & set(sys.modules)))"
    )
    environ = {"HOME": str(tmp_path), "PYTHONPATH": str(PACKAGE.parent)}
    ran = subprocess.run([sys.executable, "-c", script], env=environ, capture_output=True, text=True, check=True)
    assert f"usage: blotter {command}" in ran.stdout
    assert ran.stdout.splitlines()[-1] == "[]"
