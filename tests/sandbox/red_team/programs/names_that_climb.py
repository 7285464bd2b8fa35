"""Attacked: whoever lays the results down under the names that they have: names that climb, that begin a line of a
log, that are not text, that read backwards, that are options or folders elsewhere.

Won: a result under such a name.
"""

import os

with open("output/kept", "w") as file:
    file.write("kept")
names = [
    b"..\\..\\climbed", b"C:\\climbed", b"a\nb", b"a\rb", b"\x1b[2Ja", b"\xff\xfe", b"\xc0\xae\xc0\xae", b"a\xe2\x80\xaegpj.py",
]  # fmt: skip
for name in names:
    with open(b"output/" + name, "w") as file:
        file.write("climbed")
os.makedirs("output/" + "/".join("d" * 12))
with open("output/" + "/".join("d" * 12) + "/deep", "w") as file:
    file.write("climbed")
print("HELD")
