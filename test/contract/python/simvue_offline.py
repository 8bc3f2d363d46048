"""Stages offline: a whole run, many small ones, one that failed and one that goes on; nothing is sent. The ids are those of the stage."""
import json
import os
import pathlib
import time

import numpy
from simvue import Run
from simvue.api.objects import Events, Folder, Metrics, Tag
from simvue.api.objects import Run as RunObject

FOLDER = "/contract/offline"
scratch = pathlib.Path("offline-files")
scratch.mkdir()
(scratch / "in.txt").write_text("data in")

Tag.new(name="staged tag", offline=True).commit()
folder = Folder.new(path="/contract/offline/staged", offline=True)
folder.commit()

with Run(mode="offline") as run:
    assert run.init("whole", folder=FOLDER, tags=["t1"], metadata={"a": 1}, description="offline", retention_period="1 hour")
    assert run.id.startswith("offline_")
    run.config(system_metrics_interval=1)
    run.update_metadata({"b": {"c": 2}})
    run.update_tags(["t2"])
    run.set_folder_details(metadata={"where": "here"}, tags=["ft"], description="of the folder")
    run.create_metric_threshold_alert(name="off loss", metric="loss", threshold=0.5, rule="is above")
    run.create_metric_range_alert(name="off range", metric="loss", range_low=0, range_high=1, rule="is inside range")
    run.create_event_alert(name="off events", pattern="bad")
    told = run.create_user_alert(name="off user", trigger_abort=True)
    run.log_alert(identifier=told, state="critical")
    for step in range(40):
        run.log_metrics({"loss": 1.0 / (step + 1), "n": step}, step=step)
    run.log_event("first")
    run.log_event("bad second", log_level="error")
    run.save_file(scratch / "in.txt", category="input", name="in.txt")
    run.save_object(numpy.array([1.5, 2.5]), category="output", name="array")
    run.assign_metric_to_grid(metric_name="field", grid_name="off grid", axes_ticks=[[0.0, 1.0], [0.0, 1.0, 2.0]], axes_labels=["x", "y"])
    run.log_metrics({"field": numpy.ones((3, 2))}, step=1)

for number in range(12):  # ten and more are sent by several threads
    small = RunObject.new(name=f"small-{number:02}", folder=f"{FOLDER}/small", status="completed", offline=True)
    small.tags = ["small"]
    small.commit()
    entry = {"time": 0.5, "timestamp": "2026-01-02T03:04:05.000000", "step": 0, "values": {"n": number}}
    Metrics.new(run=small.id, metrics=[entry], offline=True).commit()
    event = {"message": f"of {number}", "timestamp": "2026-01-02T03:04:05.000000", "log_level": "info"}
    Events.new(run=small.id, events=[event], offline=True).commit()
try:
    with Run(mode="offline") as failing:
        failing.init("fails", folder=FOLDER)
        failing.log_metrics({"x": 1})
        raise ValueError("boom")
except ValueError:
    pass

going = Run(mode="offline")
going.init("goes on", folder=FOLDER)
going.log_metrics({"x": 1.0}, step=0)
created = RunObject.new(name="created only", folder=FOLDER, offline=True)
created.metadata = {"object": True}
created.commit()
time.sleep(2)  # the dispatcher of the run that goes on writes once a second
print(json.dumps({"going": going.id}), flush=True)
os._exit(0)
