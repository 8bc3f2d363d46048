"""A run that goes on until it is killed, or until the file STOP is there: then it closes. Its id is the first line."""
import json
import os
import pathlib
import time

import simvue.run
from simvue import Run

simvue.run.HEARTBEAT_INTERVAL = 1
run = Run(mode=os.environ.get("MODE", "online"))
run.config(disable_resources_metrics=True)
run.init("writer", folder="/contract/writer", tags=["python"], metadata={"writer": 1}, timeout=3)
print(json.dumps({"id": run.id}), flush=True)
stop = pathlib.Path(os.environ["STOP"])
step = 0
while not stop.exists():
    run.log_metrics({"from.python": step}, step=step)
    if step % 20 == 0:
        run.log_event(f"python at {step}")
    step += 1
    time.sleep(0.02)
run.close()
print(json.dumps({"id": run.id, "steps": step}))
