"""Attacked: the machine's memory, by files in /tmp, which are memory where it is a tmpfs.

Won: 12 MiB, where 8 are given.
"""

print("BEGUN")
with open("/tmp/hoard", "wb") as file:
    for _ in range(12):
        file.write(bytes(1 << 20))
print("WON 12 MiB")
