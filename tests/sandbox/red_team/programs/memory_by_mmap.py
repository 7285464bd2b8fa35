"""Attacked: the machine's memory, by pages that belong to no allocator and are shared with whoever is forked.

Won: 200 MiB, where 128 are given.
"""

import mmap

print("BEGUN")
with open("output/kept", "w") as file:
    file.write("kept")
pages = mmap.mmap(-1, 200 << 20)
for at in range(0, len(pages), mmap.PAGESIZE):
    pages[at] = 1
print("WON", len(pages) >> 20, "MiB")
