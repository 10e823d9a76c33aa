"""The process that runs a notebook's cells: IPython's, but nothing listens on the network and it ends with its parent.

`python -m analysis.workflow.kernel -f FILE`, as Jupyter starts its own. IPython's kernel opens a port of this machine
for what processes forked by a cell print. Ours fork none.
"""

import os

from analysis.processes import end_with_parent


def main() -> None:
    """Serve one notebook until its runner, or the runner's own process, has gone."""
    end_with_parent(int(os.environ["JPY_PARENT_PID"]))
    # Only now: to import these takes seconds on a busy machine, in which the parent may go.
    from ipykernel import kernelapp
    from ipykernel.iostream import IOPubThread

    class WithoutPort(IOPubThread):
        """What sends a cell's output, without the port for forked processes."""

        def __init__(self, socket, pipe: bool = False, **options):
            super().__init__(socket, pipe=False, **options)

    kernelapp.IOPubThread = WithoutPort  # type: ignore[assignment]
    kernelapp.launch_new_instance()


if __name__ == "__main__":
    main()
