"""Texts as they are kept, and their shadow for matching.

`tidy` makes the text that is stored and quoted. `shadow` gives a string of the same length, so
that offsets found in it hold in the text: lower case, look-alike letters and odd dashes folded.
"""

from __future__ import annotations

import re
import unicodedata

_INVISIBLE = dict.fromkeys(
    map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff\u200e\u200f\u202a\u202b\u202c\u202d\u202e"), ""
)
_LOOK_ALIKES = str.maketrans(
    "аеорсухіїјѕԁһӏԛԝАВЕКМНОРСТУХІЈЅ" + "αοενιρτυκΑΒΕΖΗΙΚΜΝΟΡΤΥΧ" + "‐‑‒–—―−﹣－" + "’‘‚‛′`´" + "“”„‟″«»" + "ſıİ",
    "aeopcyxiijsdhlqwabekmhopctyxijs" + "aoeviprukabezhikmnoptyx" + "-" * 9 + "'" * 7 + '"' * 7 + "sii",
)
_QUOTES = {ord("`"): "'"}
_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")
_ODD_BLANK = re.compile(r"[\t\r\v\f\x1c-\x1f]")
_SPACES = re.compile(r"[^\S\n]+")


def tidy(text: str) -> str:
    """Compatibility forms composed, invisible characters dropped, runs of blanks made one."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).translate(_INVISIBLE)
    elif "  " not in text and not _ODD_BLANK.search(text):
        return text
    return _SPACES.sub(" ", text)


def shadow(text: str) -> str:
    """Same length as `text`; see the module."""
    if text.isascii():
        return text.translate(_QUOTES).lower() if "`" in text else text.lower()
    folded = text
    # The few signs that are there, each at once, are exchanged much faster than sign by sign.
    for sign in set("".join(_NOT_ASCII.findall(text))) | {"`"}:
        if (plain := _LOOK_ALIKES.get(ord(sign))) is not None:
            folded = folded.replace(sign, chr(plain))
    lowered = folded.lower()
    if len(lowered) == len(text):
        return lowered
    # A few capitals lower to two characters; those stay as they are.
    return "".join(low if len(low := char.lower()) == 1 else char for char in folded)


def squeezed(text: str) -> str:
    """For comparing: the shadow without any difference in white space."""
    return " ".join(shadow(text).split())
