"""Runs the embedded servers of a folder until it is killed: `run_servers ROOT`."""

import sys
import time
from pathlib import Path

from deploy.local.servers import start_servers

if __name__ == "__main__":
    with start_servers(Path(sys.argv[1]), durable=True) as urls:
        sys.stdout.write(f"{urls.postgres}\n")
        sys.stdout.flush()
        while True:
            time.sleep(60)
