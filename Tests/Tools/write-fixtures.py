#!/usr/bin/env python3
"""Writes the fixtures that no program here can be made to send: deviations of vendors and edge cases of the wire.

Every expectation is written by hand next to the bytes; check-fixtures.py compares it with a reference reading.
Running this again must give the same files.
"""

import json

from fixture_parts import (CREATED, DEFAULT_MODEL, DONE, GENERAL, GROUP, OPENAI, OPENING, PARIS, SDK, SSE_SPEC,
                           STOP, TOKYO, USAGE, call, called, choice, chunk, completion, dumps, expect, failure,
                           last, lines, plain, say, stream)
from tool_fixtures import several_choices, tools


def framing():
    """One short reply in every framing that clients accept."""
    items = (OPENING, say("Grüße"), say(", 世界"), STOP, last(), DONE)
    whole = expect(choice("Grüße, 世界"), usage=USAGE)
    stream("framing-lf", SSE_SPEC, lines(*items), whole)
    stream("framing-crlf", SSE_SPEC, lines(*items, newline="\r\n"), whole)
    stream("framing-cr", SSE_SPEC, lines(*items, newline="\r"), whole)
    stream("framing-mixed-newlines", SSE_SPEC,
           lines(*items[:2], newline="\r\n") + lines(*items[2:4], newline="\r") + lines(*items[4:]), whole)
    stream("framing-no-space-after-data", SSE_SPEC, lines(*items[:-1], "data:[DONE]", prefix="data:"), whole)
    stream("framing-bom", SSE_SPEC, b"\xef\xbb\xbf" + lines(*items), whole)
    stream("framing-single-newlines",
           "line-based readers accept it: Zed crates/open_ai, Open WebUI routers/openai.py",
           lines(*items).replace(b"\n\n", b"\n"), whole)
    stream("framing-extra-blank-lines",
           "DeepSeek API documentation, rate limit (empty lines keep a connection alive)",
           lines(*items).replace(b"\n\n", b"\n\n\n\n"), whole)
    stream("framing-no-final-blank-line", SDK, lines(*items)[:-2], whole)
    stream("framing-done-trailing-spaces", GENERAL, lines(*items[:-1], "data: [DONE]  "), whole)
    stream("framing-event-id-retry-fields", SSE_SPEC,
           b"retry: 3000\n\n" + b"".join(b"event: message\nid: %d\n" % n + lines(i) for n,
           i in enumerate(items)), whole)
    stream("framing-event-without-data", SDK, lines(OPENING, "event: ping", "data:", "data: ", *items[1:]),
           whole)
    stream("framing-fields-after-data", SSE_SPEC,
           b"".join(lines(i)[:-1] + b"id: 7\nevent: message\nunknown: field\nbare\n\n" for i in items), whole)
    stream("framing-multi-line-data", SSE_SPEC,
           lines(OPENING) + b'data: {"model":"example-model","choices":[\ndata: '
           b'{"index":0,\ndata: "delta":{"content":"one\\ntwo"},\ndata: "finish_reason":null}]}\n\n' + lines(STOP, DONE),
           expect(choice("one\ntwo")))
    stream("framing-pretty-printed-data", SSE_SPEC,
           b"".join("".join(f"data: {line}\n" for line in json.dumps(i, indent=2,
           ensure_ascii=False).split("\n"))
                    .encode() + b"\n" for i in items[:-1]) + lines(DONE), whole)
    stream("framing-text-plain", GENERAL, lines(*items), whole, content_type="text/plain")
    stream("framing-json-content-type", GENERAL, lines(*items), whole,
           content_type="application/json; charset=utf-8")


