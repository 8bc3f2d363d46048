"""The Simvue Python client: what `log_metrics` of one value costs its caller and, online, how fast values get to the server.

Usage: python simvue_log_metrics.py CALLS online|offline, with SIMVUE_URL, SIMVUE_TOKEN and, offline, SIMVUE_OFFLINE_DIRECTORY set.
Prints `{"microsecondsPerCall", "pointsPerSecond"}`; offline nothing is delivered and the second is null.
"""

import json
import sys
import time

import simvue

calls, mode = int(sys.argv[1]), sys.argv[2]
run = simvue.Run(mode=mode)
run.config(disable_resources_metrics=True, suppress_errors=False)
run.init("bench", folder="/bench")
start = time.perf_counter()
for i in range(calls):
    run.log_metrics({"loss": i * 0.5})
logged = time.perf_counter()
run.close()
closed = time.perf_counter()
rate = calls / (closed - start) if mode == "online" else None
print(json.dumps({"microsecondsPerCall": (logged - start) * 1e6 / calls, "pointsPerSecond": rate}))
