from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from blotter.desk.exports import FOLDER, write_export
from tests.desk.desk_broker import running_broker
from tests.desk.seat import seated

AT = datetime(2026, 11, 22, 14, 2, 11, tzinfo=UTC)


def test_the_file_is_the_traders_alone_and_never_in_the_place_of_another(tmp_path: Path) -> None:
    first, second = (write_export(tmp_path, "cancels.csv", text, AT) for text in ("ä\r\n", "two"))
    assert (first.name, second.name) == ("cancels-20261122T140211Z.csv", "cancels-20261122T140211Z-2.csv")
    assert first.read_bytes() == "ä\r\n".encode()
    assert first.stat().st_mode & 0o777 == 0o600
    assert (tmp_path / FOLDER).stat().st_mode & 0o777 == 0o700


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / FOLDER).mkdir(mode=0o700)
    (tmp_path / FOLDER / "cancels-20261122T140211Z.csv").symlink_to(tmp_path / "elsewhere")
    assert write_export(tmp_path, "cancels.csv", "x", AT).name == "cancels-20261122T140211Z-2.csv"
    assert not (tmp_path / "elsewhere").exists()


def test_the_desk_says_where_it_is_or_why_not(tmp_path: Path) -> None:
    with running_broker("ORD-1") as broker, seated(broker, tmp_path) as seat:
        seat.live()
        assert seat.desk.export("orders.csv", "a,b\r\n")
        name, _, folder = seat.told("exported ").text.removeprefix("exported ").partition(" to ")
        assert (Path(folder) / name).read_text() == "a,b\n"
        (tmp_path / FOLDER).rename(tmp_path / "away")
        (tmp_path / FOLDER).write_text("no folder")
        seat.desk.export("orders.csv", "a,b\r\n")
        seat.told("Not exported: ")


@pytest.mark.parametrize("name", ["cancels.csv", "plain"])
def test_any_name(tmp_path: Path, name: str) -> None:
    assert write_export(tmp_path, name, "x", AT).parent == tmp_path / FOLDER