def comments():
    stream("openrouter-comments", "OpenRouter API documentation, streaming",
           lines(": OPENROUTER PROCESSING", ": OPENROUTER PROCESSING",
                 chunk({"role": "assistant", "content": "Hello"}, provider="ExampleProvider",
                 model="vendor/model:free"),
                 ": OPENROUTER PROCESSING",
                 chunk({"role": "assistant", "content": " there"}, model="vendor/model:free"),
                 chunk({"role": "assistant", "content": ""}, finish="stop", model="vendor/model:free"),
                 last({**USAGE, "cost": 0.00014}, model="vendor/model:free"), DONE),
           expect(choice("Hello there"), model="vendor/model:free", usage={**USAGE, "cost": 0.00014}))
    stream("deepseek-keep-alive", "DeepSeek API documentation, rate limit",
           lines(": keep-alive", "", OPENING, ": keep-alive", say("Hi"), ":", ": data: {not an event}", STOP,
           DONE),
           expect(choice("Hi")))
    stream("comment-inside-event", SSE_SPEC,
           b": before\n" + lines(say("a"))[:-1] + b": within\n\n" + lines(STOP, DONE), expect(choice("a")))


def endings():
    source = GENERAL
    stream("end-no-usage", source, lines(OPENING, say("Hi"), STOP, DONE), expect(choice("Hi")))
    stream("end-no-done", source, lines(OPENING, say("Hi"), STOP), expect(choice("Hi")))
    stream("end-no-finish-reason", source, lines(OPENING, say("Hi"), DONE), expect(choice("Hi", None)))
    stream("end-finish-reason-empty", source, lines(chunk({"content": "Hi"}, finish=""), chunk(finish=""),
           DONE),
           expect(choice("Hi", None)))
    stream("end-cut-between-events", source, lines(OPENING, say("Half of"), say(" it")),
           expect(choice("Half of it", None), complete=False))
    stream("end-cut-inside-event", source, lines(OPENING,
           say("Half of")) + b'data: {"id":"chatcmpl-1","choices":[{"ind',
           expect(choice("Half of", None), complete=False))
    stream("end-cut-inside-character", source, lines(OPENING,
           say("Half of")) + lines(say("世")).partition("世".encode())[0] + "世".encode()[:2],
           expect(choice("Half of", None), complete=False))
    stream("end-cut-one-of-two-choices", source,
           lines(say("a"), say("b", index=1), chunk(finish="stop"), say("c", index=1)),
           expect(choice("a"), choice("bc", None, index=1), complete=False))
    stream("end-length", OPENAI, lines(OPENING, say("One"), chunk(finish="length"), DONE),
           expect(choice("One", "length")))
    stream("end-content-filter", OPENAI, lines(OPENING, say("One"), chunk(finish="content_filter"), DONE),
           expect(choice("One", "content_filter")))
    stream("end-empty", source, b"", expect(model=None, complete=False))
    stream("end-only-comments", source, lines(": ping", ": ping"), expect(model=None, complete=False))
    stream("end-only-done", source, lines(DONE), expect(model=None, complete=False))
    stream("end-no-content", OPENAI, lines(OPENING, STOP, DONE), expect(choice("")))
    stream("end-chunk-without-finish-after-finish", source,
           lines(say("Hi"), STOP, chunk({"content": ""}), DONE), expect(choice("Hi")))
    stream("end-finish-on-every-chunk", "no source: servers that finish every chunk",
           lines(*(chunk({"content": t}, finish="stop") for t in ("All", " is", " well")), DONE),
           expect(choice("All is well")))
    stream("end-content-after-finish", "no source: servers that finish every chunk",
           lines(say("All"), STOP, say(" is well"), last(), DONE), expect(choice("All is well"), usage=USAGE))
    stream("end-text-after-done", "no source: bytes after [DONE] are relayed and ignored",
           lines(say("Hi"), STOP, DONE, ": bye", "event: close"), expect(choice("Hi")))
    stream("end-finish-with-content", source, lines(OPENING, say("Hi"),
           chunk({"content": " you"}, finish="stop"), DONE),
           expect(choice("Hi you")))


