"""Text that came from anybody, made so that what is read is what is there.

Characters that reverse or hide their neighbours, and control characters, are written out: a line of code must not
look like another one. Escaping is the template's business (environment.py).
"""

from __future__ import annotations

import re

# Bidirectional controls, zero-width signs that no script needs, line separators, tags, and halves of characters.
# The joiners U+200C and U+200D stay: Persian, Indian scripts and emoji are written with them.
UNSEEN = re.compile("[\u061c\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb"
                    "\U000e0000-\U000e007f]")
CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
HALVES = re.compile("[\ud800-\udfff]")      # JSON can hold them, no file can


def visible(text: str) -> str:
    """The text with whatever cannot be seen written out.

    >>> visible("access\\u202e # resu")
    'access⟨U+202E⟩ # resu'
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = HALVES.sub("\ufffd", text)
    text = CONTROLS.sub(_picture, text)
    return UNSEEN.sub(lambda found: f"⟨U+{ord(found[0]):04X}⟩", text)


def _picture(found: re.Match) -> str:
    """Unicode has a picture for each control character of ASCII."""
    code = ord(found[0])
    return chr(0x2400 + code) if code < 0x20 else "\u2421" if code == 0x7F else f"⟨U+{code:04X}⟩"
