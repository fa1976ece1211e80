#!/usr/bin/env python3
"""Checks the fixtures: every file is in its index and back, every reply reads as its index expects.

Prints one line per mismatch and a closing count; exit 1 if there is any.
"""

import json
import sys

from fixture_index import FIXTURES
from raw_http import split_response
from reply_assembler import assemble


def differences(entry, got):
    expected = entry["expect"]
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
        body = (folder / entry["file"]).read_bytes()
        if folder.name == "raw":
            body = b"".join(response.body for response in split_response(body))
        if folder.name != "requests" and entry["expect"].get("choices") is not None:
            yield from differences(entry, assemble(body))


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
