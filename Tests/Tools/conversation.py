"""A conversation of three rounds as a client library holds it, and a request that fails, for comparison.py.

The upstream (scripted-upstream.py) answers each question with the request that it got: equal answers are equal
requests. Besides, each request must hold the conversation so far and nothing more, as its library resends it.
"""

import json
import sys
from dataclasses import asdict, dataclass

import comparison

QUESTIONS = (
    "Round 1: my name is Ada. please show request",
    "Round 2: 我叫什么名字？ please show request 😀",
    "Round 3: and what did you\nsay to that? please show request",
)
FAILING = "please fail 400, 请失败"


@dataclass
class Place:
    """A base URL to talk to, and the explicit session id of a conversation there."""

    url: str
    session: str
    is_gateway: bool

    def headers(self):
        return {"X-Session-Id": self.session}

    def url_with_session(self):
        """The gateway takes the session from the URL too; a model server knows no such path."""
        return self.url.replace("/v1", f"/s/{self.session}/v1") if self.is_gateway else self.url


@dataclass
class Answer:
    """What an application sees of an answer; `pieces` where it came in pieces, `finish` where that is told."""

    text: str
    usage: object
    finish: str | None
    pieces: list | None = None


def raised(error):
    """What an application sees of an exception, whichever library it is from."""
    members = ("status_code", "code", "type", "param", "body", "model_name", "exit_code")
    seen = {name: getattr(error, name, None) for name in members}
    return {"class": f"{type(error).__module__}.{type(error).__qualname__}", "text": str(error)} | seen


def failure(ask):
    try:
        answer = ask(FAILING)
    except Exception as error:
        if "You asked for 400" not in str(error):
            raise
        return raised(error)
    raise ValueError(f"no exception but {answer}")


def expect_history(answer, history):
    """The request that the upstream shows must hold these texts, a system message in front or none."""
    sent = [m["content"] for m in json.loads(answer.text)["messages"] if m["role"] != "system"]
    if sent != history:
        raise ValueError(f"the upstream was sent {sent} and not {history}")


def three_rounds(ask):
    history, answers = [], []
    for question in QUESTIONS:
        answer = ask(question)
        expect_history(answer, [*history, question])
        history += [question, answer.text]
        answers.append(asdict(answer))
    return answers


def held(library, opening):
    """The case of a function that opens a conversation at a place and returns the way to ask there."""

    def case(side):
        url, is_gateway = side
        session = f"{library}-{opening.__name__}"
        rounds = three_rounds(opening(Place(url, session, is_gateway)))
        return [rounds, failure(opening(Place(url, f"{session}-failing", is_gateway)))]

    case.__name__ = opening.__name__
    return case


def main(library, version, openings, usage):
    """Runs a library's ways of talking; they name the sessions: `langchain-plain`, `langchain-plain-failing`."""
    if len(sys.argv) != 3:
        sys.exit(usage)
    gateway, upstream = sys.argv[1:]
    cases = [held(library, opening) for opening in openings]
    return comparison.run(f"{library} {version}", cases, (gateway, True), (upstream, False))
