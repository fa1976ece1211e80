"""What the client checks have in common: the same case at the gateway and directly, equal results or not."""

import json


def difference(direct, through):
    """The first place where two results part, shortened."""
    direct, through = (json.dumps(r, ensure_ascii=False, default=str) for r in (direct, through))
    place = next(
        (n for n, pair in enumerate(zip(direct, through)) if pair[0] != pair[1]),
        min(len(direct), len(through)),
    )
    start = max(0, place - 40)
    return f"direct …{direct[start : place + 80]}… gateway …{through[start : place + 80]}…"


def compared(function, gateway, upstream):
    """What is wrong with a case, or None."""
    results = []
    for side, client in (("direct", upstream), ("gateway", gateway)):
        try:
            results.append(function(client))
        except Exception as error:
            return f"{side} raised {type(error).__name__}: {error}"
    return None if results[0] == results[1] else difference(*results)


def run(title, cases, gateway, upstream):
    """Runs functions of one argument with each of the two; a line for each and a count. The exit status."""
    failed = 0
    for function in cases:
        problem = compared(function, gateway, upstream)
        failed += problem is not None
        print(
            f"ok   {function.__name__}" if problem is None else f"FAIL {function.__name__}: {problem}",
            flush=True,
        )
    print(f"{title}: {len(cases) - failed} passed, {failed} failed")
    return 1 if failed else 0
