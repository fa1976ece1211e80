#!/usr/bin/env python3
"""Runs openai-python against the gateway and against the scripted upstream directly, and compares the results.

    openai-client-check.py GATEWAY_URL UPSTREAM_URL     e.g. http://127.0.0.1:8787/v1 http://127.0.0.1:8790/v1

Each case is one function of a client; it passes if both base URLs give equal results (objects, pieces of
streams, exceptions). Of a plain reply that the upstream cuts, the gateway has sent nothing yet: it answers 502
where the upstream's own client sees a broken connection, so there both must raise an APIError, whichever.
A line per case; exit 1 if any differs. The upstream is scripted-upstream.py.
"""

import asyncio
import sys

import openai
from comparison import run

MODEL = "scripted-small"
TOOLS = [
    {
        "type": "function",
        "function": {
            "name": name,
            "description": f"Looks up the {name}.",
            "parameters": {
                "type": "object",
                "properties": {"place": {"type": "string"}},
                "required": ["place"],
            },
        },
    }
    for name in ("weather", "time")
]
PARALLEL = 100
CASES = []


def case(function):
    CASES.append(function)
    return function


def ask(client, text, **wishes):
    return client.chat.completions.create(model=MODEL, messages=[{"role": "user", "content": text}], **wishes)


def dumped(stream):
    return [chunk.model_dump() for chunk in stream]


def raised(error):
    """What an application can see of an exception of the SDK."""
    members = ("status_code", "code", "type", "param", "body", "request_id")
    seen = {name: getattr(error, name, None) for name in members}
    headers = getattr(getattr(error, "response", None), "headers", {})
    seen |= {name: headers.get(name) for name in ("content-type", "retry-after")}
    return {"class": type(error).__name__, "text": str(error)} | seen


def outcome(call):
    try:
        return call()
    except openai.OpenAIError as error:
        return raised(error)
    except Exception as error:  # the HTTP library's own, from a cut stream
        return {"class": type(error).__name__}


@case
def models(client):
    return [client.models.list().model_dump(), client.models.retrieve("vendor/scripted:large").model_dump()]


@case
def plain(client):
    return ask(client, "Good morning, 早上好 😀").model_dump()


@case
def plain_conversation(client):
    messages = [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "I am Ada."},
        {"role": "assistant", "content": "You said: I am Ada."},
        {"role": "user", "content": [{"type": "text", "text": "Who am I?"}]},
    ]
    return client.chat.completions.create(
        model=MODEL, messages=messages, temperature=0.5, seed=7, user="ada"
    ).model_dump()


@case
def plain_three_choices(client):
    return ask(client, "Three ways", n=3).model_dump()


@case
def plain_reasoning_and_refusal(client):
    return [ask(client, "please think about it").model_dump(), ask(client, "please refuse it").model_dump()]


@case
def plain_large_reply(client):
    return ask(client, "please repeat 100000 größer").model_dump()


@case
def plain_large_request(client):
    return ask(client, "Long: " + "0123456789 abcdef 世界 " * 20000).model_dump()


@case
def response_headers(client):
    answer = client.chat.completions.with_raw_response.create(
        model=MODEL, messages=[{"role": "user", "content": "Headers"}]
    )
    kept = ("content-type", "x-request-id", "x-ratelimit-remaining-requests", "openai-processing-ms")
    return {name: answer.headers.get(name) for name in kept} | {
        "status": answer.status_code,
        "text": answer.text,
    }


@case
def stream(client):
    return dumped(ask(client, "Stream this, 请流式输出 😀", stream=True))


@case
def stream_with_usage(client):
    return dumped(ask(client, "Count this", stream=True, stream_options={"include_usage": True}))


@case
def stream_three_choices(client):
    return dumped(ask(client, "Stream three ways", stream=True, n=3))


@case
def stream_reasoning_and_refusal(client):
    return [
        dumped(ask(client, f"please {wish} while streaming", stream=True)) for wish in ("think", "refuse")
    ]


@case
def stream_large_reply(client):
    return dumped(ask(client, "please repeat 5000 流", stream=True))


