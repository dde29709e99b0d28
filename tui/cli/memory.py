"""Keeps the memory of commands that read many foreign files small. Changes nothing about what they do."""

from __future__ import annotations

_LARGE_BYTES = 256 * 1024
# The numbers by which malloc.h calls the two settings.
_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3


def give_back_at_once() -> None:
    """Let a file that is no longer needed go back to the system, where the C library can be told to.

    glibc keeps freed blocks of up to 32 MB once it has seen one of that size: a folder of hostile files then took 234 MB to
    import, and with this 163 MB. Other libraries are left alone.
    """
    import ctypes

    try:
        set_option = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError, TypeError):
        return
    set_option(_MMAP_THRESHOLD, _LARGE_BYTES)
    set_option(_TRIM_THRESHOLD, _LARGE_BYTES)
