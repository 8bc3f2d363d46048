"""What `log_metrics` of one value costs its caller in the published Simvue Python client, offline: prints microseconds per call.

Usage: python simvue_log_metrics.py CALLS, with SIMVUE_URL, SIMVUE_TOKEN and SIMVUE_OFFLINE_DIRECTORY set.
"""

import sys
import time

import simvue

calls = int(sys.argv[1])
run = simvue.Run(mode="offline")
run.config(disable_resources_metrics=True, suppress_errors=False)
run.init("bench", folder="/bench")
start = time.perf_counter()
for i in range(calls):
    run.log_metrics({"loss": i * 0.5})
seconds = time.perf_counter() - start
run.close()
print(seconds * 1e6 / calls)