@case
def stream_bytes(client):
    with client.chat.completions.with_streaming_response.create(
        model=MODEL, messages=[{"role": "user", "content": "Byte for byte, 逐字节"}], stream=True
    ) as answer:
        return [answer.headers.get("content-type"), b"".join(answer.iter_bytes()).decode()]


@case
def stream_left_early(client):
    with ask(client, "please repeat 2000 word", stream=True) as answer:
        first = [chunk.model_dump() for chunk, _ in zip(answer, range(3))]
    return [first, ask(client, "And after leaving?").model_dump()]


@case
def stream_helper(client):
    messages = [{"role": "user", "content": "Help me stream"}]
    with client.chat.completions.stream(model=MODEL, messages=messages) as answer:
        kinds = [event.type for event in answer]
        return [kinds, answer.get_final_completion().model_dump()]


@case
def stream_helper_tools(client):
    messages = [{"role": "user", "content": "two tools at once, 巴黎"}]
    with client.chat.completions.stream(model=MODEL, messages=messages, tools=TOOLS) as answer:
        kinds = [event.type for event in answer]
        return [kinds, answer.get_final_completion().model_dump()]


@case
def tools_plain(client):
    return ask(client, "Weather in Paris?", tools=TOOLS).model_dump()


@case
def tools_streamed(client):
    return dumped(ask(client, "two tools, streamed", tools=TOOLS, stream=True))


@case
def tools_round_trip(client):
    messages = [{"role": "user", "content": "Time in 東京?"}]
    wishes = {
        "model": MODEL,
        "tools": TOOLS,
        "tool_choice": {"type": "function", "function": {"name": "time"}},
    }
    called = client.chat.completions.create(messages=messages, **wishes).choices[0].message
    messages += [
        called.model_dump(exclude_none=True),
        {"role": "tool", "tool_call_id": called.tool_calls[0].id, "content": "09:30"},
    ]
    return [called.model_dump(), client.chat.completions.create(messages=messages, **wishes).model_dump()]


@case
def errors_plain(client):
    wishes = (400, 401, 403, 404, 409, 422, 429, 500, 503, "string", "html")
    return [outcome(lambda: ask(client, f"please fail {wish}").model_dump()) for wish in wishes]


@case
def errors_streamed(client):
    return [
        outcome(lambda: dumped(ask(client, f"please fail {wish}", stream=True)))
        for wish in (400, 429, 500, "string")
    ]


@case
def error_midstream(client):
    pieces = []
    return [
        outcome(lambda: pieces.extend(ask(client, "please fail midstream", stream=True))),
        [p.model_dump() for p in pieces],
    ]


@case
def stream_cut(client):
    pieces = []
    return [
        outcome(lambda: pieces.extend(ask(client, "please cut", stream=True))),
        [p.model_dump() for p in pieces],
    ]


@case
def plain_cut(client):
    try:
        cut = ask(client, "please cut").model_dump()
    except openai.APIError:
        cut = "an APIError"
    return [cut, ask(client, "And after the cut?").model_dump()]


@case
def retry_after_500(client):
    return ask(client.with_options(max_retries=2), "please recover").model_dump()


@case
def unknown_path(client):
    return outcome(lambda: client.get("/no/such/path", cast_to=object))


@case
def parallel_async(client):
    async def one(answers, number):
        text = f"Parallel {number}, 并行"
        if number % 2:
            return (
                await answers.create(model=MODEL, messages=[{"role": "user", "content": text}])
            ).model_dump()
        chunks = await answers.create(model=MODEL, messages=[{"role": "user", "content": text}], stream=True)
        return [chunk.model_dump() async for chunk in chunks]

    async def all_of_them():
        async with openai.AsyncOpenAI(
            base_url=client.base_url, api_key="none", max_retries=0, timeout=60
        ) as parallel:
            return await asyncio.gather(*(one(parallel.chat.completions, n) for n in range(PARALLEL)))

    return asyncio.run(all_of_them())


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    gateway, upstream = (
        openai.OpenAI(base_url=url, api_key="none", max_retries=0, timeout=60) for url in sys.argv[1:]
    )
    return run(f"openai-python {openai.__version__}", CASES, gateway, upstream)


if __name__ == "__main__":
    sys.exit(main())
