"""Hostile strings come out inert: no link, tag, table cell, mention, heading or terminal escape."""

from __future__ import annotations

import pytest

from reports.escape import QUOTE_LIMIT, Safe, code, finalize, link, markdown, md, plain, quoted, source_link


@pytest.mark.parametrize(
    ("hostile", "inert"),
    [
        ("a | b", r"a \| b"),
        ("`code`", r"\`code\`"),
        ("[x](javascript:alert(1))", r"\[x\](javascript:alert(1))"),
        ("![x](http://evil.example/p.png)", r"!\[x\](http:&#8288;//evil.example/p.png)"),
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ("&lt;b&gt;", "&amp;lt;b&amp;gt;"),
        ("**bold** and __bold__", r"\*\*bold\*\* and \_\_bold\_\_"),
        ("~~gone~~ $x$", r"\~\~gone\~\~ \$x\$"),
        (r"\*", r"\\\*"),
        ("# Heading", r"\# Heading"),
        ("- item", r"\- item"),
        ("1. item", r"1\. item"),
        ("=====", r"\====="),
        ("> quote", "&gt; quote"),
        ("line\n\n## Heading\r\n| a |", r"line \#\# Heading \| a \|"),
        ("ping @someone and a@b.example", "ping @&#8288;someone and a@&#8288;b.example"),
        ("fixes #12", r"fixes \#&#8288;12"),
        ("see www.evil.example", "see www&#8288;.evil.example"),
        ("mailto:a", "mailto:&#8288;a".replace("mailto:&#8288;", "mailto&#8288;:")),
        ("\x1b[31mred\x1b[0m \x9b2Jwiped", "red wiped"),
        ("a\u202eb\u200bc\x00d", "abc d"),
        ("\ud800", "\ufffd"),
        ("production_approved", "production_approved"),
        ("1.5 days", "1.5 days"),
        ("Völkerrecht, 音楽", "Völkerrecht, 音楽"),
    ],
)
def test_markdown_is_neutralized(hostile: str, inert: str) -> None:
    assert md(hostile) == inert


def test_a_system_command_escape_hides_no_words() -> None:
    assert plain("free \x1b]0;not for commercial use\x07data") == "free ]0;not for commercial use data"


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://example.org/a_b", "[example.org/a_b](https://example.org/a_b)"),
        ("https://example.org/a b)|c", "[example.org/a%20b%29%7Cc](https://example.org/a%20b%29%7Cc)"),
        ("https://example.org/?a=1&copy;=2", "[example.org/?a=1&amp;copy;=2](https://example.org/?a=1&amp;copy;=2)"),
        ("https://bücher.example/", "[xn--bcher-kva.example](https://xn--bcher-kva.example/)"),
        ("http://[::1]:8080/x", r"[\[::1\]:8080/x](http://[::1]:8080/x)"),
        ("javascript:alert(1)", "javascript:alert(1)"),
        ("data:text/html,<b>", "data:text/html,&lt;b&gt;"),
        ("https://good.example@evil.example/", "https:&#8288;//good.example@&#8288;evil.example/"),
        ("https://", "https:&#8288;//"),
        ("https://exa\nmple.org", "https:&#8288;//exa mple.org"),
        ("https://example.org:99999/", "https:&#8288;//example.org:99999/"),
        (None, "(no page)"),
    ],
)
def test_only_web_addresses_become_links(url: str | None, shown: str) -> None:
    assert link(url) == shown


def test_a_label_cannot_close_its_link() -> None:
    assert link("https://example.org", "x](http://evil.example)") == (
        r"[x\](http:&#8288;//evil.example)](https://example.org)"
    )


def test_quotes_are_capped() -> None:
    assert len(quoted("x" * 5000)) == QUOTE_LIMIT + 2
    assert quoted("x" * 5000).endswith("x…”")
    assert quoted(" \n") == "(no words quoted)"


def test_code_cannot_be_left() -> None:
    assert code("a`b|c\nd") == "`aˋb¦c d`"


def test_a_source_id_links_to_its_section_only_when_it_makes_an_anchor() -> None:
    assert source_link("graph_core") == "[`graph_core`](#graph_core)"
    assert source_link("x](http://evil.example)") == "`x](http://evil.example)`"


def test_escaping_happens_once_and_by_default() -> None:
    assert finalize("*") == r"\*"
    assert finalize(md("*")) == r"\*"
    assert markdown("**{}** {}", "*", Safe("_x_")) == r"**\*** _x_"
