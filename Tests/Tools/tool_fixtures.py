"""Written fixtures of tool calls, function calls and several choices; run by write-fixtures.py."""

from fixture_parts import (DONE, GENERAL, OPENAI, OPENING, PARIS, STOP, TOKYO, TOOLS_END, USAGE, call, called,
                           choice, chunk, expect, last, lines, say, stream, tool, tool_delta, tools_chunk)


def tools():
    one = called(call("call_1", "get_weather", PARIS))
    two = called(call("call_1", "get_weather", PARIS), call("call_2", "get_time", TOKYO))
    begin = chunk({"role": "assistant", "content": None})
    stream("tool-call", OPENAI,
           lines(chunk({"role": "assistant", "content": None,
           "tool_calls": [tool_delta(0, "call_1", "get_weather", "")]}),
                 *(tool(0, arguments=a) for a in ('{"', "city", '":"', "Paris", '"}')), TOOLS_END, DONE), one)
    stream("tool-call-one-character-pieces", "no source: the smallest pieces",
           lines(begin, tool(0, "call_1", "get_weather", ""),
                 *(tool(0, arguments=a) for a in PARIS), TOOLS_END, DONE), one)
    stream("tool-call-in-one-delta", GENERAL,
           lines(begin, tool(0, "call_1", "get_weather", PARIS), TOOLS_END, DONE), one)
    stream("tool-call-in-finish-chunk", "Mistral API reference, function calling",
           lines(begin, tools_chunk(tool_delta(0, "call_1", "get_weather", PARIS), finish="tool_calls",
           usage=USAGE), DONE),
           {**one, "usage": USAGE})
    stream("tool-call-name-later", GENERAL,
           lines(begin, tool(0, "call_1"), tool(0, name="get_weather"),
                 tool(0, arguments=PARIS), TOOLS_END, DONE), one)
    stream("tool-call-name-in-pieces",
           "openai-python 3.52.0, src/openai/lib/streaming/_deltas.py (names are concatenated)",
           lines(begin, tool(0, "call_1", "get_"), tool(0, name="weather"),
                 tool(0, arguments=PARIS), TOOLS_END, DONE), one)
    stream("tool-call-id-later", "no source: the id after the name",
           lines(begin, tool(0, name="get_weather", arguments=""), tool(0, arguments=PARIS),
                 tool(0, "call_1"), TOOLS_END, DONE), one)
    stream("tool-call-id-and-name-repeated", "servers that fill every delta: id and name stand in each",
           lines(begin, *(tool(0, "call_1", "get_weather", a) for a in ('{"city"', ':"Paris', '"}')), TOOLS_END,
           DONE), one)
    stream("tool-call-new-id-every-delta",
           "vLLM, entrypoints/openai/protocol.py of early 2025: DeltaToolCall.id has a random default",
           lines(begin, tool(0, "call_1", "get_weather"), *(
               tool(0, f"chatcmpl-tool-{n}", arguments=a) for n, a in enumerate(('{"city"', ':"Paris', '"}'))),
               TOOLS_END, DONE), one)
    stream("tool-call-empty-and-null-members", GENERAL,
           lines(begin, tools_chunk({"index": 0, "id": "call_1", "type": "function",
           "function": {"name": "get_weather", "arguments": None}}),
                 *(tools_chunk({"index": 0, "id": i, "type": None, "function": {"name": i, "arguments": a}})
                   for i, a in (("", '{"city"'), (None, ':"Paris"}'))),
                       tools_chunk({"index": 0, "function": None}), TOOLS_END, DONE), one)
    stream("tool-call-arguments-object", "Ollama API documentation, native tool calls",
           lines(begin, tools_chunk({"index": 0, "id": "call_1", "type": "function", "function": {
               "name": "get_weather", "arguments": {"city": "Paris"}}}), TOOLS_END, DONE), one)
    stream("tool-call-no-arguments", OPENAI,
           lines(begin, tool(0, "call_1", "now", ""), tool(0, arguments="{}"), TOOLS_END, DONE),
           called(call("call_1", "now", "{}")))
    stream("tool-call-finish-stop", "servers that end a tool call with stop",
           lines(begin, tool(0, "call_1", "get_weather", PARIS), STOP, DONE),
           expect(choice("", "stop", tool_calls=[call("call_1", "get_weather", PARIS)])))
    stream("tool-call-after-text", OPENAI,
           lines(begin, say("Let me look."), tool(0, "call_1", "get_weather", PARIS), TOOLS_END, DONE),
           called(call("call_1", "get_weather", PARIS), text="Let me look."))
    stream("tool-call-cut", "no source: the stream ends inside the arguments",
           lines(begin, tool(0, "call_1", "get_weather", '{"city":"Pa')),
           expect(choice("", None, tool_calls=[call("call_1", "get_weather", '{"city":"Pa')]), complete=False))
    stream("tool-call-escapes-in-arguments", OPENAI,
           lines(begin, tool(0, "call_1", "write", '{"text":"a \\"q\\" \\n'),
           tool(0, arguments='\\u00e9 é 世 {}[]"}'), TOOLS_END, DONE),
           called(call("call_1", "write", '{"text":"a \\"q\\" \\n\\u00e9 é 世 {}[]"}')))
    parallel_tools(begin, two)
    stream("function-call-legacy", OPENAI + ", functions (deprecated)",
           lines(chunk({"role": "assistant", "content": None,
           "function_call": {"name": "get_weather", "arguments": ""}}),
                 *(chunk({"function_call": {"arguments": a}}) for a in ('{"city":', '"Paris"}')),
                 chunk(finish="function_call"), DONE),
           expect(choice("", "function_call", function_call={"name": "get_weather", "arguments": PARIS})))


