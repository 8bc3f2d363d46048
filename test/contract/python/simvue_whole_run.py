"""A whole run with Simvue's own client: everything that a program can write, then everything that Client reads."""
import importlib.metadata
import json
import pathlib
import tempfile

import matplotlib.pyplot
import numpy
import pandas
import plotly.graph_objects
from simvue import Client, Run

VERSION = importlib.metadata.version("simvue")
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
        run.set_metric_units("loss", units="m", mks_unit="m", mks_conversion=1.0)
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
        if VERSION == "2.6.2":  # its save_directory does not work
            run.save_file(folder / "a.txt", category="code")
            run.save_file(folder / "sub" / "b.csv", category="code")
        else:
            run.save_directory(folder, category="code")
        run.save_file(hello, category="output", name="copies/hello again.txt", metadata={"copy": 1})
        run.save_object(numpy.array([1.5, 2.5, 3.5]), category="output", name="arr")
        run.save_object(pandas.DataFrame({"x": [1, 2], "y": [3.0, 4.0]}), category="output", name="frame")
        run.save_object({"any": ["object"]}, category="output", name="pickled", allow_pickle=True)
        run.save_object(plotly.graph_objects.Figure(data=[{"x": [1, 2], "y": [3, 4]}]), category="output", name="plot")
        figure = matplotlib.pyplot.figure()
        figure.gca().plot([1, 2], [3, 4])
        run.save_object(figure, category="output", name="figure")
        run.assign_metric_to_grid(
            metric_name="field", grid_name="g1", axes_ticks=[[0.0, 1.0, 2.0], [10.0, 20.0]], axes_labels=["x", "y"]
        )
        run.log_metrics({"field": numpy.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])}, step=1)

print(json.dumps({"run": run_id}))
