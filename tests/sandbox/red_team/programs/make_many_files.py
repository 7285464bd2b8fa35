"""Attacked: the disk's table of files, which runs out long before its room does.

Won: 300 files, where 256 are given.
"""

print("BEGUN")
for number in range(300):
    open(f"/tmp/{number}", "w").close()
print("WON 300 files")
