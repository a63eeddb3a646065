"""A small HTTP server on loopback whose answers are raw bytes, so that it can misbehave at will."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

Handler = Callable[["Server", asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Server:
    """Answers by path; `requests` are the request heads it saw, in order."""

    answers: dict[str, bytes | list[bytes] | Handler]
    base: str = ""
    requests: list[str] = field(default_factory=list)
    now_open: int = 0
    most_open: int = 0

    def paths(self) -> list[str]:
        return [head.split(" ", 2)[1] for head in self.requests]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            self.requests.append(head)
            self.now_open += 1
            self.most_open = max(self.most_open, self.now_open)
            answer = self.answers.get(head.split(" ", 2)[1], reply(404, b"no such page"))
            if isinstance(answer, list):
                answer = answer.pop(0) if len(answer) > 1 else answer[0]
            if isinstance(answer, bytes):
                self.now_open -= 1
                writer.write(answer)
                await writer.drain()
            else:
                await answer(self, writer)
                self.now_open -= 1
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()


@asynccontextmanager
async def serving(answers: dict[str, bytes | list[bytes] | Handler]) -> AsyncIterator[Server]:
    server = Server(answers)
    listener = await asyncio.start_server(server._serve, "127.0.0.1", 0)
    port = listener.sockets[0].getsockname()[1]
    server.base = f"http://127.0.0.1:{port}"
    try:
        yield server
    finally:
        listener.close()


def reply(status: int, body: bytes = b"", **headers: str) -> bytes:
    """A whole answer; header names with underscores for dashes."""
    named = {"Content-Type": "text/html; charset=utf-8", "Content-Length": str(len(body)), "Connection": "close"}
    named |= {name.replace("_", "-"): value for name, value in headers.items()}
    lines = "".join(f"{name}: {value}\r\n" for name, value in named.items())
    return f"HTTP/1.1 {status} Whatever\r\n{lines}\r\n".encode("latin-1") + body
