"""Attacked: the tables of a paper. Among good lines of `measurements.jsonl` are ones that are no numbers, are
infinite, say two things at once, are not text, name nothing, and a seed that is two.

Won: any of them among the measurements.
"""

good = {"metric": '"a"', "value": "1", "better": '"higher"', "dataset": '"d"', "split": '"validation"'}


def line(**changes):
    return (
        "{"
        + '"kind": "measurement", '
        + ", ".join(f'"{name}": {value}' for name, value in (good | changes).items())
        + "}\n"
    )


with open("output/measurements.jsonl", "wb") as file:
    file.write(line().encode())
    for value in ("NaN", "-Infinity", "1e999", "true", '"1"', "[1]", "9" * 9000, "1, " + '"value": 2'):
        file.write(line(value=value, metric='"lie"').encode())
    for name in ('""', '"\\u202e"', "null", '"' + "n" * 5000 + '"', '"lie\\n"'):
        file.write(line(metric=name).encode())
    file.write(line(metric='"a"', better='"lower"', value="99").encode())
    file.write(b'{"kind": "measurement", "metric": "\xff\xfe"}\n\0\0\0\n[]\nlie\n')
    file.write(b'{"kind": "seed", "seed": 1}\n{"kind": "seed", "seed": 2}\n')
    file.write(line(value="2").encode() + line(metric='"lie"').encode().strip())
print("HELD")
