"""Attacked: the machine's memory, by an allocator.

Won: 400 MiB, where 128 are given.
"""

print("BEGUN")
with open("output/kept", "w") as file:
    file.write("kept")
blocks = [bytearray(16 << 20) for _ in range(25)]
print("WON", len(blocks) * 16, "MiB")
