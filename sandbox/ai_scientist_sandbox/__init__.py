"""Runs programs that nobody trusts. See README.md beside this package."""

from .base import (
    ALL_LIMITS,
    MIB,
    Completed,
    Ending,
    HostGoneError,
    Image,
    Limit,
    Limits,
    NotBuiltError,
    PackagesError,
    Sandbox,
    SandboxError,
    SandboxHost,
)
from .choose import Available, available, build_nothing, open_host
from .laboratory import laboratory
from .results import Measured, Recorded, read_measurements

__all__ = [
    "ALL_LIMITS",
    "MIB",
    "Available",
    "Completed",
    "Ending",
    "HostGoneError",
    "Image",
    "Limit",
    "Limits",
    "Measured",
    "NotBuiltError",
    "PackagesError",
    "Recorded",
    "Sandbox",
    "SandboxError",
    "SandboxHost",
    "available",
    "build_nothing",
    "laboratory",
    "open_host",
    "read_measurements",
]
