"""What `make test-all` says of the checks it cannot run, and when it fails."""

from __future__ import annotations

import subprocess

import pytest

from bench import optional_checks
from bench.optional_checks import Check


@pytest.mark.parametrize(
    ("missing", "code", "said", "ends"),
    [
        ("no browser is installed", 0, "not run: browser: no browser is installed\n", 0),
        (None, 0, "", 0),
        (None, 5, "not run: browser: there is no test of it\n", 0),
        (None, 1, "", 1),
        (None, 2, "", 1),
    ],
)
def test_only_what_ran_and_failed_fails(
    missing: str | None,
    code: int,
    said: str,
    ends: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def ended(command: list[str], **settings: object) -> subprocess.CompletedProcess[str]:
        return subprocess.CompletedProcess(command, code)

    monkeypatch.setattr(optional_checks, "CHECKS", (Check("browser", "browser", lambda: missing),))
    monkeypatch.setattr(subprocess, "run", ended)
    assert optional_checks.main() == ends
    assert capsys.readouterr().out == said


def test_packages_that_cannot_be_installed_are_named_with_the_last_word_on_why(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refused(command: list[str], **settings: object) -> subprocess.CompletedProcess[str]:
        assert "--require-hashes" in command
        return subprocess.CompletedProcess(command, 1, stdout="", stderr="long story\nno such registry\n")

    check = Check("browser", "browser", lambda: None, "requirements-browser.lock", "no_module_of_this_name")
    monkeypatch.setattr(optional_checks, "CHECKS", (check,))
    monkeypatch.setattr(subprocess, "run", refused)
    assert optional_checks.main() == 0
    assert "requirements-browser.lock cannot be installed (no such registry)" in capsys.readouterr().out