def usage():
    counted = [{"prompt_tokens": 11, "completion_tokens": n, "total_tokens": 11 + n} for n in range(1, 4)]
    stream("vllm-usage-every-chunk", "vLLM documentation, stream_options.continuous_usage_stats",
           lines(chunk({"role": "assistant", "content": ""}, usage=counted[0], prompt_token_ids=None),
                 say("Good", usage=counted[1]), chunk({"content": " day"}, "stop", usage=counted[2]),
                 last(counted[2]), DONE),
           expect(choice("Good day"), usage=counted[2]))
    stream("usage-null-until-last", OPENAI,
           lines(*({**c, "usage": None} for c in (OPENING, say("Hi"), STOP)), last(), DONE),
           expect(choice("Hi"), usage=USAGE))
    stream("usage-in-finish-chunk", "Groq and Mistral API references, streaming",
           lines(OPENING, say("Hi"), chunk(finish="stop", usage=USAGE), DONE),
           expect(choice("Hi"), usage=USAGE))
    stream("usage-before-finish", "no source: usage may come in any chunk",
           lines(say("Hi", usage=USAGE), chunk(finish="stop", usage=None), DONE),
           expect(choice("Hi"), usage=USAGE))
    detailed = {**USAGE, "prompt_tokens_details": {"cached_tokens": 8, "audio_tokens": 0},
                "completion_tokens_details": {"reasoning_tokens": 3, "accepted_prediction_tokens": 0}}
    stream("usage-details", OPENAI, lines(OPENING, say("Hi"), STOP, last(detailed, service_tier="default"),
           DONE),
           expect(choice("Hi"), usage=detailed))
    stream("usage-choices-null", GENERAL,
           lines(OPENING, say("Hi"), STOP, {**last(), "choices": None}, DONE),
           expect(choice("Hi"), usage=USAGE))
    stream("usage-choices-missing", GENERAL,
           lines(say("Hi"), STOP, {"id": "chatcmpl-1", "usage": USAGE}, {}, DONE),
           expect(choice("Hi"), usage=USAGE))


def nulls():
    stream("null-content-and-empty-role", GENERAL,
           lines(chunk({"role": "", "content": None}), chunk({"role": "", "content": "Hi"}),
                 chunk({"role": None, "content": None, "tool_calls": None, "function_call": None,
                 "refusal": None}),
                 chunk({"tool_calls": []}), chunk({"content": ""}, finish="stop"), DONE), expect(choice("Hi")))
    stream("null-choices", GENERAL,
           lines({**OPENING, "choices": None}, say("Hi"), {**OPENING, "choices": []}, STOP, DONE),
           expect(choice("Hi")))
    stream("null-delta", "no source: null where an object is usual",
           lines({**OPENING, "choices": [{"index": 0, "delta": None, "finish_reason": None}]}, say("Hi"),
                 {**OPENING, "choices": [{"index": 0, "finish_reason": "stop"}]}, DONE), expect(choice("Hi")))
    stream("null-error-member", "no source: a null error is none",
           lines(say("Hi", error=None), chunk(finish="stop", error=None), DONE),
           expect(choice("Hi")))
    stream("choice-without-index", GENERAL,
           lines({"choices": [{"delta": {"content": "Hi"}}]},
           {"choices": [{"delta": {}, "finish_reason": "stop"}]}, DONE),
           expect(choice("Hi"), model=None))
    stream("members-in-any-order", "RFC 8259, section 4",
           b'data: {"choices":[{"finish_reason":null,"logprobs":{"content":[{"token":"x","delta":{"content":"no"}}]},"delta":'
           b'{"annotations":[],"content":"Hi","role":"assistant"},"index":0}],"extra":{"choices":[{"delta":{"content":"no"}}]},'
           b'"created":1763700000.0,"model":"example-model"}\n\ndata:  { "choices" : [ { "finish_reason" : "stop" , "delta" : '
           b'{ } , "index" : 0 } ] , "n" : -1.5e+300 }  \n\n' + lines(DONE), expect(choice("Hi")))
    stream("members-escaped-names", "RFC 8259, section 7",
           b'data: {"m\\u006fdel":"example-model","choice\\u0073":[{"index":0,"delta":{"con\\u0074ent":"Hi"},"finish_reason":'
           b'"st\\u006fp"}]}\n\n' + lines(DONE), expect(choice("Hi")))


