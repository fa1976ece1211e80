"""Writing of fixture files and their index.json, shared by all scripts that make fixtures.

An index holds one entry per file, sorted by name. A script replaces the entries that it made itself and leaves
those of other scripts alone, so captures can be repeated one by one.
"""

import json
import pathlib

FIXTURES = pathlib.Path(__file__).resolve().parent.parent / "Fixtures"


class Group:
    """One folder of fixtures, as seen by the script `by`."""

    def __init__(self, folder, by):
        self.path = FIXTURES / folder
        self.by = by
        self.entries = []

    def add(self, file, body, kind, source, expect, **more):
        """Writes `body` to `file` and notes where it is from and what is expected of it."""
        self.path.mkdir(parents=True, exist_ok=True)
        (self.path / file).write_bytes(body)
        entry = {"file": file, "kind": kind, "by": self.by, "from": source, **more, "expect": expect}
        self.entries.append(entry)

    def save(self):
        """Merges this script's entries into index.json and removes its files that it no longer makes."""
        index = self.path / "index.json"
        old = json.loads(index.read_text()) if index.exists() else []
        made = {entry["file"] for entry in self.entries}
        for entry in old:
            if entry["by"] == self.by and entry["file"] not in made:
                (self.path / entry["file"]).unlink(missing_ok=True)
        kept = [e for e in old if e["by"] != self.by and e["file"] not in made]
        entries = sorted(kept + self.entries, key=lambda e: e["file"])
        lines = ",\n".join(json.dumps(e, ensure_ascii=False) for e in entries)
        index.write_text(f"[\n{lines}\n]\n", encoding="utf-8")
