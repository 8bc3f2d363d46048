"""Trackio: what `log` of one value costs its caller, and how fast values get into its SQLite file.

Usage: python trackio_log_metrics.py CALLS, with TRACKIO_DIR set. Prints `{"microsecondsPerCall", "pointsPerSecond"}`.
"""

import json
import sys
import time

import trackio

calls = int(sys.argv[1])
trackio.init(project="bench", name="bench", auto_log_gpu=False)
start = time.perf_counter()
for i in range(calls):
    trackio.log({"loss": i * 0.5})
logged = time.perf_counter()
trackio.finish()
stored = time.perf_counter()
print(json.dumps({"microsecondsPerCall": (logged - start) * 1e6 / calls, "pointsPerSecond": calls / (stored - start)}))
