"""Who is measured, and with which requests."""

import dataclasses
import json

SESSIONS = 500
ROUNDS_BEFORE = 10  # 20 recorded messages a session; the window of 4,000 tokens holds about as many of these

PLAIN = "/v1/embeddings"
CHAT = "/v1/chat/completions"


def question(size=1024, stream=False, subject="the garden, the boat and the letters from the north"):
    """A request of about one kilobyte that holds the newest message only."""
    text = f"What did I tell you about {subject}? "
    request = {"model": "bench", "stream": stream, "messages": [{"role": "user", "content": ""}]}
    room = size - len(json.dumps(request))
    request["messages"][0]["content"] = (text * (room // len(text) + 1))[:room]
    return json.dumps(request).encode()


@dataclasses.dataclass
class Subject:
    name: str
    process: object  # None for the upstream itself
    port: int
    path: str = PLAIN
    fields: tuple = ()
    sessions: int = 0

    def lines(self):
        """Header lines for relay-load; the sessions take turns, as no person answers within a millisecond."""
        lines = [f"{name}: {value}" for name, value in self.fields]
        if self.sessions:
            lines.append(f"X-Session-Id: bench-#{self.sessions}")
        return lines


def subjects(stand, against=None):
    """Starts everything that requests are measured through."""
    nginx, relay = stand.nginx(), stand.memgate("memgate")
    relaxed, acknowledged = stand.memgate("relaxed"), stand.memgate("acknowledged", "acknowledged")
    found = [
        Subject("direct", None, stand.upstream.port),
        Subject("nginx", nginx, nginx.port),
        Subject("memgate, transparent", relay, relay.port),
        Subject("memgate, chat, mode off", relay, relay.port, CHAT, (("X-Memory-Mode", "off"),)),
        Subject("memgate, memory, relaxed", relaxed, relaxed.port, CHAT, (), SESSIONS),
        Subject("memgate, memory, acknowledged", acknowledged, acknowledged.port, CHAT, (), SESSIONS),
    ]
    if against:
        other, memory = stand.memgate("other", binary=against), stand.memgate("other-relaxed", binary=against)
        found += [
            Subject("other, transparent", other, other.port),
            Subject("other, chat, mode off", other, other.port, CHAT, (("X-Memory-Mode", "off"),)),
            Subject("other, memory, relaxed", memory, memory.port, CHAT, (), SESSIONS),
        ]
    return found
