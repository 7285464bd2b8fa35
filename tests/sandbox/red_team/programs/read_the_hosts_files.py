"""Attacked: the files of the machine: what a user keeps, what the system keeps secret, what lies in everybody's
/tmp.

Won: the text of a file that is no part of the image.
"""

import glob
import os
import sys

secret, home = sys.argv[1:]
wanted = [secret, "/etc/shadow", "/etc/gshadow", "/etc/sudoers", "/boot/*", "/root/*", "/root/.*"]
wanted += [
    f"{home}/{name}" for name in (".ssh/*", ".bash*", ".profile", ".netrc", ".aws/*", ".gitconfig", ".config/*/*")
]
wanted += [f"{place}{secret}" for place in ("/proc/1/root", "/proc/self/root", "/proc/self/cwd/../../../..")]
won = False
for path in (path for pattern in wanted for path in glob.glob(pattern)):
    try:
        with open(path) as file:
            print("WON", path, file.read(200))
            won = True
    except OSError:
        continue  # it is seen and not read
for top in ("/home", "/mnt", "/srv", "/media", "/run", "/root", "/boot", "/sys"):
    for folder, _, names in os.walk(top):
        for name in names:
            if not os.path.join(folder, name).startswith(
                (sys.base_prefix, "/sys/fs/cgroup/")
            ):  # its own group's numbers
                print("WON the sight of", os.path.join(folder, name))
                won = True
with open("/etc/passwd") as file:
    users = [line for line in file if not line.startswith("job:")]
print("WON the sight of" if users else "no users", users)
print("DONE" if won or users else "HELD")
