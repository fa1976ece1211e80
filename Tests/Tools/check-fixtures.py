#!/usr/bin/env python3
"""Checks the fixtures: every file is in its index and back, every reply reads as its index expects.

Prints one line per mismatch and a closing count; exit 1 if there is any.
"""

import json
import sys

from capture import described
from fixture_index import FIXTURES
from raw_http import described_request, split_response
from reply_assembler import assemble


def differences(entry, expected, got):
    for key in sorted(expected.keys() | got.keys()):
        if expected.get(key) != got.get(key):
            yield f"{entry['file']}: {key}: expected {expected.get(key)!r:.300}, read {got.get(key)!r:.300}"


def check_group(folder):
    entries = json.loads((folder / "index.json").read_text(encoding="utf-8"))
    named = [entry["file"] for entry in entries]
    present = {path.name for path in folder.iterdir()} - {"index.json"}
    yield from (f"{folder.name}/{name}: in the index, no file" for name in named if name not in present)
    yield from (f"{folder.name}/{name}: no entry in the index" for name in sorted(present - set(named)))
    yield from (f"{folder.name}/{name}: twice in the index" for name in set(named) if named.count(name) > 1)
    for entry in entries:
        if entry["file"] in present:
            yield from CHECKS[folder.name](entry, (folder / entry["file"]).read_bytes())


def check_reply(entry, body):
    return differences(entry, entry["expect"], assemble(body))


def check_raw(entry, data):
    responses, expected = split_response(data), entry["expect"]["replies"]
    if len(responses) != len(expected):
        yield f"{entry['file']}: expected {len(expected)} replies, read {len(responses)}"
    for response, expect in zip(responses, expected):
        yield from differences(entry, expect, {**described(response), **assemble(response.body)})


def check_request(entry, data):
    return differences(entry, entry["expect"], described_request(data))


CHECKS = {"replies": check_reply, "raw": check_raw, "requests": check_request}


def main():
    folders = sorted(path.parent for path in FIXTURES.glob("*/index.json"))
    problems = [problem for folder in folders for problem in check_group(folder)]
    print("\n".join(problems), end="\n" if problems else "")
    count = sum(len(json.loads((folder / "index.json").read_text(encoding="utf-8"))) for folder in folders)
    size = sum(path.stat().st_size for path in FIXTURES.rglob("*") if path.is_file())
    print(f"{count} fixtures, {size // 1024} KB, {len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
