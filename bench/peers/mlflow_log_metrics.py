"""MLflow with its SQLite file, the default: what `log_metric` costs its caller, who waits until the value is stored.

Usage: python mlflow_log_metrics.py CALLS, in a directory of its own. Prints `{"microsecondsPerCall", "pointsPerSecond"}`.
"""

import json
import sys
import time

import mlflow

calls = int(sys.argv[1])
mlflow.set_tracking_uri("sqlite:///mlflow.db")
with mlflow.start_run():
    start = time.perf_counter()
    for i in range(calls):
        mlflow.log_metric("loss", i * 0.5, step=i)
    seconds = time.perf_counter() - start
print(json.dumps({"microsecondsPerCall": seconds * 1e6 / calls, "pointsPerSecond": calls / seconds}))
