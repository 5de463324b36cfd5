"""``config.toml``: its profiles, each checked whole.

The keys at the top of the file are the profile ``default``, so that a file of one broker needs no more; the table
``[profiles.NAME]`` is the profile ``NAME``. A profile stands by itself and takes nothing from the top of the file:
a live address must never meet the accounts or the login of another broker by inheritance. All profiles are checked at
every start, so that a slip is found on a quiet morning and not when that profile is needed.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from blotter.config.errors import ConfigError
from blotter.config.layer import Layer, check
from blotter.config.settings import DEFAULT
from blotter.desk.secrets.folder import check_file

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,31}")


def profiles(file: Path) -> dict[str, Layer]:
    """All profiles of ``file`` by name, ``default`` always among them. A file that is not there is an empty one.

    Raises:
        ConfigError: the file cannot be read, or anything in it cannot be used.
    """
    top = _read(file)
    tables = top.pop("profiles", {})
    if not isinstance(tables, dict) or not all(isinstance(table, dict) for table in tables.values()):
        raise ConfigError(f"{file}: profiles: expected tables, such as [profiles.sim]")
    found = {DEFAULT: _layer(top, lambda key: f"{file}: {key}", file)}
    for name, table in tables.items():
        if not NAME.fullmatch(name):
            raise ConfigError(f"{file}: profiles: a name holds up to 32 letters, digits, dots, hyphens and underscores")
        if name == DEFAULT:
            raise ConfigError(f"{file}: [profiles.default]: the keys at the top of the file are the profile default")
        found[name] = _layer(table, _place(file, name), file)
    return found


def _place(file: Path, name: str) -> Callable[[str], str]:
    return lambda key: f"{file}: [profiles.{name}] {key}"


def _layer(values: dict[str, Any], place: Callable[[str], str], file: Path) -> Layer:
    return check(values, place, strict=True).paths_beside(file.parent)


def _read(file: Path) -> dict[str, Any]:
    """Whoever can write into it chooses which broker is shown the token."""
    try:
        check_file(file)
        return tomllib.loads(file.read_bytes().decode())
    except FileNotFoundError:
        return {}
    except OSError as error:
        said = f"cannot be read ({error.strerror}); expected a TOML file" if error.strerror else str(error)
        raise ConfigError(f"{file}: {said}") from None
    except UnicodeDecodeError:
        raise ConfigError(f"{file}: expected a TOML file in UTF-8") from None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ConfigError(f"{file}: expected a TOML file, but: {error}") from None
