"""What the capture scripts share: one exchange with a server, kept as a raw reply and as the body of it."""

import raw_http
from fixture_index import Group
from reply_assembler import assemble


def framing(response):
    if (response.header("transfer-encoding") or "").lower() == "chunked":
        return "chunked"
    return "close" if response.header("content-length") is None else "length"


def described(response):
    """What the index says about a raw reply's head."""
    return {
        "status": response.status,
        "content_type": response.header("content-type"),
        "framing": framing(response),
    }


class Capture:
    """All captures of one script: files named `captured-<server>-<name>` in `replies/` and `raw/`."""

    def __init__(self, by):
        self.replies, self.raw = Group("replies", by), Group("raw", by)

    def begin(self, server, source, port):
        """What is captured from here on comes from this server."""
        self.server, self.source, self.port = server, source, port

    def exchange(self, name, body, path="/v1/chat/completions", headers=(), version="1.1", close=True):
        """One request on a connection of its own; `body` None is a GET."""
        request = raw_http.request_bytes(path, body, self.port, headers=headers, close=close)
        received = raw_http.exchange(
            self.port, request.replace(b" HTTP/1.1\r\n", f" HTTP/{version}\r\n".encode(), 1)
        )
        (response,) = self.keep(name, received)
        kind = "sse" if (response.header("content-type") or "").startswith("text/event-stream") else "json"
        self.replies.add(
            f"captured-{self.server}-{name}.{kind}",
            response.body,
            "captured",
            self.source,
            assemble(response.body),
            status=response.status,
            content_type=response.header("content-type"),
        )

    def keep_alive(self, name, *bodies):
        """Several requests on one connection, the last one closes it."""
        last = len(bodies) - 1
        requests = [
            raw_http.request_bytes(
                "/v1/models" if body is None else "/v1/chat/completions", body, self.port, close=n == last
            )
            for n, body in enumerate(bodies)
        ]
        self.keep(name, raw_http.exchange(self.port, *requests))

    def keep(self, name, received):
        responses = raw_http.split_response(received)
        expect = {"replies": [{**described(r), **assemble(r.body)} for r in responses]}
        self.raw.add(f"captured-{self.server}-{name}.http", received, "captured", self.source, expect)
        print(f"{self.server} {name}: {len(received)} bytes, {[r.status for r in responses]}", flush=True)
        return responses

    def save(self):
        self.replies.save()
        self.raw.save()
