"""Attacked: the machine's memory, by an allocator.

Won: 200 MiB, where 128 are given.
"""

print("BEGUN")
with open("output/kept", "w") as file:
    file.write("kept")
blocks = [bytearray(10 << 20) for _ in range(20)]
print("WON", len(blocks) * 10, "MiB")