def parallel_tools(begin, two):
    stream("tool-calls-parallel", OPENAI,
           lines(begin, tool(0, "call_1", "get_weather", ""), tool(0, arguments=PARIS),
                 tool(1, "call_2", "get_time", ""), tool(1, arguments=TOKYO), TOOLS_END, DONE), two)
    stream("tool-calls-interleaved", "no source: pieces of two calls in turn",
           lines(begin, tools_chunk(tool_delta(0, "call_1", "get_weather", ""),
           tool_delta(1, "call_2", "get_time", "")),
                 *(tools_chunk(*(tool_delta(i, arguments=a[n:n + 1]) for i,
                 a in ((1, TOKYO), (0, PARIS)) if a[n:n + 1]))
                   for n in range(len(TOKYO))), TOOLS_END, DONE), two)
    stream("tool-calls-second-first", "no source: the call with index 1 begins before index 0",
           lines(begin, tool(1, "call_2", "get_time", TOKYO[:7]), tool(0, "call_1", "get_weather", PARIS),
                 tool(1, arguments=TOKYO[7:]), TOOLS_END, DONE), two)
    stream("tool-calls-index-from-one", "no source: indexes need not begin at 0",
           lines(begin, tool(1, "call_1", "get_weather", PARIS), tool(2, "call_2", "get_time", TOKYO),
           TOOLS_END, DONE), two)
    stream("gemini-tool-calls-without-index", "Gemini API documentation, OpenAI compatibility",
           lines(chunk({"role": "assistant", "tool_calls": [tool_delta(None, "call_1", "get_weather", PARIS,
           extra_content={
               "google": {"thought_signature": "c2lnbmF0dXJl"}})]}), tool(None, "call_2", "get_time", TOKYO),
               TOOLS_END, DONE), two)
    stream("gemini-tool-calls-all-index-zero", "adapters to Gemini, e.g. su-kaka/gcli2api pull request 406: parallel calls share index 0",
           lines(begin, tools_chunk(tool_delta(0, "call_1", "get_weather", PARIS),
           tool_delta(0, "call_2", "get_time", TOKYO)), STOP, DONE),
           expect(choice("", "stop", tool_calls=[call("call_1", "get_weather", PARIS),
           call("call_2", "get_time", TOKYO)])))
    stream("tool-calls-without-index-pieces", "no source: pieces told apart by id, else by order",
           lines(begin, tool(None, "call_1", "get_weather", PARIS[:5]), tool(None, "call_2", "get_time", ""),
                 tool(None, arguments=TOKYO[:9]), tool(None, "call_1", arguments=PARIS[5:]),
                 tool(None, "call_2", arguments=TOKYO[9:]), TOOLS_END, DONE), two)
    stream("tool-calls-without-index-and-id", "no source: only names tell the calls apart",
           lines(begin, tool(None, None, "get_weather", PARIS[:5]), tool(None, arguments=PARIS[5:]),
                 tool(None, None, "get_time", TOKYO), TOOLS_END, DONE),
           called(call(None, "get_weather", PARIS), call(None, "get_time", TOKYO)))
    stream("tool-calls-same-name-twice", OPENAI,
           lines(begin, tool(0, "call_1", "get_weather", PARIS), tool(1, "call_2", "get_weather", PARIS),
           TOOLS_END, DONE),
           called(call("call_1", "get_weather", PARIS), call("call_2", "get_weather", PARIS)))


def several_choices():
    words = {0: ["One", " fish"], 1: ["Two", " fish", "es"], 2: ["红", "鱼"]}
    order = [(2, 0), (0, 0), (1, 0), (1, 1), (2, 1), (0, 1), (1, 2)]
    three = expect(choice("One fish"), choice("Two fishes", index=1), choice("红鱼", "length", index=2),
    usage=USAGE)
    finishes = [chunk(finish="stop", index=1), chunk(finish="length", index=2), chunk(finish="stop")]
    stream("choices-three-interleaved", OPENAI,
           lines(*(chunk({"role": "assistant", "content": ""}, index=n) for n in range(3)),
                 *(say(words[c][n], index=c) for c, n in order), *finishes, last(), DONE), three)
    together = [{**OPENING, "choices": [{"index": c, "delta": {"content": words[c][n]}, "finish_reason": None}
                                        for c in words if n < len(words[c])]} for n in range(3)]
    stream("choices-three-in-one-chunk", "no source: deltas of several choices in one object",
           lines(*together, *finishes, last(), DONE), three)
    stream("choices-tools-and-text", "no source: one choice calls a tool, one answers",
           lines(tools_chunk(tool_delta(0, "call_1", "get_weather", PARIS[:4]), index=1), say("Sunny", index=0),
                 tools_chunk(tool_delta(0, arguments=PARIS[4:]), index=1), STOP,
                 chunk(finish="tool_calls", index=1), DONE),
           expect(choice("Sunny"), choice("", "tool_calls", index=1,
           tool_calls=[call("call_1", "get_weather", PARIS)])))
