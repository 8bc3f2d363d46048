"""Values: every axis, aggregate and output format of scalar metrics, grids of one and two axes, events and their histogram."""
import datetime
import json
import math

import numpy
import pandas
from simvue import Client, Run
from simvue.api.objects import Events, Grid, GridMetrics, Metrics
from simvue.api.objects import Run as RunObject

START = datetime.datetime(2026, 3, 4, 5, 6, 7, 123456)
COUNT, LATER = 1_500, 7
client = Client()


def stamp(step):
    return (START + datetime.timedelta(seconds=step)).strftime("%Y-%m-%dT%H:%M:%S.%f")


def make(name, offset, count):
    run = RunObject.new(folder="/contract/values", name=name, status="running")
    run.commit()
    entries = [
        {"time": step / 2, "timestamp": stamp(step), "step": step, "values": {"wave": math.sin(step / 50) + offset, "n": step}}
        for step in range(count)
    ]
    for first in range(0, count, 400):
        Metrics.new(run=run.id, metrics=entries[first : first + 400]).commit()
    return run.id


one, two = make("one", 0, COUNT), make("two", 10, COUNT // 2)
odd = [
    {"time": -1.5, "timestamp": stamp(0), "step": 0, "values": {"odd/name-1.x:=><+()": 1, "flag": True, "nan": math.nan}},
    {"time": 2, "timestamp": stamp(1), "step": 1, "values": {"odd/name-1.x:=><+()": 2, "flag": False, "nan": math.inf}},
]
Metrics.new(run=two, metrics=odd).commit()

read = client.get_metric_values
for axis, key in (("step", lambda step: step), ("time", lambda step: step / 2), ("timestamp", lambda step: stamp(step))):
    values = read(["wave", "n"], axis, run_ids=[one, two], output_format="dict")
    assert {name: sum(value is not None for value in points.values()) for name, points in values.items()} == {
        "wave": COUNT * 3 // 2,
        "n": COUNT * 3 // 2,
    }, axis
    assert values["n"][(key(77), one)] == 77 and abs(values["wave"][(key(77), two)] - math.sin(77 / 50) - 10) < 1e-12, axis
    frame = read(["wave", "n"], axis, run_ids=[one], output_format="dataframe")
    assert isinstance(frame, pandas.DataFrame) and frame.shape == (COUNT, 2), (axis, frame.shape)
for axis, key in (("step", 77), ("time", 38.5)):
    values = read(["n", "wave"], axis, run_ids=[one, two], output_format="dict", aggregate=True)
    assert abs(values["wave"][(key, "average")] - math.sin(77 / 50) - 5) < 1e-9, values["wave"][(key, "average")]
    assert (values["n"][(key, "min")], values["n"][(key, "max")]) == (77, 77) and len(values["n"]) == COUNT * 3
    frame = read(["n"], axis, run_ids=[one, two], output_format="dataframe", aggregate=True)
    assert frame.shape[0] == COUNT * 3 and frame.index.nlevels == 2, frame
assert len(read(["n"], "step", run_ids=[one], max_points=2 * COUNT)["n"]) == COUNT
for limit in (1, 10, 333):
    few = read(["wave"], "step", run_ids=[one], max_points=limit)["wave"]
    assert 1 <= len(few) <= limit, (limit, len(few))
    assert limit < 10 or abs(max(few.values()) - 1) < 1e-3 and abs(min(few.values()) + 1) < 1e-3, few
assert 1 <= len(read(["wave"], "time", run_ids=[one, two], aggregate=True, max_points=50)["wave"]) <= 150
assert read(["n"], "step", run_filters=["name == two"], use_run_names=True)["n"][(5, "two")] == 5
assert read(["n"], "step")["n"][(5, two)] == 5
values = read(["odd/name-1.x:=><+()", "flag", "nan"], "time", run_ids=[two, "0123456789abcdefghijkl"])
assert values["odd/name-1.x:=><+()"] == {(-1.5, two): 1, (2, two): 2} and list(values["flag"].values()) == [1, 0], values
assert math.isnan(values["nan"][(-1.5, two)]) and math.isinf(values["nan"][(2, two)])
assert set(client.get_metrics_names(two)) == {"wave", "n", "odd/name-1.x:=><+()", "flag", "nan"}
summary = dict(RunObject(one).metrics)["n"]
assert (summary["count"], summary["min"], summary["max"], summary["last"]) == (COUNT, 0, COUNT - 1, COUNT - 1), summary
for axis in ("step", "time"):
    assert client.plot_metrics([one, two], ["wave", "n"], axis, max_points=100) is not None

metrics = Metrics()
assert sorted(metrics.names([one])) == ["n", "wave"]
span = metrics.span([one, two])
assert (span["min_step"], span["max_step"], span["min_time"], span["max_time"]) == (0, COUNT - 1, -1.5, (COUNT - 1) / 2), span
assert span["max_timestamp"].startswith("2026-03-04T05:31:06")
got = list(Metrics.get(metrics=["n"], xaxis="step", runs=[two]))
assert len(got[0][two]["n"]) == COUNT // 2 and got[0][two]["n"][3] == {"step": 3, "value": 3.0}, got[0][two]["n"][:4]

# Grids: made by hand and by the run, of one and of two axes; a metric name with a slash.
grid = Grid.new(name="plane", grid=[[0.0, 1.0, 2.0], [10.0, 20.0]], labels=["x", "y"])
grid.commit()
assert len(grid.id) == 22 and grid.name == "plane" and grid.dimensions == 2 and grid.grid == [[0.0, 1.0, 2.0], [10.0, 20.0]]
grid.attach_metric_for_run(one, "flow/field")
array = [[1.0, 2.0, 3.0], [4.0, 5.0, 6.5]]
GridMetrics.new(
    run=one, data=[{"time": 0.5, "timestamp": stamp(4), "step": 4, "array": numpy.array(array), "grid": grid.id, "metric": "flow/field"}]
).commit()
assert grid.get_run_metric_values(run_id=one, metric_name="flow/field", step=4)["array"] == array
span = grid.get_run_metric_span(run_id=one, metric_name="flow/field")
assert span["max_timestamp"] and (span["min_step"], span["max_step"]) == (4, 4), span
assert [entry["array"] for entry in GridMetrics.get(runs=[one], metrics=["flow/field"], step=4)][0] == array
assert [(entry["id"], entry["metric"]) for entry in RunObject(one).grids] == [(grid.id, "flow/field")]
assert str(one) in str(grid.run_data_url(one)) and "flow" in str(grid.run_metric_url(one, "flow/field"))
with Run() as run:
    run.init("grids", folder="/contract/values")
    run.assign_metric_to_grid(metric_name="line", grid_name="axis", axes_ticks=[[0.0, 0.5, 1.0, 2.0]], axes_labels=["x"])
    for step in range(3):
        run.log_metrics({"line": numpy.arange(4.0) + step, "auto": numpy.full((2, 3), float(step)), "scalar": step}, step=step)
    grids_id = run.id
seen = {entry["metric"]: Grid(identifier=entry["id"]) for entry in RunObject(grids_id).grids}
assert set(seen) == {"line", "auto"} and seen["line"].grid == [[0.0, 0.5, 1.0, 2.0]], seen
assert seen["line"].get_run_metric_values(run_id=grids_id, metric_name="line", step=2)["array"] == [2, 3, 4, 5]
assert seen["auto"].get_run_metric_values(run_id=grids_id, metric_name="auto", step=1)["array"] == [[1, 1, 1], [1, 1, 1]]
assert {"line", "auto", "scalar"} <= set(client.get_metrics_names(grids_id))
assert set(read(["line", "auto", "scalar"], "step", run_ids=[grids_id])) == {"scalar"}
grid.delete()

levels = ["info", "warning", "error", "critical", "debug"]
entries = [{"message": f"event {n}", "timestamp": stamp(n), "log_level": levels[n % 5]} for n in range(250)]
Events.new(run=one, events=entries).commit()
assert [event["message"] for event in client.get_events(one)] == [entry["message"] for entry in entries]
assert [event["message"] for event in client.get_events(one, start_index=240, count_limit=5)] == [f"event {n}" for n in range(240, 245)]
assert [event["log_level"] for event in client.get_events(one, message_contains="event 24", count_limit=3)] == ["debug", "info", "warning"]
assert len(list(Events.get(one, count=500))) == 250 and next(iter(Events.get(one, count=1))).message == "event 0"
bins = Events(_read_only=True, _local=True, run=one).histogram(START, START + datetime.timedelta(seconds=300), 60, None)
assert sum(entry["count"] for entry in bins) == 250 and len(bins) >= 4, bins
assert dict(RunObject(one).events)
print(json.dumps({"one": one, "two": two, "grids": grids_id}))
