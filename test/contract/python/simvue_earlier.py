"""A whole run as version 2.1 of the client writes and reads it."""
import json
import pathlib

from simvue import Client, Run

run = Run()
run.config(suppress_errors=False, disable_resources_metrics=True)
run.init("earlier", folder="/earlier", tags=["a"], metadata={"re": 1000}, description="of 2.1")
for step in range(5):
    run.log_metrics({"loss": 1 / (step + 1)}, step=step)
run.log_event("mesh refined")
run.update_metadata({"cells": 12})
run.update_tags(["a", "b"])
pathlib.Path("case.cfg").write_text("re = 1000\n")
run.save_file("case.cfg", category="input")
for alert in (
    run.create_metric_threshold_alert(name="high", metric="loss", rule="is above", threshold=3, window=1, frequency=1),
    run.create_metric_range_alert(name="odd", metric="loss", rule="is outside range", range_low=0, range_high=2, window=1, frequency=1),
    run.create_event_alert(name="diverged", pattern="FATAL"),
    run.create_user_alert(name="quality", description="by hand"),
):
    assert alert
run.set_folder_details(metadata={"owner": "me"}, description="cases")
run_id = run.id
run.close()

client = Client()
assert client.get_run_id_from_name("earlier") == run_id
values = client.get_metric_values(metric_names=["loss"], run_ids=[run_id], xaxis="step", output_format="dict")
assert len(values["loss"]) == 5, values
assert [event["message"] for event in client.get_events(run_id)] == ["mesh refined"]
print(json.dumps({"run": run_id}))
