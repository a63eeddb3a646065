"""What a robots.txt says about training: crawlers it shuts out, Content-Usage, Content-Signal, License.

Only lines that cover the page asked about count. Silence is silence; a path open to crawlers is no
permission to train.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from domain.claims import ReservationState
from probes.apis.page_urls import joined
from probes.apis.path_patterns import covers, path_of
from probes.apis.preferences import preferences_in
from probes.apis.reading import ApiAnswer, ApiReading, Sheet

# Product tokens of crawlers that gather training data, and the tokens that only switch training off.
TRAINING_CRAWLERS = (
    "AI2Bot", "Amazonbot", "anthropic-ai", "Applebot-Extended", "Bytespider", "CCBot", "ClaudeBot",
    "cohere-ai", "cohere-training-data-crawler", "Diffbot", "FacebookBot", "Google-Extended", "GPTBot",
    "img2dataset", "ImagesiftBot", "Kangaroo Bot", "Meta-ExternalAgent", "omgili", "PanguBot", "Timpibot",
)  # fmt: skip
_MOST_BYTES = 512_000
_MOST_LINES = 20_000
_KNOWN = {name.lower(): name for name in TRAINING_CRAWLERS}


@dataclass(slots=True)
class _Group:
    """Lines for some crawlers; `named` by the lines themselves, in their spelling."""

    named: list[str] = field(default_factory=list)
    rules: list[tuple[bool, str, str]] = field(default_factory=list)
    usages: list[tuple[str, str, str]] = field(default_factory=list)
    signals: list[tuple[str, str]] = field(default_factory=list)
    licenses: list[tuple[str, str]] = field(default_factory=list)
    closed: bool = False


def read(answer: ApiAnswer, page: str) -> ApiReading:
    """The signals of a robots.txt that cover `page`."""
    sheet = Sheet("", answer)
    path = path_of(page)
    if answer.media_type == "text/html" or answer.body[:200].lstrip().lower().startswith((b"<!doctype", b"<html")):
        return sheet.reading("a web page in the place of robots.txt")
    groups = _groups(answer.body[:_MOST_BYTES].decode("utf-8", "replace"))
    rules: dict[str, list[tuple[bool, str, str]]] = {}
    for group in groups:
        for name in group.named:
            rules.setdefault(name.lower(), []).extend(group.rules)
    for name, lines in rules.items():
        if name == "*" or name in _KNOWN:
            _shut_out(sheet, _KNOWN.get(name, name), lines, path)
    for group in groups:
        audience = ", ".join(group.named[:20]) or "*"
        _usages(sheet, group, audience, path)
        for line, value in group.signals:
            for rule, state in preferences_in(value):
                sheet.reserve(line, rule, state, audience=audience)
        for line, value in group.licenses:
            # The terms lie elsewhere; until they are read nothing is known.
            policy = joined(answer.url, value)
            sheet.reserve(line, "robots/license", ReservationState.UNCLEAR, audience=audience, policy=policy)
    return sheet.reading()


def _groups(text: str) -> list[_Group]:
    general = _Group(closed=True)
    groups = [general]
    group = general
    for raw in text.splitlines()[:_MOST_LINES]:
        line = raw.partition("#")[0].strip()
        name, separator, value = (part.strip() for part in line.partition(":"))
        key = name.lower()
        if not separator:
            continue
        if key == "user-agent":
            if group.closed:
                group = _Group()
                groups.append(group)
            group.named.append(value)
        elif key in ("allow", "disallow"):
            group.rules.append((key == "allow", value, line))
            group.closed = True
        elif key == "content-usage":
            start, _, rest = value.partition(" ")
            pattern, words = (start, rest) if start.startswith(("/", "*")) else ("/", value)
            group.usages.append((pattern, words, line))
            group.closed = True
        elif key == "content-signal":
            group.signals.append((line, value))
            group.closed = True
        elif key == "license" and value:
            group.licenses.append((line, value))
            group.closed = True
        elif key != "sitemap":
            group.closed = True
    return groups


def _shut_out(sheet: Sheet, audience: str, rules: list[tuple[bool, str, str]], path: str) -> None:
    covering = [rule for rule in rules if covers(rule[1], path)]
    if not covering:
        return
    # The longest pattern counts; of equal ones the one that allows.
    allows, pattern, line = max(covering, key=lambda rule: (len(rule[1]), rule[0]))
    if not allows:
        rule = "robots/disallow-all" if audience == "*" else "robots/disallow-training-crawler"
        raw = f"User-agent: {audience}\n{line}"
        sheet.reserve(raw, rule, ReservationState.RESERVED, path=pattern, audience=audience)


def _usages(sheet: Sheet, group: _Group, audience: str, path: str) -> None:
    covering = [usage for usage in group.usages if covers(usage[0], path)]
    longest = max((len(pattern) for pattern, _, _ in covering), default=0)
    order = list(ReservationState)
    stated: dict[str, tuple[ReservationState, str, str]] = {}
    for pattern, words, line in covering:
        if len(pattern) != longest:
            continue
        for rule, state in preferences_in(words):
            # Lines for the same path that disagree: the narrower counts.
            if rule not in stated or order.index(state) < order.index(stated[rule][0]):
                stated[rule] = (state, pattern, line)
    for rule, (state, pattern, line) in stated.items():
        sheet.reserve(line, rule, state, path=pattern, audience=audience)
