"""Everything that Client reads of the run that simvue_whole_run.py wrote."""
import json
import pathlib
import sys
import tempfile

from simvue import Client

client = Client()
run_id = client.get_run_id_from_name("whole-run")
assert client.get_run_name_from_id(run_id) == "whole-run"

run = client.get_run(run_id)
assert run.status == "completed" and run.folder == "/contract/whole" and run.description == "a demo"
assert sorted(run.tags) == ["alpha", "beta", "gamma"], run.tags
assert run.metadata["lr"] == 0.1 and run.metadata["extra"] == {"k": 1, "l": 2}, run.metadata
assert run.metadata["nan"] != run.metadata["nan"]
assert run.metadata["simvue"]["metrics"]["loss"]["units"] == "m", run.metadata["simvue"]
assert run.ttl == 3600 and run.heartbeat_timeout == 180 and run.notifications == "none", (run.ttl, run.notifications)
assert run.system["platform"]["system"] == sys.platform.capitalize(), run.system
created, started, ended = (time.replace(tzinfo=None) for time in (run.created, run.started, run.endtime))
assert abs((started - created).total_seconds()) < 1 and started <= ended and run.runtime, (created, started, ended, run.runtime)
assert not run.name.startswith("offline") and run.user

names = set(client.get_metrics_names(run_id))
assert {"loss", "acc", "odd", "field"} <= names, names
for axis in ("step", "time", "timestamp"):
    values = client.get_metric_values(["loss", "acc"], axis, run_ids=[run_id], output_format="dict")
    assert len(values["loss"]) == 20 and [value for _, value in sorted(values["acc"].items())] == list(range(20)), values
values = client.get_metric_values(["loss", "field", "unknown"], "step", run_ids=[run_id], output_format="dict")
assert set(values) == {"loss"} and values["loss"][(3, run_id)] == 0.25, values
frame = client.get_metric_values(["loss"], "time", run_ids=[run_id], output_format="dataframe", aggregate=True)
assert frame.shape[0] == 60 and frame.index.nlevels == 2, frame  # average, min and max of 20 times
named = client.get_metric_values(
    ["acc"], "step", run_filters=["folder.path == /contract/whole"], output_format="dict", use_run_names=True
)
assert named["acc"][(4, "whole-run")] == 4, named
assert client.get_metric_values(["unknown"], "step", run_ids=[run_id], output_format="dict") is None
assert len(client.get_metric_values(["acc"], "step", run_ids=[run_id], output_format="dict", max_points=100)["acc"]) == 20
assert client.plot_metrics([run_id], ["loss"], "step") is not None

events = client.get_events(run_id)
assert [event["message"] for event in events] == ["first event", "bad thing happened"], events
assert [event["message"] for event in client.get_events(run_id, message_contains="bad")] == ["bad thing happened"]
assert len(client.get_events(run_id, start_index=1, count_limit=5)) == 1

alerts = client.get_alerts(run_id=run_id, critical_only=False, names_only=True)
assert sorted(alerts) == ["acc range", "bad events", "loss high", "manual"], alerts
critical = client.get_alerts(run_id=run_id, critical_only=True, names_only=True)
assert "manual" in critical and set(critical) <= set(alerts), critical
assert {"acc range", "manual"} <= {alert.name for alert in client.get_alerts(critical_only=False, names_only=False)}

artifacts = sorted(artifact.name for _, artifact in client.list_artifacts(run_id, sort_by_columns=[("name", True)]))
expected = ["a.txt", "arr", "b.csv", "copies/hello again.txt", "figure", "frame", "hello.txt", "pickled", "plot"]
assert artifacts == expected, artifacts
assert client.get_artifact(run_id, "arr").tolist() == [1.5, 2.5, 3.5]
assert client.get_artifact(run_id, "frame")["y"].tolist() == [3.0, 4.0]
assert client.get_artifact(run_id, "pickled", allow_pickle=True) == {"any": ["object"]}
assert client.get_artifact(run_id, "plot").data[0].y in ((3, 4), [3, 4])
assert client.get_artifact(run_id, "figure") is not None
for category, count in (("input", 1), ("code", 2), ("output", 6)):
    with tempfile.TemporaryDirectory() as out:
        client.get_artifacts_as_files(run_id, category=category, output_dir=out)
        assert len([path for path in pathlib.Path(out).rglob("*") if path.is_file()]) == count, category
with tempfile.TemporaryDirectory() as out:
    client.get_artifact_as_file(run_id, "hello.txt", output_dir=out)
    assert any(path.read_text() == "hello simvue" for path in pathlib.Path(out).rglob("*hello.txt"))
try:
    client.get_artifact(run_id, "there is none")
    raise AssertionError("an unknown artifact was found")
except Exception as error:
    assert "there is none" in str(error), error

folder = client.get_folder("/contract/whole")
assert folder.metadata == {"atest": 1} and folder.tags == ["ftag"] and folder.description == "folder description"
assert client.get_folder("/contract/unknown") is None
folders = {found.path for _, found in client.get_folders(filters=["path contains /contract"], sort_by_columns=[("path", False)])}
assert {"/contract", "/contract/whole"} <= folders, folders
assert client.get_folder("/contract").tree == {"contract": {"whole": {}}}, client.get_folder("/contract").tree
tags = {tag.name: tag_id for tag_id, tag in client.get_tags()}
assert {"alpha", "beta", "gamma", "ftag"} <= set(tags), tags
assert client.get_tag(tags["alpha"]).name == "alpha"

print(json.dumps({"run": run_id, "metrics": sorted(names), "tags": sorted(tags), "folders": sorted(folders)}))
