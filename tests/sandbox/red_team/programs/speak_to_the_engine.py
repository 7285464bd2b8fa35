"""Attacked: the container engine. Who may speak to its socket is root on the machine.

Won: an answer from it.
"""

import os
import socket

print("BEGUN")
names = [
    "docker.sock",
    "docker/docker.sock",
    "containerd/containerd.sock",
    "podman/podman.sock",
    "user/1000/docker.sock",
]
places = [f"{run}/{name}" for run in ("/var/run", "/run") for name in names]
places += [os.environ.get("DOCKER_HOST", "").removeprefix("unix://")]
won = False
for place in places:
    line = socket.socket(socket.AF_UNIX)
    line.settimeout(2)
    try:
        line.connect(place)
        line.sendall(b"GET /version HTTP/1.0\r\n\r\n")
        print("WON", place, line.recv(4096).decode())
        won = True
    except OSError:
        continue  # it is not there
print("DONE" if won else "HELD")