def texts():
    whole = "Hello 世界，你好！😀 👨‍👩‍👧 é ﷽"
    stream("text-raw-utf8", OPENAI, lines(OPENING, *(say(c) for c in whole), STOP, DONE), expect(choice(whole)))
    escaped = [json.dumps(say(t)) for t in ("Hello \u4e16\u754c", "\U0001f600", " caf\u00e9")]
    stream("text-unicode-escapes", "RFC 8259, section 7", lines(OPENING, *("data: " + e for e in escaped), STOP,
           DONE),
           expect(choice("Hello 世界😀 café")))
    stream("text-lone-surrogates", "RFC 8259, section 8.2",
           lines(OPENING, *('data: {"model":"example-model","choices":[{"index":0,"delta":{"content":"%s"}}]}' % t
                            for t in (r"a\ud83d", r"b\ude00c", r"\ud83d\ud83d\ude00")), STOP, DONE),
           expect(choice("a\ufffdb\ufffdc\ufffd\U0001f600")))
    stream("text-invalid-utf8", "no source: a character cut by a token boundary",
           lines(OPENING) + lines(say("a世b")).replace("世".encode(), "世".encode()[:2]) + lines(STOP, DONE),
           expect(choice("a\ufffdb")))
    stream("text-simple-escapes", "RFC 8259, section 7",
           lines(OPENING, r'data: {"model":"example-model","choices":[{"index":0,"delta":{"content":'
                  r'"\"q\" \\ \/ \b\f\n\r\t \u0000 \u2028"}}]}',
                 STOP, DONE), expect(choice('"q" \\ / \b\f\n\r\t \0 \u2028')))
    stream("text-looks-like-sse", "no source: text that imitates the framing",
           lines(OPENING, say("\n\ndata: [DONE]\n\n"), say('data: {"error":{"message":"no"}}'), STOP, DONE),
           expect(choice('\n\ndata: [DONE]\n\ndata: {"error":{"message":"no"}}')))
    big = "".join(f"{n:04} The quick brown fox 敏捷的棕狐. " for n in range(880))
    stream("text-huge-event", "no source: one event of 40 KB", lines(OPENING, say(big), STOP, DONE),
           expect(choice(big)))
    stream("text-content-parts", "Mistral API documentation, reasoning (content as a list of chunks)",
           lines(chunk({"role": "assistant", "content": ""}),
                 chunk({"content": [{"type": "thinking", "thinking": [{"type": "text", "text": "Hm"}]}]}),
                 chunk({"content": [{"type": "thinking", "thinking": [{"type": "text", "text": "m."}]}]}),
                 chunk({"content": [{"type": "text", "text": "Yes"}]}), say(", it is."), STOP, DONE),
           expect(choice("Yes, it is.", reasoning="Hmm.")))
    stream("perplexity-message-beside-delta",
           "Perplexity API reference, streaming (each chunk repeats the message so far)",
           lines(*({**say(t), "choices": [{"index": 0, "finish_reason": f,
           "delta": {"role": "assistant", "content": t},
                                           "message": {"role": "assistant", "content": m}}],
                                           "citations": ["https://example.com/"]}
                   for t, m, f in (("Hello", "Hello", None), (" there", "Hello there", None),
                       ("", "Hello there", "stop")))),
           expect(choice("Hello there")))
    stream("audio-transcript", OPENAI + ", audio output",
           lines(chunk({"role": "assistant", "refusal": None}),
           chunk({"content": None, "audio": {"id": "audio_1", "transcript": "Good "}}),
                 chunk({"audio": {"transcript": "morning."}}), chunk({"audio": {"data": "AAAAAAAAAAA="}}),
                 chunk({"audio": {"data": "AAAA", "expires_at": 1763703600}}), STOP, DONE),
           expect(choice("", audio_transcript="Good morning.")))
    stream("annotations-and-obfuscation", OPENAI,
           lines(say("Hi", obfuscation="k3Jd9"), chunk({"annotations": [{"type": "url_citation",
           "url_citation": {
               "url": "https://example.com/", "title": "content", "start_index": 0, "end_index": 2}}]},
               obfuscation="aa"), STOP, DONE),
           expect(choice("Hi")))


