"""The ways to install it each give a working command from any folder. Nothing is fetched from a network."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
import tarfile
import venv
from pathlib import Path

import pytest

from blotter import __version__

CHECKOUT = Path(__file__).resolve().parents[1]
WHERE_STYLES = "import blotter.paths; print(blotter.paths.styles())"


def run(*command: str | Path, cwd: Path) -> str:
    ran = subprocess.run([str(part) for part in command], cwd=cwd, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


@pytest.fixture(scope="module")
def pip(tmp_path_factory: pytest.TempPathFactory) -> list[str | Path]:
    """A pip that can install into any environment; the running one need not have any."""
    folder = tmp_path_factory.mktemp("pip")
    venv.create(folder, with_pip=True)
    return [folder / "bin" / "python", "-m", "pip"]


def installed(pip: list[str | Path], folder: Path, *what: str | Path) -> Path:
    """The programs of a new environment with ``what`` in it, which sees the dependencies of the running one."""
    venv.create(folder)
    python = folder / "bin" / "python"
    packages = Path(run(python, "-c", "import site; print(site.getsitepackages()[0])", cwd=folder).strip())
    seen = folder / "dependencies"
    seen.mkdir()
    for entry in Path(sysconfig.get_path("purelib")).iterdir():
        if "blotter" not in entry.name and entry.suffix != ".pth":
            (seen / entry.name).symlink_to(entry)
    (packages / "dependencies.pth").write_text(f"{seen}\n")
    offline = ("-q", "--no-index", "--no-deps", "--no-build-isolation", "--no-cache-dir")
    run(*pip, "--python", python, "install", *offline, *what, cwd=folder)
    return folder / "bin"


def styles_seen_from(programs: Path, folder: Path) -> Path:
    return Path(run(programs / "python", "-c", WHERE_STYLES, cwd=folder).strip())


def test_a_wheel_from_the_sdist_is_whole(pip: list[str | Path], tmp_path: Path) -> None:
    run(sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", tmp_path, cwd=CHECKOUT)
    (archive,) = tmp_path.glob("blotter-*.tar.gz")
    with tarfile.open(archive) as sdist:
        sdist.extraction_filter = getattr(tarfile, "data_filter", lambda member, _path: member)
        sdist.extractall(tmp_path)
    unpacked = tmp_path / archive.name.removesuffix(".tar.gz")
    assert (unpacked / "uv.lock").is_file()
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path, cwd=unpacked)
    (wheel,) = tmp_path.glob("blotter-*.whl")

    programs = installed(pip, tmp_path / "venv", wheel)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    assert run(programs / "blotter", "--version", cwd=elsewhere) == f"blotter {__version__}\n"
    styles = styles_seen_from(programs, elsewhere)
    assert styles.is_relative_to(programs.parent.resolve())
    assert {sheet.name for sheet in styles.iterdir()} == {sheet.name for sheet in (CHECKOUT / "styles").iterdir()}


@pytest.mark.parametrize("how", [["-e"], []], ids=["editable", "plain"])
def test_an_install_from_the_checkout_works(pip: list[str | Path], tmp_path: Path, how: list[str]) -> None:
    programs = installed(pip, tmp_path / "venv", *how, CHECKOUT)
    assert run(programs / "blotter", "--version", cwd=tmp_path) == f"blotter {__version__}\n"
    expected = CHECKOUT if how else programs.parent.resolve()
    assert styles_seen_from(programs, tmp_path).is_relative_to(expected)
