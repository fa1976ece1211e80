"""HTTP/1.1 on plain sockets: a request whose reply bytes are kept exactly, and the reading of such bytes."""

import gzip
import json
import socket
from dataclasses import dataclass


@dataclass
class Response:
    """One reply: the status, header lines in order with their spelling, and the body after de-chunking."""

    status: int
    headers: list
    body: bytes

    def header(self, name):
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)


def dechunk(data):
    """The body of a chunked message and the bytes after it."""
    body = b""
    while True:
        line, _, data = data.partition(b"\r\n")
        size = int(line.split(b";")[0], 16)
        if size == 0:
            _, _, rest = (b"\r\n" + data).partition(b"\r\n\r\n")
            return body, rest
        body, data = body + data[:size], data[size + 2 :]


def split_response(data):
    """The replies in the raw bytes of one connection, one after the other; 1xx replies are left out."""
    responses = []
    while data:
        head, _, rest = data.partition(b"\r\n\r\n")
        first, *fields = head.decode("latin-1").split("\r\n")
        headers = [tuple(part.strip() for part in field.split(":", 1)) for field in fields]
        response = Response(int(first.split()[1]), headers, b"")
        length = response.header("content-length")
        if 100 <= response.status < 200:
            data = rest
            continue
        if (response.header("transfer-encoding") or "").lower() == "chunked":
            response.body, data = dechunk(rest)
        elif length is not None:
            response.body, data = rest[: int(length)], rest[int(length) :]
        else:
            response.body, data = rest, b""
        responses.append(response)
    return responses


def request_bytes(path, body=None, port=80, method=None, close=True, headers=()):
    """A request as a plain client would write it."""
    payload = (
        body
        if isinstance(body, bytes)
        else b""
        if body is None
        else json.dumps(body, ensure_ascii=False).encode()
    )
    lines = [
        f"{method or ('GET' if body is None else 'POST')} {path} HTTP/1.1",
        f"Host: 127.0.0.1:{port}",
        *headers,
    ]
    if body is not None:
        lines += ["Content-Type: application/json", f"Content-Length: {len(payload)}"]
    if close:
        lines.append("Connection: close")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + payload


def exchange(port, *requests, timeout=300):
    """Sends the requests over one connection and returns every byte that came back until the server closed it.

    A request is sent when the reply to the one before it has come in whole.
    """
    with socket.create_connection(("127.0.0.1", port), timeout=timeout) as connection:
        received = b""
        for number, request in enumerate(requests):
            connection.sendall(request)
            while number < len(requests) - 1 and not whole(received, number + 1):
                received += read_some(connection)
        while data := connection.recv(65536):
            received += data
        return received


def read_some(connection):
    data = connection.recv(65536)
    if not data:
        raise ConnectionError("the server closed a connection that was to be kept alive")
    return data


def whole(data, count):
    """Whether `data` holds `count` replies up to their last byte."""
    try:
        responses = split_response(data)
    except (ValueError, IndexError):
        return False
    if len(responses) < count or b"\r\n\r\n" not in data:
        return False
    last = responses[-1]
    length = last.header("content-length")
    return len(last.body) == int(length) if length is not None else data.endswith(b"0\r\n\r\n")


def request_body(head, payload):
    """The body of a raw request, with its transfer and content codings removed."""
    if header_of(head, "transfer-encoding") == "chunked":
        payload = dechunk(payload)[0]
    if header_of(head, "content-encoding") == "gzip":
        payload = gzip.decompress(payload)
    return payload


def header_of(head, name):
    return next(
        (
            value.strip().lower()
            for key, _, value in (line.partition(":") for line in head)
            if key.lower() == name
        ),
        None,
    )


def described_request(data):
    """What the index says about a raw request."""
    head, _, payload = data.partition(b"\r\n\r\n")
    first, *fields = head.decode("latin-1").split("\r\n")
    method, target, _ = first.split(" ")
    chunked = header_of(fields, "transfer-encoding") == "chunked"
    length = header_of(fields, "content-length")
    described = {
        "method": method,
        "target": target,
        "framing": "chunked" if chunked else "none" if length is None else "length",
        "expect_continue": header_of(fields, "expect") == "100-continue",
        "content_encoding": header_of(fields, "content-encoding"),
        "body": None,
    }
    if body := request_body(fields, payload):
        request = json.loads(body)
        messages = request.get("messages", [])
        described["body"] = {
            "model": request.get("model"),
            "stream": bool(request.get("stream")),
            "roles": [m["role"] for m in messages],
            "last_text": messages[-1]["content"] if messages else None,
        }
    return described
