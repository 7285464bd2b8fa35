"""Runs programs that nobody trusts. See README.md beside this package."""

from .base import ALL_LIMITS, MIB, Completed, Ending, Image, Limit, Limits, Sandbox, SandboxError, SandboxHost
from .choose import Available, available, open_host
from .laboratory import laboratory
from .results import Measured, Recorded, read_measurements

__all__ = [
    "ALL_LIMITS",
    "MIB",
    "Available",
    "Completed",
    "Ending",
    "Image",
    "Limit",
    "Limits",
    "Measured",
    "Recorded",
    "Sandbox",
    "SandboxError",
    "SandboxHost",
    "available",
    "laboratory",
    "open_host",
    "read_measurements",
]
