"""Requests to an application without a server."""

import asyncio
import json
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from cayley.studio._workers import Refused, done

__all__ = ["Answer", "InThisProcess", "in_a_loop", "send"]


def in_a_loop(coroutine) -> Any:
    """Run a coroutine in a thread of its own: Playwright leaves a loop where it was used."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(lambda: asyncio.run(asyncio.wait_for(coroutine, 300))).result()


@dataclass
class Answer:
    """What was answered."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    def json(self) -> Any:
        return json.loads(self.body)

    def lines(self) -> list[Any]:
        return [json.loads(line) for line in self.body.splitlines()]


async def send(app, method: str, path: str, body: Any = b"", **headers: str) -> Answer:
    """Send a request through an application, as a server would."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    path, _, query = path.partition("?")
    names = {"host": "localhost", "content-length": str(len(content))} | {
        key.replace("_", "-"): value for key, value in headers.items()
    }
    scope = {
        "type": "http", "method": method, "path": path, "raw_path": path.encode(),
        "query_string": query.encode(), "root_path": "", "scheme": "http", "http_version": "1.1",
        "client": ("192.0.2.1", 1), "server": ("localhost", 80),
        "headers": [(key.encode(), value.encode("latin-1")) for key, value in names.items()],
    }  # fmt: skip
    answer, sent = Answer(), False
    over = asyncio.Event()

    async def receive():
        nonlocal sent
        if not sent:
            sent = True
            return {"type": "http.request", "body": content, "more_body": False}
        await over.wait()
        return {"type": "http.disconnect"}

    async def take(message) -> None:
        if message["type"] == "http.response.start":
            answer.status = message["status"]
            answer.headers = {k.decode(): v.decode() for k, v in message["headers"]}
        else:
            answer.body += message.get("body", b"")
            if not message.get("more_body"):
                over.set()

    await app(scope, receive, take)
    return answer


class InThisProcess:
    """Does tasks here, as a worker process would."""

    async def run(
        self, task: str, body: bytes, about: dict[str, Any], *, key: str | None = None
    ) -> AsyncIterator[bytes]:
        for part in done(task, body, about | {"seconds": 20.0}):
            if part[:1] == b"!":
                why = json.loads(part[1:])
                raise Refused(why["status"], why["message"], why["kind"])
            if part[:1] == b"+":
                yield part[1:]
