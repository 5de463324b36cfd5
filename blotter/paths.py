"""Where things are kept: the style sheets, the settings, and the records of what was asked of a broker."""

from __future__ import annotations

from pathlib import Path

from platformdirs import user_config_path, user_state_path

NAME = "blotter"


def styles() -> Path:
    """The folder of the style sheets: inside an installed package, else at the top of the checkout.

    Raises:
        FileNotFoundError: the installation is damaged, neither folder exists.
    """
    package = Path(__file__).resolve().parent
    for folder in (package / "styles", package.parent / "styles"):
        if folder.is_dir():
            return folder
    raise FileNotFoundError(f"no styles folder in or beside {package}")


def config_file() -> Path:
    """The settings file of this user; it need not exist."""
    return user_config_path(NAME, appauthor=False) / "config.toml"


def state_folder(*, practice: bool) -> Path:
    """The folder of the journal; it need not exist yet. Practice runs are kept apart from live ones."""
    return user_state_path(NAME, appauthor=False) / ("practice" if practice else "live")


def crashes() -> Path:
    """The folder of the reports that a fault of ours leaves; it need not exist yet."""
    return user_state_path(NAME, appauthor=False) / "crashes"


def logins_folder() -> Path:
    """The folder of the profiles' logins; it need not exist yet."""
    return user_state_path(NAME, appauthor=False) / "logins"
