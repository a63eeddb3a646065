"""The bare loop: `python loop.py httpx|aiohttp URLS STATE`. Sends what a run sends, keeps only ETags and digests.

URLS holds a URL a line; for each robots.txt of its host is asked first, then the page, with the ETag of
the last time in the JSON file STATE, then the host's tdmrep.json. Twenty hosts at a time. Runs alone: the
bench's packages are another environment's.
"""

import asyncio
import json
import sys
from hashlib import sha256
from pathlib import Path
from urllib.parse import urljoin

CONCURRENCY = 20


async def with_httpx(urls, state):
    """Every page once over httpx."""
    import httpx

    limits = httpx.Limits(max_connections=CONCURRENCY, max_keepalive_connections=CONCURRENCY)
    async with httpx.AsyncClient(limits=limits, trust_env=False) as client:

        async def get(url, headers):
            answer = await client.get(url, headers=headers)
            return answer.status_code, answer.headers.get("etag"), answer.content

        await _all(urls, state, get)


async def with_aiohttp(urls, state):
    """Every page once over aiohttp."""
    import aiohttp

    connector = aiohttp.TCPConnector(limit=CONCURRENCY)
    async with aiohttp.ClientSession(connector=connector) as session:

        async def get(url, headers):
            async with session.get(url, headers=headers) as answer:
                return answer.status, answer.headers.get("etag"), await answer.read()

        await _all(urls, state, get)


async def _all(urls, state, get):
    waiting = iter(urls)

    async def one_after_the_other():
        for url in waiting:
            await get(urljoin(url, "/robots.txt"), {})
            tag = state.get(url, {}).get("etag")
            status, etag, body = await get(url, {"If-None-Match": tag} if tag else {})
            if status == 200:
                state[url] = {"etag": etag, "sha256": sha256(body).hexdigest()}
            await get(urljoin(url, "/.well-known/tdmrep.json"), {})

    await asyncio.gather(*(one_after_the_other() for _ in range(CONCURRENCY)))


def main():
    """One round; the state is there for the next."""
    way, urls, path = sys.argv[1], Path(sys.argv[2]).read_text().split(), Path(sys.argv[3])
    state = json.loads(path.read_text()) if path.exists() else {}
    asyncio.run({"httpx": with_httpx, "aiohttp": with_aiohttp}[way](urls, state))
    path.write_text(json.dumps(state))


if __name__ == "__main__":
    main()
