"""While a run is at work nobody else on the machine can speak to any of its processes, or read what it has read."""

import os
import socket
import stat
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from analysis.disclosure.containment import child_level_folder

pytestmark = pytest.mark.slow

NOBODY = 65534
ASK = """
import os, socket, sys
os.setgroups([]); os.setgid({nobody}); os.setuid({nobody})
for path in sys.argv[1:]:
    try:
        if path.startswith("connect:"):
            socket.socket(socket.AF_UNIX).connect(path.removeprefix("connect:"))
        else:
            open(path, "rb").read(1)
    except PermissionError:
        continue
    print("reached", path)
"""


def listeners(processes) -> list:
    """What the processes listen on: a (host, port), or the path of a socket in the file system."""
    unix = {line.split()[6]: line.split() for line in Path("/proc/net/unix").read_text().splitlines()[1:]}
    found = []
    for process in processes:
        found += [c.laddr for c in process.net_connections("inet") if c.status in ("LISTEN", "NONE")]
        for path in Path(f"/proc/{process.pid}/fd").iterdir():
            target = str(path.readlink()) if path.is_symlink() else ""
            entry = unix.get(target.removeprefix("socket:[").rstrip("]"))
            accepts = entry is not None and int(entry[3], 16) & 0x10000  # __SO_ACCEPTCON
            if accepts:
                found.append(entry[7] if len(entry) > 7 else target)
    return found


@pytest.mark.skipif(not Path("/proc/net/unix").exists(), reason="asks Linux which sockets listen")
def test_no_process_of_a_run_listens_where_another_user_can_speak_to_it(lasting):
    process, descendants, scratch = lasting
    sockets = set(listeners([psutil.Process(process.pid), *descendants]))
    assert sockets and all(isinstance(one, str) and one.startswith(f"{scratch}/") for one in sockets), sockets
    for path in map(Path, sockets):
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    (words,) = [words for words in (one.cmdline() for one in descendants) if "analysis.workflow.kernel" in words]
    assert stat.S_IMODE(Path(words[words.index("-f") + 1]).stat().st_mode) == 0o600


def test_a_listener_would_be_noticed():
    with socket.create_server(("127.0.0.1", 0)) as server:
        assert server.getsockname() in listeners([psutil.Process()])


@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() != 0, reason="only root can become another user")
def test_another_user_reaches_neither_a_socket_nor_a_record(lasting, tmp_path):
    process, descendants, scratch = lasting
    scratch.chmod(0o755)  # the folder in which temporary files lie is everybody's
    sockets = [f"connect:{path}" for path in listeners([psutil.Process(process.pid), *descendants])]
    build = scratch / "build"
    build.mkdir()
    build.chmod(0o755)
    record = child_level_folder(build, "LA1") / "documents.parquet"
    record.write_bytes(b"PAR1")
    (build / "LA1").chmod(0o755)
    (build / "released.csv").write_text("a")
    (build / "released.csv").chmod(0o644)
    asked = [*sockets, str(record), str(build / "released.csv")]
    done = subprocess.run(
        [sys.executable, "-c", ASK.format(nobody=NOBODY), *asked], capture_output=True, text=True, cwd="/"
    )
    assert len(sockets) >= 4
    # What anybody may read is reached: the question can be answered with yes.
    assert done.stdout.split("\n") == [f"reached {build / 'released.csv'}", ""], done.stdout + done.stderr
