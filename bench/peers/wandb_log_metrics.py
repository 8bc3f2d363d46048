"""Weights & Biases, offline: what `log` of one value costs its caller, and how fast values get into its file.

Usage: python wandb_log_metrics.py CALLS, in a directory of its own. Prints `{"microsecondsPerCall", "pointsPerSecond"}`.
"""

import json
import sys
import time

import wandb

calls = int(sys.argv[1])
settings = wandb.Settings(silent=True, console="off", x_disable_stats=True, x_disable_meta=True)
run = wandb.init(project="bench", mode="offline", dir=".", settings=settings)
start = time.perf_counter()
for i in range(calls):
    run.log({"loss": i * 0.5})
logged = time.perf_counter()
run.finish()
stored = time.perf_counter()
print(json.dumps({"microsecondsPerCall": (logged - start) * 1e6 / calls, "pointsPerSecond": calls / (stored - start)}))
