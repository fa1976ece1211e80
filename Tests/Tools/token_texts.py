"""Texts to count tokens of: English and Chinese prose, source code, JSON, all made of the words below."""

import itertools
import json
import random

SUBJECTS = (
    "the gardener|my neighbour|a young engineer|the committee|our teacher|every visitor|"
    "the old captain"
).split("|")
VERBS = "remembers|describes|repairs|questions|photographs|reorganises|underestimates|celebrates".split("|")
OBJECTS = (
    "the broken bridge|a handwritten letter|several unfinished paintings|the quarterly budget|"
    "an obscure proverb"
).split("|")
ENDINGS = (
    "before the rain begins|without much enthusiasm|as soon as the train arrives|"
    "because nobody else would|in the year {}"
).split("|")
ANSWERS = (
    "That is worth a closer look.|Perhaps we should wait until Thursday.|"
    "Nobody disagreed, surprisingly."
).split("|")

WHO = "园丁|我的邻居|年轻的工程师|委员会|老师|每一位游客|老船长".split("|")
WHEN = "昨天傍晚|在雨季到来之前|去年冬天|火车进站的时候|二〇{}年的春天".split("|")
DOES = "修好了那座断桥|读完一封手写的信|重新整理了季度预算|忘记了一句古老的谚语|拍下几幅未完成的画".split("|")
WHY = "因为没有别人愿意|虽然大家并不热心|于是所有人都松了一口气|这件事值得再想一想".split("|")

NAMES = "order|customer|window|token|session|invoice|buffer|packet|route|matrix".split("|")
ACTIONS = "load|merge|validate|encode|schedule|flatten|resolve|append".split("|")
TYPES = "Int|String|[UInt8]|Double?|Set<String>".split("|")
STATES = "open|pending|shipped|cancelled|unknown".split("|")


def english(chance, size):
    sentences = []
    while sum(map(len, sentences)) < size:
        ending = chance.choice(ENDINGS).format(chance.randint(1900, 2030))
        sentences.append(
            f"{chance.choice(SUBJECTS)} {chance.choice(VERBS)} {chance.choice(OBJECTS)} {ending}.".capitalize()
        )
        if chance.random() < 0.3:
            sentences.append(chance.choice(ANSWERS))
    return " ".join(sentences)


def chinese(chance, size):
    sentences = []
    while 3 * sum(map(len, sentences)) < size:
        when = chance.choice(WHEN).format(chance.choice("一二三四五六七八九"))
        sentences.append(f"{chance.choice(WHO)}{when}{chance.choice(DOES)}，{chance.choice(WHY)}。")
    return "".join(sentences)


def python_function(chance):
    name, other, action = chance.choice(NAMES), chance.choice(NAMES), chance.choice(ACTIONS)
    return (
        f"def {action}_{name}({other}s, limit={chance.randint(1, 999)}, *, strict=False):\n"
        f'    """Returns the {name} of each {other}."""\n'
        f"    result = {{}}\n"
        f"    for index, {other} in enumerate({other}s):\n"
        f"        if {other} is None or index >= limit:\n"
        f"            continue\n"
        f"        result[{other}.id] = {other}.{name} * {chance.random():.3f}\n"
        f'    assert not strict or result, f"no {name} in {{len({other}s)}} {other}s"\n'
        f"    return result\n"
    )


def swift_function(chance):
    name, other, action = chance.choice(NAMES), chance.choice(NAMES), chance.choice(ACTIONS)
    kind = chance.choice(TYPES)
    return (
        f"func {action}{name.title()}(_ {other}s: [{other.title()}], at offset: Int) throws -> {kind} {{\n"
        f"    guard let first = {other}s.first(where: {{ $0.{name} != nil && !$0.is{action.title()}d }})\n"
        f"    else {{\n"
        f"        throw {name.title()}Error.missing({other}s.count, offset << {chance.randint(1, 8)})\n"
        f"    }}\n"
        f"    let mask = 0x{chance.getrandbits(32):08X}\n"
        f"    return {other}s.map(\\.{name}).reduce(into: first.{name}) {{ $0 &+= ($1 ?? 0) | mask }}\n"
        f"}}\n"
    )


def code(chance, size):
    functions = []
    while sum(map(len, functions)) < size:
        functions.append(chance.choice([python_function, swift_function])(chance))
    return "\n".join(functions)


def record(chance):
    return {
        "id": f"{chance.getrandbits(64):016x}",
        chance.choice(NAMES): chance.choice(STATES),
        "total": round(chance.uniform(0, 9999), 2),
        "count": chance.randint(0, 10**6),
        "created_at": f"2026-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}T{chance.randint(0, 23):02}:00:00Z",
        "tags": chance.sample(NAMES, 2),
        "owner": {"name": chance.choice(ACTIONS), "active": chance.random() < 0.5, "parent": None},
        "position": [round(chance.uniform(-180, 180), 6), round(chance.uniform(-90, 90), 6)],
    }


def json_text(chance, size):
    records = []
    while len(json.dumps(records)) < size:
        records.append(record(chance))
    if chance.random() < 0.5:
        return json.dumps(records, indent=2)
    return json.dumps(records, separators=(",", ":"))


KINDS = {"english": english, "chinese": chinese, "code": code, "json": json_text}


def texts(kind, seed):
    """Texts of a kind without end, each of 100 to 2500 bytes or a little more; `a-then-b` are ten and then others."""
    chance = random.Random(f"{kind} {seed}")
    first, _, second = kind.partition("-then-")
    for number in itertools.count():
        make = KINDS[second if second and number >= 10 else first]
        yield make(chance, chance.randint(100, 2500))
