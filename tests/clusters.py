"""A Dask cluster of two workers on this machine: prints its address, ends with its standard input.

A program of its own, for a process that tests forks must not have a scheduler's threads.
"""

import sys


def main() -> None:
    """Serve until nobody listens."""
    from distributed import LocalCluster

    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:  # type: ignore[no-untyped-call]
        print(cluster.scheduler_address, flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
