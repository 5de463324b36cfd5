"""Text that came from outside, made safe to look at.

Terminals have turned printed bytes into commands again and again, and programs that searched for escape
*sequences* kept missing some. So nothing is parsed here: characters are judged one by one by their Unicode
category, and one that could act instead of being seen is replaced by a mark that is seen.

The marks: a C0 control is its picture (ESC is ``␛``, NUL ``␀``), DEL is ``␡``, any other is its code point in
``⟨⟩`` (U+202E is ``⟨202E⟩``). What cannot be seen, cannot hide.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

ELLIPSIS = "…"
MAX_MARKS = 2
"""Combining marks that one character may carry: scripts need two, towers of them are an attack on the rows above."""

_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp", "Mc"})
_COMBINING = frozenset({"Mn", "Me"})
_RIGHT_TO_LEFT = frozenset({"R", "AL", "AN"})
"""Letters and digits that a terminal with bidi support reorders, and the figures of the columns beside them as well."""

_INVISIBLE = (
    (0x034F, 0x034F),  # combining grapheme joiner
    (0x1100, 0x11FF),  # Hangul fillers, and letters that join into one syllable, or not
    (0x17B4, 0x17B5),  # Khmer inherent vowels
    (0x180B, 0x180F),  # Mongolian variation selectors
    (0x2800, 0x2800),  # an empty Braille cell
    (0x3164, 0x3164),  # Hangul filler
    (0xA960, 0xA97F),  # more Hangul letters
    (0xD7B0, 0xD7FF),
    (0xFE00, 0xFE0F),  # variation selectors: a character with one is one cell wide here and two there
    (0xFFA0, 0xFFA0),  # halfwidth Hangul filler
    (0x1D159, 0x1D159),  # a musical note without a head
    (0xE0100, 0xE01EF),  # more variation selectors
)
_DISPUTED = (
    (0x2630, 0x2637),  # trigrams, monograms and hexagrams became two cells wide in 2024
    (0x268A, 0x268F),
    (0x4DC0, 0x4DFF),
    (0x1D300, 0x1D376),
    (0x1F1E6, 0x1F1FF),  # two of these are one flag, or not
    (0x1F3FB, 0x1F3FF),  # skin tones, which join an emoji, or not
)
_MARKED = frozenset(chr(code) for first, last in (*_INVISIBLE, *_DISPUTED) for code in range(first, last + 1))


def show(text: str) -> str:
    """``text`` as it may reach a screen, a log line or stderr: one line, every character visible, none lost.

    Characters of the categories Cc, Cf, Cs, Co, Cn, Zl and Zp become marks; so do letters that cannot be seen, those
    that are written from right to left (a row must not be reordered), characters whose width terminals do not agree on
    (nor pushed out of line), and combining marks that have no base or are one too many. Any space becomes a plain one.
    ``show(show(text)) == show(text)``.
    """
    if text.isascii() and text.isprintable():
        return text
    shown: list[str] = []
    carried = MAX_MARKS
    for char in text:
        category = unicodedata.category(char)
        if category in _HIDDEN or char in _MARKED or unicodedata.bidirectional(char) in _RIGHT_TO_LEFT:
            shown.append(_mark(char))
            carried = MAX_MARKS
        elif category in _COMBINING:
            if carried < MAX_MARKS:
                shown.append(char)
                carried += 1
            else:
                shown.append(_mark(char))
        elif category == "Zs":
            shown.append(" ")
            # No base: a line may be broken there.
            carried = MAX_MARKS
        else:
            shown.append(char)
            carried = 0
    return "".join(shown)


def cells(text: str) -> int:
    """The width of shown text in terminal cells."""
    if text.isascii():
        return len(text)
    return sum(map(_width, text))


def fit(text: str, width: int) -> str:
    """``text`` shown in exactly ``width`` cells, left-aligned; what does not fit ends in ``…``."""
    text = show(text[: _enough(width)])
    if (size := cells(text)) <= width:
        return text + " " * (width - size)
    if width <= 0:
        return ""
    kept = _head(text, width - 1)
    return kept + ELLIPSIS + " " * (width - 1 - cells(kept))


def fit_end(text: str, width: int) -> str:
    """Like :func:`fit`, but the end survives: an option's strike and right stand there."""
    text = show(text[-_enough(width) :])
    if (size := cells(text)) <= width:
        return text + " " * (width - size)
    if width <= 0:
        return ""
    start = len(text)
    size = 0
    while start and size + _width(text[start - 1]) <= width - 1:
        start -= 1
        size += _width(text[start])
    while start < len(text) and _width(text[start]) == 0:
        start += 1
    return ELLIPSIS + text[start:] + " " * (width - 1 - size)


def fit_number(text: str, width: int) -> str:
    """``text`` right-aligned in ``width`` cells, or ``#`` in each: a number never shows cropped."""
    text = show(text[: _enough(width)])
    if (size := cells(text)) > width:
        return "#" * width
    return " " * (width - size) + text


def _enough(width: int) -> int:
    """So many characters take more than ``width`` cells, whatever they are: a field can be thousands long, and is drawn
    every second.
    """
    return (MAX_MARKS + 1) * (max(width, 0) + 1) + MAX_MARKS


def _head(text: str, width: int) -> str:
    size = 0
    for index, char in enumerate(text):
        size += _width(char)
        if size > width:
            return text[:index]
    return text


def _mark(char: str) -> str:
    code = ord(char)
    if code < 0x20:
        return chr(0x2400 + code)
    return "␡" if code == 0x7F else f"⟨{code:02X}⟩"


@lru_cache(maxsize=4096)
def _width(char: str) -> int:
    if unicodedata.category(char) in _COMBINING:
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1
