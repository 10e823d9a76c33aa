"""The process that runs a notebook's cells: IPython's, but nothing listens on the network and it ends with its parent.

`python -m analysis.workflow.kernel -f FILE`, as Jupyter starts its own. IPython's kernel opens a port of this machine
for what processes forked by a cell print. Ours fork none.
"""

import os

from ipykernel import kernelapp
from ipykernel.iostream import IOPubThread
from jupyter_client.manager import AsyncKernelManager

from analysis.processes import end_with_parent


class KernelManager(AsyncKernelManager):
    """Starts this kernel in the place of IPython's."""

    def format_kernel_cmd(self, extra_arguments: list[str] | None = None) -> list[str]:
        """Jupyter's own command with the module exchanged."""
        command = super().format_kernel_cmd(extra_arguments)
        return [word.replace("ipykernel_launcher", __name__) for word in command]


class WithoutPort(IOPubThread):
    """What sends a cell's output, without the port for forked processes."""

    def __init__(self, socket, pipe: bool = False, **options):
        super().__init__(socket, pipe=False, **options)


def main() -> None:
    """Serve one notebook until its runner, or the runner's own process, has gone."""
    end_with_parent(int(os.environ["JPY_PARENT_PID"]))
    kernelapp.IOPubThread = WithoutPort  # type: ignore[assignment]
    kernelapp.launch_new_instance()


if __name__ == "__main__":
    main()
