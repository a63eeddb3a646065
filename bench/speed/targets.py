"""What was asked for, and whether it was reached."""

from __future__ import annotations

from collections.abc import Iterator

from bench.speed.results import Results, table
from bench.speed.subjects import OURS

RUN, PLAIN = OURS
_FIRST, _SAME, _CHANGED = range(3)


def target_lines(results: Results) -> list[str]:
    """A table of all targets that can be judged by what was measured so far."""
    rows = [(what, wanted, seen, "yes" if held else "**no**") for what, wanted, seen, held in _judged(results)]
    return table(("target", "wanted", "measured", "reached"), rows)


def _judged(results: Results) -> Iterator[tuple[str, str, str, bool]]:
    sizes = sorted({pages for pages, subject in results.rounds if pages != 1 and subject == RUN})
    for pages in sizes:
        first = results.cpu(pages, RUN, _FIRST)
        for peer in ("urlwatch, selector, text by re", "urlwatch, selector, text by bs4"):
            if first is not None and (theirs := results.cpu(pages, peer, _FIRST)) is not None:
                yield (
                    f"first run, {pages:,} pages",
                    f"at most {theirs:.1f} s ({peer})",
                    f"{first:.1f} s",
                    first <= theirs,
                )
        if first is not None:
            most = 15.0 * pages / 1000
            yield f"first run, {pages:,} pages, stretch", f"at most {most:.0f} s", f"{first:.1f} s", first <= most
        same, loop = results.cpu(pages, RUN, _SAME), results.cpu(pages, "bare httpx", _SAME)
        if same is not None and loop is not None:
            wanted = f"at most twice the bare httpx loop, {2 * loop:.1f} s"
            yield f"nothing changed, {pages:,} pages", wanted, f"{same:.1f} s", same <= 2 * loop
        if (peak := results.peak(pages, RUN)) is not None:
            yield f"memory, {pages:,} pages", "at most 400 MiB", f"{peak:.0f} MiB", peak <= 400
        if first_disk := results.disk(pages, RUN, _FIRST):
            ratio = first_disk / results.compressed[pages]
            yield f"disk, {pages:,} pages", "at most 1.2 times the bodies packed alone", f"{ratio:.2f}", ratio <= 1.2
            grown = ((results.disk(pages, RUN, _SAME) or 0) - first_disk) / 1e6
            yield f"disk of an unchanged run, {pages:,} pages", "at most 1 MB", f"{grown:.1f} MB", grown <= 1
        shares = [
            (results.cpu(pages, RUN, look, False) or 0) - (results.cpu(pages, PLAIN, look, False) or 0)
            for look in range(3)
        ]
        if results.cpu(pages, PLAIN, _FIRST) is not None:
            share = max(shares)
            yield f"Prefect's share, {pages:,} pages", "at most 6 s", f"{share:.1f} s", share <= 6
    if len(sizes) > 1:
        yield from _growth(results, sizes)
    counted = {pages: runs for pages, runs in results.task_runs.items() if pages != 1}
    if len(counted) > 1:
        told = ", ".join(f"{runs} at {pages:,} pages" for pages, runs in counted.items())
        yield "Prefect's task runs", "the same for any number of pages", told, len({*counted.values()}) == 1
    for name, most in (("clearance status", 0.5), ("clearance read FILE", 0.7)):
        if name in results.answers:
            yield name, f"at most {most} s", f"{results.answers[name]:.2f} s", results.answers[name] <= most


def _growth(results: Results, sizes: list[int]) -> Iterator[tuple[str, str, str, bool]]:
    less, more = sizes[-2:]
    for look, name in ((_FIRST, "first run"), (_SAME, "nothing changed"), (_CHANGED, "5 % changed")):
        small, large = results.cpu(less, RUN, look), results.cpu(more, RUN, look)
        if small and large:
            one, other = 1000 * small / less, 1000 * large / more
            told = f"{one:.1f} ms at {less:,}, {other:.1f} ms at {more:,}"
            yield f"cost of a page, {name}", "does not grow (10 % are noise)", told, other <= 1.1 * one
