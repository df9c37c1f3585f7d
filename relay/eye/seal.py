"""Closes a worker's doors in the kernel: from then on it computes and talks in its pipes.

A seccomp filter lists the few system calls that remain; every other one is refused,
also those that a later kernel brings. No file is opened any more, not even to read, no
socket is made, no process started, no signal sent. It cannot be taken off again.
"""

import ctypes
import errno
import struct
import sys
from platform import machine

REMAINING = {
    # name: (on x86-64, on aarch64)
    "brk": (12, 214),
    "clock_getres": (229, 114),
    "clock_gettime": (228, 113),
    "clock_nanosleep": (230, 115),
    "close": (3, 57),
    "dup": (32, 23),
    "exit": (60, 93),
    "exit_group": (231, 94),
    "fcntl": (72, 25),
    "fstat": (5, 80),
    "futex": (202, 98),
    "get_mempolicy": (239, 236),
    "getcpu": (309, 168),
    "getpid": (39, 172),
    "getrandom": (318, 278),
    "getrusage": (98, 165),
    "gettid": (186, 178),
    "gettimeofday": (96, 169),
    "lseek": (8, 62),
    "madvise": (28, 233),
    "membarrier": (324, 283),
    "mmap": (9, 222),
    "mprotect": (10, 226),
    "mremap": (25, 216),
    "munmap": (11, 215),
    "nanosleep": (35, 101),
    "poll": (7, None),
    "ppoll": (271, 73),
    "prctl": (157, 167),
    "read": (0, 63),
    "readv": (19, 65),
    "restart_syscall": (219, 128),
    "rseq": (334, 293),
    "rt_sigaction": (13, 134),
    "rt_sigprocmask": (14, 135),
    "rt_sigreturn": (15, 139),
    "sched_getaffinity": (204, 123),
    "sched_yield": (24, 124),
    "set_robust_list": (273, 99),
    "setitimer": (38, 103),
    "sigaltstack": (131, 132),
    "sysinfo": (99, 179),
    "uname": (63, 160),
    "write": (1, 64),
    "writev": (20, 66),
}
"""What a worker needs that has loaded everything."""

CLONE = (56, 220)
CLONE3 = (435, 435)
SECCOMP = (317, 277)
ARCHITECTURES = {
    "x86_64": (0, 0xC000003E),
    "aarch64": (1, 0xC00000B7),
}
"""Machine: its column above, and how the kernel calls it."""

INSTRUCTION = struct.Struct("HBBI")
"""What to do, how many to skip if so and if not, and with which value."""

_LOAD, _EQUALS, _HAS_BITS, _RETURN = 0x20, 0x15, 0x45, 0x06
_NUMBER, _ARCHITECTURE, _FLAGS = 0, 4, 16
"""Where the kernel shows the call's number, the architecture and the first argument."""

_ALLOW, _KILL, _REFUSE = 0x7FFF0000, 0x80000000, 0x00050000
_CLONE_THREAD = 0x00010000
_NO_NEW_PRIVILEGES, _SET_FILTER, _ALL_THREADS = 38, 1, 1


def seal() -> str | None:
    """Close every door of this process; gives why, where that is not possible."""
    if sys.platform != "linux":
        return "there is no seccomp on this system"
    if machine() not in ARCHITECTURES:
        return f"no filter is known for {machine()}"
    column, architecture = ARCHITECTURES[machine()]
    libc = ctypes.CDLL(None, use_errno=True)
    nothing = ctypes.c_ulong(0)
    if libc.prctl(_NO_NEW_PRIVILEGES, ctypes.c_ulong(1), nothing, nothing, nothing):
        return f"no_new_privs: {errno.errorcode.get(ctypes.get_errno())}"
    code = filter_of(column, architecture)
    held = ctypes.create_string_buffer(code, len(code))
    program = struct.pack("HxxxxxxP", len(code) // 8, ctypes.addressof(held))
    done = libc.syscall(SECCOMP[column], _SET_FILTER, _ALL_THREADS, program)
    if done != 0:
        return f"seccomp: {errno.errorcode.get(ctypes.get_errno(), done)}"
    return None


def filter_of(column: int, architecture: int) -> bytes:
    """Write the filter, as the kernel reads it."""
    refuse = _do(_RETURN, _REFUSE | errno.EPERM)
    program = [
        _do(_LOAD, _ARCHITECTURE),
        _do(_EQUALS, architecture, 1, 0),
        _do(_RETURN, _KILL),
        _do(_LOAD, _NUMBER),
    ]
    for numbers in REMAINING.values():
        number = numbers[column]
        if number is not None:
            program += [_do(_EQUALS, number, 0, 1), _do(_RETURN, _ALLOW)]
    # glibc takes clone where clone3 is missing, and clone shows its flags
    program += [
        _do(_EQUALS, CLONE3[column], 0, 1),
        _do(_RETURN, _REFUSE | errno.ENOSYS),
    ]
    # a thread may start, a process may not
    program += [_do(_EQUALS, CLONE[column], 1, 0), refuse, _do(_LOAD, _FLAGS)]
    program += [_do(_HAS_BITS, _CLONE_THREAD, 1, 0), refuse, _do(_RETURN, _ALLOW)]
    return b"".join(program)


def _do(operation: int, value: int, if_so: int = 0, if_not: int = 0) -> bytes:
    """One instruction; the last two say how many to skip."""
    return INSTRUCTION.pack(operation, if_so, if_not, value)
