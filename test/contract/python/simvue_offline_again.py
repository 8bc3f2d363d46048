"""A second job stages in a directory that a sender has visited; it saves a file twice."""
import json
import pathlib

from simvue import Run

pathlib.Path("twice.txt").write_text("the same")
with Run(mode="offline") as run:
    assert run.init("again", folder="/contract/offline")
    run.log_metrics({"x": 1.0}, step=0)
    for _ in range(2):
        run.save_file("twice.txt", category="input")
print(json.dumps({"id": run.id}))