def reasoning():
    stream("deepseek-reasoning-content", "DeepSeek API documentation, reasoning model",
           lines(chunk({"role": "assistant", "content": None, "reasoning_content": ""}),
                 chunk({"content": None, "reasoning_content": "The user "}),
                 chunk({"content": None, "reasoning_content": "greets."}),
                 chunk({"content": "Hello", "reasoning_content": None}),
                 chunk({"content": "!", "reasoning_content": None}),
                 chunk({"content": "", "reasoning_content": None}, "stop",
                 usage={**USAGE, "prompt_cache_hit_tokens": 0,
                                                                                 "prompt_cache_miss_tokens": 11}), DONE),
           expect(choice("Hello!", reasoning="The user greets."),
                  usage={**USAGE, "prompt_cache_hit_tokens": 0, "prompt_cache_miss_tokens": 11}))
    stream("vllm-reasoning", "vLLM documentation v0.11.2, reasoning outputs (field renamed to reasoning)",
           lines(chunk({"role": "assistant", "content": ""}, prompt_token_ids=None),
           chunk({"reasoning": "Think"}), chunk({"reasoning": "ing."}),
                 say("Done", token_ids=None), chunk(finish="stop", stop_reason=None), DONE),
           expect(choice("Done", reasoning="Thinking.")))
    stream("ollama-thinking", "Ollama, field thinking of api/types.go, as some compatible servers copy it",
           lines(chunk({"role": "assistant", "content": "", "thinking": "First, "}),
           chunk({"content": "", "thinking": "count."}), say("Three."), STOP, DONE),
           expect(choice("Three.", reasoning="First, count.")))
    stream("reasoning-in-both-fields", "vLLM during the renaming, LiteLLM: the same text under two names",
           lines(chunk({"reasoning": "Same ", "reasoning_content": "Same "}),
           chunk({"reasoning": "text.", "reasoning_content": "text."}),
                 say("Yes"), STOP, DONE), expect(choice("Yes", reasoning="Same text.")))
    stream("openrouter-reasoning-details", "OpenRouter API documentation, reasoning tokens",
           lines(*(chunk({"role": "assistant", "content": "", "reasoning": t, "reasoning_details": [
               {"type": "reasoning.text", "text": t, "format": "unknown", "index": 0}]}) for t in ("Let me ",
               "see.")),
                 chunk({"role": "assistant", "content": "Seen.", "reasoning": None}),
                 chunk({"content": "", "reasoning": ""}, "stop", native_finish_reason="stop"), DONE),
           expect(choice("Seen.", reasoning="Let me see.")))
    stream("reasoning-interleaved", "no source: reasoning between pieces of text",
           lines(chunk({"reasoning_content": "a"}), say("1"), chunk({"reasoning_content": "b", "content": "2"}),
           STOP, DONE),
           expect(choice("12", reasoning="ab")))
    stream("think-tags-in-text", "servers without a reasoning parser",
           lines(say("<thi"), say("nk>why</think>"), say("because"), STOP, DONE),
           expect(choice("<think>why</think>because")))
    stream("refusal", OPENAI, lines(chunk({"role": "assistant", "content": None, "refusal": ""}),
           chunk({"refusal": "I can't "}),
                                    chunk({"refusal": "help with that."}), STOP, DONE),
           expect(choice("", refusal="I can't help with that.")))


