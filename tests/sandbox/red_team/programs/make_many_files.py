"""Attacked: the disk's table of files, which runs out long before its room does.

Won: 5000 files, where 256 are given.
"""

print("BEGUN")
for number in range(5000):
    open(f"/tmp/{number}", "w").close()
print("WON 5000 files")
