"""What the environment may not do to a program with live orders."""

from __future__ import annotations

from blotter.environment import take_token, tame


def test_the_token_is_taken_out_and_stripped() -> None:
    environ = {"BLOTTER_ACCESS_TOKEN": "token\n"}
    assert take_token(environ) == "token"
    assert environ == {}
    assert take_token(environ) == ""


def test_textual_is_not_driven_from_outside() -> None:
    environ = {"TEXTUAL_PRESS": "c,y", "TEXTUAL_DRIVER": "evil:Driver", "TEXTUAL_FPS": "1", "TEXTUAL_THEME": "nord"}
    tame(environ)
    assert environ.pop("TEXTUAL_ANIMATIONS") == "none"
    assert environ.pop("TEXTUAL_SMOOTH_SCROLL") == "0"
    assert {name for name in environ if name.startswith("TEXTUAL_")} == {"TEXTUAL_THEME"}


def test_no_limit_of_the_stream_is_lifted_from_outside() -> None:
    environ = {"WEBSOCKETS_MAX_BODY_SIZE": "9999999999", "WEBSOCKETS_MAX_LINE_LENGTH": "no number"}
    tame(environ)
    assert not [name for name in environ if name.startswith("WEBSOCKETS_")]


def test_no_plugin_is_shown_what_is_checked() -> None:
    environ = {"PYDANTIC_DISABLE_PLUGINS": ""}
    tame(environ)
    assert environ["PYDANTIC_DISABLE_PLUGINS"] == "__all__"


def test_session_keys_are_not_written_to_a_file() -> None:
    environ = {"SSLKEYLOGFILE": "/somewhere", "HOME": "/home/trader"}
    tame(environ)
    assert "SSLKEYLOGFILE" not in environ
    assert environ["HOME"] == "/home/trader"


def test_fewer_frames_over_ssh() -> None:
    environ = {"SSH_CONNECTION": "192.0.2.1 50000 192.0.2.2 22"}
    tame(environ)
    assert int(environ["TEXTUAL_FPS"]) <= 15