def azure():
    safe = {k: {"filtered": False, "severity": "safe"} for k in ("hate", "self_harm", "sexual", "violence")}
    head = {"choices": [], "created": 0, "id": "", "model": "", "object": "",
            "prompt_filter_results": [{"prompt_index": 0, "content_filter_results": safe}]}
    def piece(delta, finish=None, results=None):
        return {"choices": [{"content_filter_results": results or {}, "delta": delta, "finish_reason": finish,
            "index": 0, "logprobs": None}],
                "created": CREATED, "id": "chatcmpl-1", "model": "gpt-4o-2024-11-20",
                "object": "chat.completion.chunk", "system_fingerprint": "fp_1"}
    stream("azure", "Azure OpenAI documentation, content filtering",
           lines(head, piece({"content": "", "refusal": None, "role": "assistant"}),
           piece({"content": "Hi"}, results=safe),
                 piece({"content": "!"}, results=safe), piece({}, "stop"), DONE),
                 expect(choice("Hi!"), model="gpt-4o-2024-11-20"))
    offsets = {"check_offset": 44, "start_offset": 44, "end_offset": 47}
    stream("azure-asynchronous-filter",
           "Azure OpenAI documentation, asynchronous filter (chunks without delta)",
           lines(head, piece({"content": "Hi", "role": "assistant"}), piece({}, "stop"),
                 {"id": "", "object": "", "created": 0, "model": "",
                 "choices": [{"index": 0, "finish_reason": None,
                  "content_filter_results": safe, "content_filter_offsets": offsets}]},
                 {"id": "", "object": "", "created": 0, "model": "",
                 "choices": [{"index": 0, "finish_reason": "stop",
                  "content_filter_results": {}, "content_filter_offsets": offsets}]}, DONE),
                  expect(choice("Hi"), model="gpt-4o-2024-11-20"))


def errors():
    half = expect(choice("Half", None), complete=False)
    stream("openrouter-error-in-stream", "OpenRouter API documentation, errors (mid-stream)",
           lines(": OPENROUTER PROCESSING", OPENING, say("Half"), {
               "id": "gen-1", "object": "chat.completion.chunk", "created": CREATED, "model": DEFAULT_MODEL,
               "provider": "ExampleProvider",
               "error": {"code": 502, "message": "Provider disconnected",
               "metadata": {"provider_name": "ExampleProvider"}},
               "choices": [{"index": 0, "delta": {"content": ""}, "finish_reason": "error",
               "native_finish_reason": None}]}, DONE),
           {**half, "choices": [choice("Half", "error")], "error": "Provider disconnected", "error_code": 502})
    stream("error-first-event", "OpenRouter API documentation, errors",
           lines({"error": {"message": "Rate limit exceeded", "code": 429}}),
           failure("Rate limit exceeded", 429))
    stream("error-in-stream-then-done", SDK,
           lines(OPENING, say("Half"), {"error": {"message": "Overloaded", "type": "server_error",
           "param": None, "code": "overloaded"}}, DONE),
           {**half, "error": "Overloaded", "error_code": "overloaded"})
    stream("error-string", "Ollama API documentation, errors",
           lines(OPENING, say("Half"), {"error": "model runner has stopped"}),
           {**half, "error": "model runner has stopped"})
    stream("error-event-name", "openai-node 7.5.0, src/core/streaming.ts",
           lines(OPENING, say("Half"), 'event: error\ndata: {"error":{"message":"Server had an error"}}'),
           {**half, "error": "Server had an error"})
    stream("error-bare-json-line",
           "Open WebUI 0.12.4, routers/openai.py (bare JSON error lines inside a stream)",
           lines(OPENING, say("Half"), '{"error":{"message":"Backend gone","code":"backend_gone"}}'),
           {**half, "error": "Backend gone", "error_code": "backend_gone"})
    stream("error-vllm-object", "vLLM before 0.10.1, ErrorResponse (changed by pull request 22099)",
           lines({"object": "error", "message": "This model's maximum context length is 4096 tokens.",
           "type": "BadRequestError", "param": None, "code": 400}, DONE),
           failure("This model's maximum context length is 4096 tokens.", 400))
    stream("error-json-body", GENERAL,
           dumps({"error": {"message": "No such model", "type": "invalid_request_error", "param": "model",
           "code": "model_not_found"}}).encode(),
           failure("No such model", "model_not_found"))
    stream("error-json-body-pretty", GENERAL,
           json.dumps({"error": {"message": "No such model", "code": 404}}, indent=2).encode() + b"\n",
           failure("No such model", 404))
    stream("plain-reply-as-sse", "servers that ignore `stream` and keep the content type",
           dumps(completion({"content": "Not streamed"}, usage=USAGE)).encode(),
           expect(choice("Not streamed"), usage=USAGE))
    stream("malformed-event", "no source: an event that is not JSON is left out",
           lines(OPENING, say("Hi"), "data: ping", 'data: {"choices":[{"index":0,"delta":{"content":"no"}',
           say(" you"), STOP, DONE), expect(choice("Hi you")))


