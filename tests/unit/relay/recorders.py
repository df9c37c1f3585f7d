"""Finds code that could keep or send away what passes the relay; for a test of promises.

A reader of syntax: it knows the ways that Python and the libraries at hand offer, and
the few places of the relay that may write or send at all.
"""

import ast
import re

MODULES = {
    *("bz2", "ctypes", "dbm", "fileinput", "ftplib", "gzip", "logging", "lzma", "mmap"),
    *("multiprocessing", "pickle", "shelve", "shutil", "smtplib", "socketserver"),
    *("sqlite3", "subprocess", "tarfile", "tempfile", "urllib", "wave", "zipfile"),
    *("requests", "httpx"),
}
NAMES = {
    *("MediaRecorder", "VideoWriter", "add_mux_stream", "add_stream", "imwrite", "mux"),
    *(
        "mkstemp",
        "savez",
        "savez_compressed",
        "savetxt",
        "tofile",
        "memmap",
        "tempfile",
    ),
    *("write_bytes", "write_text", "writelines", "copyfileobj", "sendfile", "sendmsg"),
    *("open_connection", "open_unix_connection", "create_connection", "urlopen"),
    *("Popen", "system", "popen", "create_subprocess_shell", "FileHandler", "mkfifo"),
    *("open as", "memfd_create", "symlink", "pwrite", "pwritev", "writev", "splice"),
}
DOORS = {
    "write": {"__main__.py", "eye/desk.py", "eye/process.py", "eye/worker.py"},
    "sendto": {"transport/private.py"},
    "ClientSession": {"line.py"},
    "create_datagram_endpoint": {"transport/private.py"},
    "create_subprocess_exec": {"eye/process.py"},
    "connect_write_pipe": {"eye/process.py"},
    "ctypes": {"eye/seal.py"},
}
"""The few who may write or send: the start's one line, the eye's pipes, media, the door.

And the one who asks the kernel to close a worker's doors.
"""

WRITING = re.compile(r"(?=.*[wax+])[rwaxbt+U]{1,4}")
OPENERS = {"av", "codecs", "io", "os", "path", "Path"}


def recordings(tree, where):
    """Every place of a file's syntax that might keep or send away what passes."""
    for node in ast.walk(tree):
        for name in imported(node):
            if name in MODULES and where not in DOORS.get(name, ()):
                yield f"imports {name}"
        for name in named(node):
            if name in NAMES or where not in DOORS.get(name, {where}):
                yield f"names {name}"
        if isinstance(node, ast.Call) and called(node) == "open" and writes(node):
            yield f"opens for writing: {ast.unparse(node)}"


def imported(node):
    if isinstance(node, ast.Import):
        return [alias.name.partition(".")[0] for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        return [(node.module or "").partition(".")[0]]
    return []


def named(node):
    """Names used, and names brought in, also under another name."""
    if isinstance(node, ast.ImportFrom):
        return [
            "open as" if alias.name == "open" else alias.name for alias in node.names
        ]
    return [getattr(node, "attr", None) or getattr(node, "id", "")]


def called(call):
    return getattr(call.func, "attr", None) or getattr(call.func, "id", "")


def writes(call):
    """Whether an `open` may be for writing: it says so, or one cannot tell."""
    given = [*call.args, *(k.value for k in call.keywords)]
    if any(isinstance(a, ast.Attribute) and a.attr == "devnull" for a in given):
        return False
    words = [a.value for a in given if isinstance(a, ast.Constant)]
    if any(isinstance(w, str) and WRITING.fullmatch(w) for w in words):
        return True
    if not is_of_files(call.func):
        return False
    after = 0 if called_on_a_path(call.func) else 1
    return not all(isinstance(a, ast.Constant) for a in given[after:])


def called_on_a_path(function):
    """Whether it is `Path(name).open(mode)`, where the mode comes first."""
    return isinstance(function, ast.Attribute) and isinstance(function.value, ast.Call)


def is_of_files(function):
    if isinstance(function, ast.Name):
        return True
    owner = function.value
    if isinstance(owner, ast.Call):
        owner = owner.func
    return (getattr(owner, "id", "") or getattr(owner, "attr", "")) in OPENERS
