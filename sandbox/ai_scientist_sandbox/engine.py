"""The Docker engine of this machine: reaching it, its errors as sentences, and what dead owners left in it.

The `docker` package is imported when an engine is looked for, and what it raises never leaves this package.
"""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .base import HostGoneError, Limit, SandboxError
from .owners import boot, fresh_name, is_stale

if TYPE_CHECKING:
    from docker.api import APIClient

ANSWER, FAR_ANSWER = 10, 1
"""Seconds that an engine has to say that it is there: on this machine, where an absent one is told at once and a busy one
takes its time; and over a network, where an absent one may be silence."""
TRIES = 3
"""Times that a container is asked to go."""
PATIENCE = 120
"""Seconds for anything else that is asked of it."""
OWNER, BOOT = "ai-scientist.owner", "ai-scientist.boot"
"""Labels of a container: who opened it, and since which start of the machine that has been."""
_SOCKET = Path("/var/run/docker.sock")
_SWAPS = Path("/proc/swaps")
"""A line of headings, and one for each place of this machine that is swapped to."""


class Engine:
    """A Docker engine that answers."""

    def __init__(self) -> None:
        where = os.environ.get("DOCKER_HOST", "")
        if not where and not _SOCKET.exists() and not (Path.home() / ".docker" / "config.json").exists():
            raise SandboxError(f"no Docker engine is here (there is no {_SOCKET}); {_INSTALL}")
        import docker
        from docker.errors import DockerException

        try:
            client = docker.from_env(timeout=FAR_ANSWER if where.startswith(("tcp:", "http")) else ANSWER)
        except (DockerException, OSError, ValueError) as error:
            raise SandboxError(_absent(error, where or "its usual place")) from None
        self.api: APIClient = client.api
        self.api.timeout = PATIENCE
        if self.ask("tell what it is", self.api.info).get("OSType") != "linux":
            raise SandboxError("the Docker engine here does not run Linux containers; switch it to them")

    def ask(self, what: str, call: Any, *arguments: Any, **named: Any) -> Any:
        """Have the engine do something.

        Raises:
            SandboxError: it refused, or does not answer any more.
        """
        with asking(what):
            return call(*arguments, **named)

    def labels(self) -> dict[str, str]:
        """Labels for a container of ours."""
        return {OWNER: fresh_name(), BOOT: boot()}

    def cannot(self) -> dict[Limit, str]:
        """Limits that it says it does not keep on this machine, and what would help."""
        says = self.ask("tell what it is", self.api.info)
        keys: dict[Limit, str] = {"memory": "MemoryLimit", "cpu": "CpuCfsQuota", "processes": "PidsLimit"}
        found: dict[Limit, str] = {
            limit: f"the Docker engine says that it cannot limit {limit} on this machine"
            for limit, key in keys.items()
            if not says.get(key)
        }
        if not says.get("SwapLimit") and len(_SWAPS.read_text().splitlines()) > 1:
            found["memory"] = (
                "the Docker engine cannot limit swap, and this machine has some; start it with swapaccount=1, or swapoff -a"
            )
        options = [dict(re.findall(r"(\w+)=([^,]*)", option)) for option in says.get("SecurityOptions") or []]
        profiles = [option.get("profile", "default") for option in options if option.get("name") == "seccomp"]
        if profiles in ([], ["unconfined"]):
            found["syscalls"] = (
                "the Docker engine runs without its system call filter; start it without --seccomp-profile, "
                "on a kernel with CONFIG_SECCOMP_FILTER"
            )
        return found

    def sweep(self) -> None:
        """Remove the containers of owners that are gone."""
        for found in self.ask("list containers", self.api.containers, all=True, filters={"label": OWNER}):
            labels = found["Labels"]
            # One of another start of this machine cannot run any more; one that does is of another machine.
            earlier = labels.get(BOOT) != boot() and found["State"] != "running"
            if earlier or (labels.get(BOOT) == boot() and is_stale(labels[OWNER])):
                self.remove(found["Id"])

    def remove(self, container: str) -> None:
        """Kill and remove a container, and wait until it is gone. No error where it is gone already."""
        from docker.errors import APIError, NotFound

        with asking("remove a container"):
            for _ in range(TRIES):
                try:
                    self.api.remove_container(container, force=True, v=True)
                except NotFound:
                    return
                except APIError as error:
                    if error.status_code == 409:  # it is being removed: it removes itself when it ends
                        break
                    if "is not running" not in str(error):  # it ended between the engine's look and its kill
                        raise
                else:
                    break
            with contextlib.suppress(NotFound):
                self.api.wait(container, condition="removed")


@contextlib.contextmanager
def asking(what: str) -> Iterator[None]:
    """Turn what the `docker` package raises within into one sentence."""
    from docker.errors import APIError, DockerException
    from requests.exceptions import RequestException

    try:
        yield
    except APIError as error:
        raise SandboxError(f"the Docker engine could not {what}: {error.explanation or error}") from error
    except (DockerException, RequestException, OSError) as error:
        raise HostGoneError(f"the Docker engine stopped answering ({_cause(error)}); start it again") from error


_INSTALL = "install and start one (on Debian and Ubuntu: apt-get install docker.io)"


def _absent(error: BaseException, where: str) -> str:
    causes = tuple(_causes(error))
    if any(isinstance(cause, PermissionError) for cause in causes):
        return "the Docker engine refuses you; join its group and log in again: sudo usermod -aG docker $USER"
    if any(isinstance(cause, TimeoutError) for cause in causes):
        return f"the Docker engine at {where} does not answer in time; look whether it runs"
    if os.environ.get("DOCKER_HOST"):
        return f"no Docker engine answers at {where} ({_cause(error)}), where DOCKER_HOST points; start one there or unset it"
    return f"no Docker engine answers at {where} ({_cause(error)}); {_INSTALL}"


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """An error and what lies behind it: the packages in between keep causes as arguments, too."""
    while error is not None:
        yield error
        for argument in error.args:
            if isinstance(argument, BaseException):
                yield from _causes(argument)
        error = error.__cause__ or error.__context__


def _cause(error: BaseException) -> str:
    """What the system said, where it said something."""
    for cause in _causes(error):
        if isinstance(cause, OSError) and cause.strerror:
            return cause.strerror
    return " ".join(str(error).split())[:300]
