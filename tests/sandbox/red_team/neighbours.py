"""Networks of the tests' own, in which a container answers at addresses that a program in a sandbox must not reach."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ai_scientist_sandbox.containers import settings
from ai_scientist_sandbox.docker import DockerHost
from ai_scientist_sandbox.engine import Engine
from docker.types import IPAMConfig, IPAMPool

from tests.sandbox.engines import until
from tests.sandbox.red_team.attacks import LIMITS
from tests.sandbox.red_team.scene import Scene

NEIGHBOUR, METADATA = "red-team-neighbour", "red-team-metadata"
_ADDRESSES = {NEIGHBOUR: "192.0.2.254", METADATA: "169.254.169.254"}
_SERVER = """
import socket, sys, threading
answer = b"HTTP/1.0 200 OK\\r\\n\\r\\n" + sys.argv[1].encode()
def listen(port):
    server = socket.create_server(("", port))
    while True:
        caller, _ = server.accept()
        caller.recv(4096)
        caller.sendall(answer)
        caller.close()
def hear(port):
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind(("", port))
    while True:
        server.sendto(answer, server.recvfrom(4096)[1])
for serve, port in ((listen, 80), (listen, 443), (hear, 53), (hear, 123)):
    threading.Thread(target=serve, args=(port,)).start()
print("ready", flush=True)
"""


@contextmanager
def neighbours(engine: Engine, host: DockerHost, scene: Scene) -> Iterator[None]:
    """Two internal networks (nothing gets out of them) and one container that tells the secret in both."""
    made: list[str] = []
    container = ""
    try:
        for name, address in _ADDRESSES.items():
            for stale in engine.api.networks(names=[name]):
                engine.api.remove_network(stale["Id"])
            start = address.rpartition(".")[0]
            ipam = IPAMConfig(pool_configs=[IPAMPool(subnet=f"{start}.0/24", gateway=f"{start}.1")])
            made.append(engine.api.create_network(name, "bridge", ipam=ipam, internal=True)["Id"])
        container = _start(engine, host, scene)
        yield
    finally:
        if container:
            engine.remove(container)
        for network in made:
            engine.api.remove_network(network)


def _start(engine: Engine, host: DockerHost, scene: Scene) -> str:
    told = settings(host.image("python").digest, LIMITS, {})
    told |= {"Entrypoint": ["python3", "-c", _SERVER, scene.secret], "OpenStdin": False, "Labels": engine.labels()}
    told["HostConfig"] |= {"NetworkMode": "none", "LogConfig": {"Type": "json-file"}}
    container = str(engine.api.create_container_from_config(told)["Id"])
    try:
        engine.api.disconnect_container_from_network(container, "none")
        for name, address in _ADDRESSES.items():
            engine.api.connect_container_to_network(container, name, ipv4_address=address, aliases=[NEIGHBOUR])
        engine.api.start(container)
        assert until(lambda: b"ready" in engine.api.logs(container)), engine.api.logs(container)
    except BaseException:
        engine.remove(container)
        raise
    return container
