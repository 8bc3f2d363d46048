"""A whole run with Simvue's own client: everything that a program can write, then everything that Client reads."""
import json
import pathlib
import tempfile
import time

import numpy
import pandas
import simvue
from simvue import Client, Run

EVENTS = ["first event", "bad thing happened"]

with tempfile.TemporaryDirectory() as scratch:
    hello = pathlib.Path(scratch) / "hello.txt"
    hello.write_text("hello simvue")
    folder = pathlib.Path(scratch) / "results"
    (folder / "sub").mkdir(parents=True)
    (folder / "a.txt").write_text("alpha")
    (folder / "sub" / "b.csv").write_text("x,y\n1,2\n")

    with Run() as run:
        assert run.init(
            "whole-run",
            folder="/contract/whole",
            tags=["alpha", "beta"],
            metadata={"lr": 0.1, "n": 3, "nan": float("nan")},
            description="a demo",
            retention_period="1 hour",
            visibility="tenant",
            notification="none",
        )
        run_id = run.id
        assert len(run_id) == 22 and run_id.isalnum(), run_id
        assert run.name == "whole-run"
        run.update_metadata({"extra": {"k": 1}})
        run.update_metadata({"extra": {"l": 2}})
        run.update_tags(["gamma"])
        run.set_folder_details(metadata={"atest": 1}, tags=["ftag"], description="folder description")
        for step in range(20):
            run.log_metrics({"loss": 1.0 / (step + 1), "acc": step}, step=step)
        run.log_metrics({"odd": float("nan")}, step=0)
        run.log_metrics({"odd": 2.0}, step=1)
        run.log_event(EVENTS[0])
        run.log_event(EVENTS[1])
        run.create_metric_threshold_alert(
            name="loss high", metric="loss", threshold=0.45, rule="is above", frequency=1, window=2
        )
        run.create_metric_range_alert(
            name="acc range", metric="acc", range_low=1, range_high=5, rule="is inside range", frequency=1, window=1
        )
        run.create_event_alert(name="bad events", pattern="bad", frequency=1)
        user_alert = run.create_user_alert(name="manual", trigger_abort=False)
        run.log_alert(identifier=user_alert, state="critical")
        run.save_file(hello, category="input")
        run.save_directory(folder, category="code")
        run.save_object(numpy.array([1.5, 2.5, 3.5]), category="output", name="arr")
        run.save_object(pandas.DataFrame({"x": [1, 2], "y": [3.0, 4.0]}), category="output", name="frame")
        run.save_object({"any": ["object"]}, category="output", name="pickled", allow_pickle=True)
        run.assign_metric_to_grid(
            metric_name="field", grid_name="g1", axes_ticks=[[0.0, 1.0, 2.0], [10.0, 20.0]], axes_labels=["x", "y"]
        )
        run.log_metrics({"field": numpy.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])}, step=1)
        time.sleep(2)

    client = Client()
    assert client.get_run_id_from_name("whole-run") == run_id
    read = client.get_run(run_id)
    assert read.status == "completed", read.status
    assert read.folder == "/contract/whole"
    assert sorted(read.tags) == ["alpha", "beta", "gamma"], read.tags
    assert read.metadata["lr"] == 0.1 and read.metadata["extra"] == {"k": 1, "l": 2}, read.metadata
    assert read.metadata["nan"] != read.metadata["nan"]
    names = set(client.get_metrics_names(run_id))
    assert {"loss", "acc", "odd"} <= names, names
    values = client.get_metric_values(run_ids=[run_id], metric_names=["loss", "acc"], xaxis="step", output_format="dict")
    assert len(values["loss"]) == 20 and values["acc"][(3, run_id)] == 3, values
    frame = client.get_metric_values(
        run_ids=[run_id], metric_names=["loss"], xaxis="time", output_format="dataframe", aggregate=True
    )
    assert len(frame) == 20, frame
    messages = [event["message"] for event in client.get_events(run_id)]
    assert messages == EVENTS, messages
    assert len(client.get_events(run_id, message_contains="bad")) == 1
    alerts = client.get_alerts(run_id=run_id, critical_only=False, names_only=True)
    assert sorted(alerts) == ["acc range", "bad events", "loss high", "manual"], alerts
    assert client.get_alerts(run_id=run_id, critical_only=True, names_only=True) == ["manual"]
    artifacts = sorted(artifact.name for _, artifact in client.list_artifacts(run_id))
    assert {"arr", "frame", "pickled"} < set(artifacts) and len(artifacts) == 6, artifacts
    assert client.get_artifact(run_id, "arr").tolist() == [1.5, 2.5, 3.5]
    assert client.get_artifact(run_id, "frame")["y"].tolist() == [3.0, 4.0]
    assert client.get_artifact(run_id, "pickled", allow_pickle=True) == {"any": ["object"]}
    with tempfile.TemporaryDirectory() as out:
        client.get_artifacts_as_files(run_id, output_dir=out)
        assert any(path.read_text() == "hello simvue" for path in pathlib.Path(out).rglob("*hello.txt"))
    print(json.dumps({"run": run_id, "version": simvue.__version__ if hasattr(simvue, "__version__") else ""}))
