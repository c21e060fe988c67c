"""`anogen` with jobs that compute nothing: the anomaly class says how one behaves (`fake_jobs`)."""

import sys

from engine import tasks
from engine.cli import main
from tests.engine import fake_jobs

if __name__ == "__main__":
    tasks.run = fake_jobs.run
    sys.exit(main())
