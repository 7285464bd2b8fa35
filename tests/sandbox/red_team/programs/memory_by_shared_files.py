"""Attacked: the machine's memory, by files in /dev/shm, which are memory.

Won: 12 MiB, where 8 are given.
"""

print("BEGUN")
with open("/dev/shm/hoard", "wb") as file:
    for _ in range(12):
        file.write(bytes(1 << 20))
print("WON 12 MiB")