def plain_errors():
    plain("error-200-object", "OpenRouter API documentation, errors",
          {"error": {"message": "Provider returned error", "code": 502}, "user_id": "user_1"},
          failure("Provider returned error", 502))
    plain("error-400-openai", OPENAI + ", errors", {"error": {"message": "Unknown parameter: 'x'.",
          "type": "invalid_request_error", "param": "x", "code": "unknown_parameter"}},
          failure("Unknown parameter: 'x'.", "unknown_parameter"), status=400)
    plain("error-404-ollama-string", "Ollama API documentation, errors", {"error": "model 'x' not found"},
          failure("model 'x' not found"), status=404)
    plain("error-400-vllm-object", "vLLM before 0.10.1, ErrorResponse (changed by pull request 22099)",
          {"object": "error", "message": "The model `x` does not exist.", "type": "NotFoundError",
          "param": None, "code": 404},
          failure("The model `x` does not exist.", 404), status=404)
    plain("error-422-detail", "FastAPI documentation, handling errors",
          {"detail": [{"loc": ["body", "model"], "msg": "field required", "type": "value_error.missing"}]},
          failure('[{"loc": ["body", "model"], "msg": "field required", "type": "value_error.missing"}]'),
          status=422)
    plain("error-401-detail-string", "FastAPI documentation, handling errors", {"detail": "Not authenticated"},
          failure("Not authenticated"), status=401)
    plain("error-400-gemini-list", "Gemini API, OpenAI compatibility: reported to wrap errors in a list",
          [{"error": {"code": 400, "message": "API key not valid.", "status": "INVALID_ARGUMENT"}}],
          failure("API key not valid.", 400), status=400)
    plain("error-null-message", "no source: an error object without a message",
          {"error": {"code": "bad", "type": "x"}},
          failure("null", "bad"), status=500)


