"""What a hostile broker would write into a text field: one payload per family, all of them seen in the wild or nearly.

``CLIPBOARD`` and its like are whole escape sequences that terminals obey; the markup ones are obeyed, or crashed on, by
libraries that draw text; the rest hides, reorders or pushes out of line what stands beside it.
"""

from __future__ import annotations

CLIPBOARD = "\x1b]52;c;cm0gLXJmIH4K\x07"

PAYLOADS: dict[str, str] = {
    "clipboard": CLIPBOARD,
    "clipboard, 8-bit": "\x9d52;c;cm0gLXJmIH4K\x9c",
    "clipboard, ended by ST": "\x1b]52;c;cm0gLXJmIH4K\x1b\\",
    "title": "\x1b]0;pwned\x07",
    "title reported back": "\x1b]2;;id;\x07\x1b[21t",
    "hyperlink": "\x1b]8;;file:///etc/passwd\x1b\\here\x1b]8;;\x1b\\",
    "unterminated": "\x1b]0;swallows the rest",
    "DECRQSS": "\x1bP$q\nid\n\x1b\\",
    "DECRQSS, 8-bit": "\x90$qm\x9c",
    "font query": "\x1b]50;?\x07",
    "notification": "\x1b]777;notify;a;b\x07",
    "tmux passthrough": "\x1bPtmux;\x1b\x1b]52;c;eA==\x07\x1b\\",
    "iTerm2 file": "\x1b]1337;File=name=eA==:eA==\x07",
    "graphics": "\x1b_Ga=T,f=24,s=1,v=1;AAAA\x1b\\",
    "privacy message": "\x1b^hidden\x1b\\",
    "start of string": "\x1bXhidden\x1b\\",
    "clear": "\x1b[2J\x1b[H",
    "clear, 8-bit": "\x9b2J\x9bH",
    "cursor": "\x1b[3;3HFILLED",
    "colours": "\x1b[8;30;40mhidden\x1b[0;5;7m",
    "reset": "\x1bc",
    "alternate screen": "\x1b[?1049l\x1b[?1049h",
    "mouse on": "\x1b[?1003h",
    "device status": "\x1b[6n\x1b[c\x1b[>0q",
    "scroll region": "\x1b[5;6r\x1bD\x1bM",
    "charset": "\x0e\x1b(0lqqk\x0f",
    "backspaces": "100\b\b\b999",
    "carriage return": "SELL\rBUY ",
    "line feeds": "one\ntwo\r\n\vthree\f",
    "NUL and DEL": "a\x00b\x7fc",
    "next line": "a\x85b\u2028c\u2029d",
    "bidi": "\u202e001 YUB\u202c\u2066x\u2069\u200f",
    "right to left": "\u05d0\u05d1 100/100 \u0663\u0664 \u0627\u0644",
    "zero width": "A\u200bA\u200dP\ufeffL\u2060",
    "tags": "x\U000e0041\U000e007fy",
    "variation": "\u2764\ufe0f\u0030\ufe0f\u20e3",
    "marks": "Z" + "\u0301" * 40,
    "a mark first": "\u0301\u0308x",
    "towers of marks": "\u0301\u20dd\u0489" * 300,
    "syllables": "\u1100\u1100\uac00\u11a8\ua960\ud7b0",
    "flags and skins": "\U0001f1fa\U0001f1f8\U0001f44d\U0001f3ff\u2764\u200d\U0001f525",
    "wide": "\uff21\uff22\U0001f468\u200d\U0001f469\u200d\U0001f467",
    "fillers": "\u3164\u115f\u2800\u034f",
    "unassigned and private": "\u0378\ue000\U0010ffff\ufdd0",
    "markup action": "[@click=app.quit]x[/]",
    "markup end": "A[/foo]B",
    "markup style": "[bold red on white]x[/bold red on white]",
    "markup link": "[link=file:///etc/passwd]x[/link]",
    "markup nothing": "[/x]",
    "formats": "%s%n{0}{self.__class__}$(id)`id`",
    "emoji name": ":skull:",
    "formula": "=cmd|'/C calc'!A0",
    "formula behind a semicolon": "x;=cmd|'/C calc'!A0;y",
    "formula in full width": "\uff1d1+1",
    "long": "\U000e0041\u202e\x1b" * 500,
    "spaces": "a\u00a0\u2003\u3000b",
}

HARMLESS = {"a mark first", "formula in full width"}
"""Where a mark follows a letter, it is an accent; and only a spreadsheet runs a formula."""

RAW = {
    name: payload
    for name, payload in PAYLOADS.items()
    if not (payload.isascii() and payload.isprintable()) and name not in HARMLESS
}
"""Those whose very bytes must not reach a terminal."""
