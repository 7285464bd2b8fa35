"""Attacked: the next job, by way of what it shares with this one: the interpreter, the packages, the harness.

Won: a file in a folder from which Python takes modules, or one of the image's own programs overwritten.
"""

import os
import sys

print("BEGUN")
targets = [os.path.join(folder, "won.pth") for folder in sys.path if folder not in ("", "/job")]
targets += [os.path.join(folder, "sitecustomize.py") for folder in sys.path if folder not in ("", "/job")]
targets += [sys.executable, os.path.realpath(sys.executable), os.__file__, "/opt/sandbox/supervisor.py", "/bin/sh"]
won = False
for path in targets:
    try:
        if os.path.exists(path):
            os.chmod(path, 0o777)
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND))
        print("WON", path)
        won = True
    except OSError:
        continue
print("DONE" if won else "HELD")
