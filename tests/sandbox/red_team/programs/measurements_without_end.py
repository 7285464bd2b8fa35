"""Attacked: the memory of whoever reads `measurements.jsonl`: hundreds of thousands of lines, and one that is
longer than any line.

Won: all of them read.
"""

line = '{"kind": "measurement", "metric": "a", "value": 1, "better": "higher", "dataset": "d", "split": "validation"}\n'
with open("output/measurements.jsonl", "w") as file:
    file.write('{"kind": "' + "x" * (1 << 20) + '"}\n')
    for _ in range(150):
        file.write(line * 1000)
print("HELD")