def plain_replies():
    plain("plain", OPENAI, completion({"content": "Hello, 世界!", "refusal": None, "annotations": []},
          usage=USAGE, service_tier="default"),
          expect(choice("Hello, 世界!"), usage=USAGE))
    plain("plain-pretty-printed", OPENAI, json.dumps(completion({"content": "a\n世 😀"}, usage=USAGE),
          indent=4).encode() + b"\n",
          expect(choice("a\n世 😀"), usage=USAGE))
    plain("plain-leading-blank-lines", "DeepSeek API documentation, rate limit (empty lines before the body)",
          b"\n\n\n" + dumps(completion({"content": "Hi"})).encode(), expect(choice("Hi")))
    plain("plain-minimal", "openai-python 3.52.0, create() does not validate replies",
          {"choices": [{"message": {"content": "Hi"}}]}, expect(choice("Hi", None), model=None))
    plain("plain-two-choices", OPENAI, {**completion({}), "choices": [
        {"index": 1, "message": {"role": "assistant", "content": "B"}, "finish_reason": "length"},
        {"index": 0, "message": {"role": "assistant", "content": "A"}, "finish_reason": "stop"}]},
          expect(choice("A"), choice("B", "length", index=1)))
    plain("plain-tool-calls", OPENAI, completion({"content": None, "tool_calls": [
        {"id": "call_1", "type": "function", "function": {"name": "get_weather", "arguments": PARIS}},
        {"id": "call_2", "type": "function", "function": {"name": "get_time", "arguments": TOKYO}}]},
        "tool_calls", usage=USAGE),
          called(call("call_1", "get_weather", PARIS), call("call_2", "get_time", TOKYO), usage=USAGE))
    plain("plain-tool-call-arguments-object", GENERAL, completion({"content": "", "tool_calls": [
        {"function": {"name": "get_weather", "arguments": {"city": "Paris"}}}]}, "stop"),
          expect(choice("", tool_calls=[call(None, "get_weather", PARIS)])))
    plain("plain-function-call", OPENAI + ", functions (deprecated)",
          completion({"content": None, "function_call": {
        "name": "get_weather", "arguments": PARIS}}, "function_call"),
          expect(choice("", "function_call", function_call={"name": "get_weather", "arguments": PARIS})))
    plain("plain-refusal", OPENAI, completion({"content": None, "refusal": "I can't help with that."}),
          expect(choice("", refusal="I can't help with that.")))
    plain("plain-audio", OPENAI + ", audio output", completion({"content": None, "audio": {
        "id": "audio_1", "expires_at": 1763703600, "data": "AAAAAAAA", "transcript": "Good morning."}}),
        expect(choice("", audio_transcript="Good morning.")))
    for field, source in (("reasoning_content", "DeepSeek API documentation, reasoning model"),
        ("reasoning", "vLLM documentation v0.11.2, reasoning outputs"),
                          ("thinking", "Ollama, field thinking of api/types.go")):
        plain("plain-" + field.replace("_", "-"), source, completion({"content": "Yes", field: "Because."}),
              expect(choice("Yes", reasoning="Because.")))
    plain("plain-content-parts", "Mistral API documentation, reasoning", completion({"content": [
        {"type": "thinking", "thinking": [{"type": "text", "text": "Hmm."}]}, {"type": "text", "text": "Yes"},
        {"type": "text", "text": "."}]}),
          expect(choice("Yes.", reasoning="Hmm.")))
    plain("plain-nulls", GENERAL, {**completion({"content": None, "tool_calls": None, "refusal": None}, None),
          "model": None,
                                                          "usage": None, "error": None},
                                                          expect(choice("", None), model=None))
    plain("plain-choices-null", GENERAL, {**completion({}), "choices": None}, expect(complete=False))
    plain("plain-choices-empty", GENERAL, {**completion({}), "choices": []}, expect(complete=False))
    plain("plain-lone-surrogate", "RFC 8259, section 8.2",
          b'{"model":"example-model","choices":[{"index":0,"message":{"role":"assistant",'
          b'"content":"a\\ud800b \\ud83d\\ude00"},"finish_reason":"stop"}]}',
          expect(choice("a\ufffdb 😀")))
    plain("plain-truncated", "no source: the body ends early",
          dumps(completion({"content": "Hello there"})).encode()[:-40],
          expect(model=None, complete=False))
    plain("plain-empty", "no source: an empty body", b"", expect(model=None, complete=False))
    plain("plain-html", "no source: an error page of a proxy in between",
          b"<html><body><h1>502 Bad Gateway</h1></body></html>\n",
          expect(model=None, complete=False), status=502, content_type="text/html")


for write in (framing, comments, endings, usage, nulls, texts, reasoning, tools, several_choices, azure, errors,
    plain_errors, plain_replies):
    write()
GROUP.save()
print(f"{len(GROUP.entries)} fixtures written to {GROUP.path.name}/")
