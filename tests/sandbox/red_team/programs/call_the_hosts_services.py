"""Attacked: services of the machine that listen on loopback and trust whoever reaches them (Jupyter, Ollama,
databases).

Won: an answer from one.
"""

import socket
import sys
import urllib.request

print("BEGUN")
won = False
for host in ("127.0.0.1", "localhost", "172.17.0.1", "host.docker.internal", "[::1]", "0.0.0.0"):
    try:
        with urllib.request.urlopen(f"http://{host}:{sys.argv[1]}/", timeout=1) as answer:
            print("WON", host, answer.read().decode())
            won = True
    except OSError:
        continue
print([name for _, name in socket.if_nameindex()])
print("DONE" if won else "HELD")
