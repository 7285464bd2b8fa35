"""Attacked: whoever parses `measurements.jsonl`: lists and objects nested thirty thousand deep, which exhaust a
parser that calls itself.

Won: a parser that fails over it.
"""

with open("output/measurements.jsonl", "w") as file:
    file.write(
        '{"kind": "measurement", "metric": "a", "value": 1, "better": "higher", "dataset": "d", "split": "validation"}\n'
    )
    file.write("[" * 30_000 + "]" * 30_000 + "\n")
    file.write('{"a":' * 10_000 + "1" + "}" * 10_000 + "\n")
    file.write('{"kind": "config", "values": {"a": ' + "[" * 5000 + "]" * 5000 + "}}\n")
print("HELD")
