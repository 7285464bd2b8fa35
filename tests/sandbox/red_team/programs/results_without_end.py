"""Attacked: the memory of whoever reads the results: files that hold nothing and are longer than any disk.

Won: more of them than may have been written.
"""

with open("output/kept", "w") as file:
    file.write("kept")
for name, size in (("l", 32 << 20), ("m", 1 << 30), ("n", 1 << 40)):
    with open(f"output/{name}", "w") as file:
        file.truncate(size)
print("HELD")
