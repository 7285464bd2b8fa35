"""What every back end does alike: it refuses what it cannot lend or show, and opens a sandbox."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from pathlib import Path
from typing import Generic, TypeVar

from .base import Limits, Sandbox, SandboxError, SandboxHost
from .programs import check_mounts

Found = TypeVar("Found")
"""An image as the back end has it."""


class Host(SandboxHost, Generic[Found]):
    """See `base.SandboxHost`."""

    user: int | None = None
    """The user id that programs run under; None: our own."""

    @abstractmethod
    def _find(self, image: str) -> Found: ...

    @abstractmethod
    def _open(
        self, found: Found, limits: Limits, mounts: Mapping[str, Path], extra: Mapping[str, str] | None
    ) -> Sandbox: ...

    def open(
        self,
        image: str,
        limits: Limits,
        *,
        mounts: Mapping[str, Path] | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> Sandbox:
        if limits.gpus and (why := self.lends(limits.gpus)):
            raise SandboxError(why)
        check_mounts(mounts or {}, self.user)
        return self._open(self._find(image), limits, mounts or {}, environment)

    def lends(self, gpus: int) -> str | None:
        """Why a job cannot have so many GPUs here; None: it can.

        Raises:
            SandboxError: it could not be found out.
        """
        return f"the {self.name} back end lends no GPU; docker does" if gpus else None
