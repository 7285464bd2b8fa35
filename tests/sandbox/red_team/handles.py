"""A file's handle: what `open_by_handle_at` opens it by, wherever on its file system it is."""

from __future__ import annotations

import ctypes
import os
import struct
from pathlib import Path

_MOST = 128
"""Bytes of a handle: MAX_HANDLE_SZ."""


def handle_of(path: Path) -> str:
    """The handle in hexadecimal: struct file_handle of linux/fcntl.h. Empty where the file system has none."""
    libc = ctypes.CDLL(None, use_errno=True)
    handle = ctypes.create_string_buffer(struct.pack("Ii", _MOST, 0), 8 + _MOST)
    mount = ctypes.c_int()
    if libc.name_to_handle_at(-100, os.fsencode(path), handle, ctypes.byref(mount), 0):  # AT_FDCWD
        return ""
    return handle.raw.hex()
