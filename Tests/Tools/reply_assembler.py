"""Reference reading of chat-completion replies: from body bytes to the result that index.json expects.

Plain and slow on purpose. The capture scripts use it to fill in the expectations of captured replies, and
check-fixtures.py compares it with the expectations that were written by hand, so that neither stands alone.
The rules it follows are listed in Tests/Fixtures/README.md.
"""

import json
import re

REASONING_FIELDS = ("reasoning_content", "reasoning", "thinking")


def clean(text):
    """The text with lone surrogates replaced by U+FFFD, as in languages whose strings are valid Unicode."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def text_of(content):
    """Text and reasoning of a `content` member: a string, null, or a list of parts."""
    if isinstance(content, str):
        return content, ""
    text, reasoning = "", ""
    for part in content or []:
        if part.get("type") == "thinking":
            reasoning += text_of(part["thinking"])[0]
        elif isinstance(part.get("text"), str):
            text += part["text"]
    return text, reasoning


def arguments_text(arguments):
    if arguments is None:
        return ""
    if isinstance(arguments, str):
        return arguments
    return json.dumps(arguments, ensure_ascii=False, separators=(",", ":"))


class Choice:
    """One choice, gathered from a whole message or from deltas."""

    def __init__(self, index):
        self.index = index
        self.text = self.reasoning = self.refusal = self.audio_transcript = ""
        self.finish_reason = None
        self.function_call = None
        self.calls = []

    def add(self, message):
        text, reasoning = text_of(message.get("content"))
        self.text += text
        self.reasoning += reasoning
        self.reasoning += next(
            (message[f] for f in REASONING_FIELDS if isinstance(message.get(f), str) and message[f]), ""
        )
        self.refusal += message.get("refusal") or ""
        self.audio_transcript += (message.get("audio") or {}).get("transcript") or ""
        if message.get("function_call"):
            call = self.function_call = self.function_call or {"name": "", "arguments": ""}
            name = message["function_call"].get("name") or ""
            call["name"] += name if name != call["name"] else ""
            call["arguments"] += arguments_text(message["function_call"].get("arguments"))
        for delta in message.get("tool_calls") or []:
            self.add_tool_call(delta)

    def add_tool_call(self, delta):
        function = delta.get("function") or {}
        identifier, name = delta.get("id") or None, function.get("name") or ""
        call = self.find_call(delta.get("index"), identifier, name)
        if call is None:
            call = {"index": delta.get("index"), "id": identifier, "name": "", "arguments": ""}
            self.calls.append(call)
        call["id"] = call["id"] or identifier
        if name != call["name"]:
            call["name"] += name
        call["arguments"] += arguments_text(function.get("arguments"))

    def find_call(self, index, identifier, name):
        """The call that a delta continues: by index, else by id, else the last one; None begins a new call."""
        if index is not None:
            same = [c for c in self.calls if c["index"] == index]
            if same and identifier and name and same[-1]["id"] not in (None, identifier):
                return None
            return same[-1] if same else None
        if identifier:
            return next((c for c in self.calls if c["id"] == identifier), None)
        if not self.calls or (name and self.calls[-1]["name"]):
            return None
        return self.calls[-1]

    def result(self):
        calls = sorted(self.calls, key=lambda c: c["index"] if c["index"] is not None else -1)
        result = {
            "index": self.index,
            "text": clean(self.text),
            "reasoning": clean(self.reasoning),
            "refusal": clean(self.refusal),
            "tool_calls": [{k: c[k] for k in ("id", "name", "arguments")} for c in calls],
            "finish_reason": self.finish_reason,
        }
        if self.function_call and not calls:
            result["function_call"] = self.function_call
        if self.audio_transcript:
            result["audio_transcript"] = clean(self.audio_transcript)
        return result


class Reply:
    """A whole reply, gathered from one JSON object or from the objects of a stream."""

    def __init__(self):
        self.choices = {}
        self.model = self.usage = self.error = self.error_code = None
        self.done = False

    def add(self, value):
        if isinstance(value, list):
            value = value[0] if value else {}
        if not isinstance(value, dict):
            return
        self.read_error(value)
        self.model = self.model or value.get("model") or None
        self.usage = value.get("usage") or self.usage
        for item in value.get("choices") or []:
            choice = self.choices.setdefault(item.get("index") or 0, Choice(item.get("index") or 0))
            body = item["delta"] if isinstance(item.get("delta"), dict) else item.get("message")
            choice.add(body or {})
            choice.finish_reason = item.get("finish_reason") or choice.finish_reason

    def read_error(self, value):
        error = value.get("error")
        if not error and value.get("object") == "error":
            error = value
        if not error and "choices" not in value and value.get("detail"):
            error = value["detail"]
        if not error:
            return
        if isinstance(error, dict):
            self.error_code = error.get("code")
            error = error.get("message")
        self.error = error if isinstance(error, str) else json.dumps(error, ensure_ascii=False)

    def result(self, streamed):
        finished = all(c.finish_reason for c in self.choices.values())
        complete = bool(self.choices) and self.error is None and (not streamed or self.done or finished)
        result = {
            "choices": [self.choices[i].result() for i in sorted(self.choices)],
            "model": self.model,
            "usage": self.usage,
            "complete": complete,
            "error": self.error,
        }
        if self.error_code is not None:
            result["error_code"] = self.error_code
        return result


def parsed(text):
    try:
        return json.loads(text)
    except ValueError:
        return None


def events(text):
    """Data of each event, without comments and other fields; a bare JSON line is an event of its own."""
    data = []
    for line in re.split("\r\n|\n|\r", text.removeprefix("\ufeff")) + [""]:
        if line == "":
            if data:
                yield data
            data = []
        elif line.startswith("data:"):
            data.append(line[5:].removeprefix(" "))
        elif line.startswith("{"):
            yield [line]
    if data:
        yield data


def assemble(body):
    """The expected result of a reply's body bytes, whatever its content type says."""
    reply = Reply()
    text = body.decode("utf-8", "replace")
    whole = parsed(text.removeprefix("\ufeff"))
    if whole is not None:
        reply.add(whole)
        return reply.result(streamed=False)
    for data in events(text):
        joined = "\n".join(data)
        for value in [joined] if parsed(joined) is not None else data:
            if value.strip() == "[DONE]":
                reply.done = True
            else:
                reply.add(parsed(value))
    return reply.result(streamed=True)
