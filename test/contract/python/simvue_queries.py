"""Lists: batches, paging past a page, sorting by every column, output formats, counts, and values of a thousand runs at once."""
import json

from simvue import Client
from simvue.api.objects import Folder, Metrics, Tag
from simvue.api.objects import Run as RunObject
from simvue.api.objects.base import VisibilityBatchArgs
from simvue.api.objects.run import RunBatchArgs

FOLDER, COUNT = "/contract/queries", 1_050
client = Client()

entries = [
    RunBatchArgs(name=f"run-{i:04}", tags=["batch", f"mod{i % 3}"], metadata={"i": i}, description="one of many", status="created")
    for i in range(COUNT)
]
ids = list(RunObject.batch_create(entries, folder=FOLDER, metadata={"common": "yes"}, visibility=VisibilityBatchArgs(tenant=True)))
assert len(ids) == COUNT == len(set(ids)) and all(len(run_id) == 22 for run_id in ids)
first = client.get_run(ids[0])
assert first.name == "run-0000" and first.metadata == {"i": 0, "common": "yes"} and sorted(first.tags) == ["batch", "mod0"]
assert first.status == "created" and first.folder == FOLDER and first.description == "one of many" and first.user
in_folder = [f"folder.path == {FOLDER}"]

assert client.get_run_id_from_name("run-0512") == ids[512]
assert client.get_run_name_from_id(ids[7]) == "run-0007"
RunObject.new(folder=FOLDER, name="twice").commit()
RunObject.new(folder=FOLDER, name="twice").commit()
for name in ("twice", "there is none"):
    try:
        client.get_run_id_from_name(name)
        raise AssertionError(f"{name} was found")
    except RuntimeError:
        pass
try:
    client.get_run("0123456789abcdefghijkl")
    raise AssertionError("an unknown run was found")
except Exception as error:
    assert "Failed to retrieve" in str(error) or "not found" in str(error).lower() or "No " in str(error), error


def names(**options):
    return [run.name for _, run in client.get_runs(options.pop("filters", in_folder + ["has tag.batch"]), **options)]


sizes = [len(names(count_limit=limit)) for limit in (100, None, 250)]
assert sizes == [200, COUNT, 300], sizes  # the client stops after the page that is past the limit
ascending = [("name", False)]
assert names(count_limit=3, sort_by_columns=ascending) == ["run-0000", "run-0001", "run-0002"]
assert names(count_limit=2, start_index=1_048, sort_by_columns=ascending) == ["run-1048", "run-1049"]
assert names(count_limit=5, start_index=2_000) == []
assert names(count_limit=1, sort_by_columns=[("metadata.i", True)]) == ["run-1049"]
assert names(count_limit=2, sort_by_columns=[("metadata.common", False), ("name", True)]) == ["run-1049", "run-1048"]
for column in ("created", "started", "endtime", "modified", "metadata.missing"):
    for descending in (True, False):
        assert len(names(count_limit=10, sort_by_columns=[(column, descending)])) == 10, column
assert names(filters=in_folder + ["has tag.mod1"], count_limit=1, sort_by_columns=ascending, show_shared=False) == ["run-0001"]

everything = dict(metadata=True, metrics=True, alerts=True, system_info=True, timing_info=True, attributes=["name"])
listed = client.get_runs(in_folder, output_format="dict", count_limit=3, sort_by_columns=ascending, **everything)
assert [run["name"] for run in listed] == ["run-0000", "run-0001", "run-0002"] and listed[1]["metadata"]["i"] == 1, listed
frame = client.get_runs(in_folder + ["has tag.batch"], output_format="dataframe", count_limit=4, sort_by_columns=ascending, **everything)
assert frame.shape[0] == 4 and list(frame["name"])[3] == "run-0003" and list(frame["metadata.i"]) == [0, 1, 2, 3], frame

assert RunObject.filter().in_folder(FOLDER).has_tag("mod2").count(count=1) >= COUNT // 3
assert list(RunObject.ids(count=2, filters=json.dumps(["name == run-0003"]))) == [ids[3]]
assert Tag.count() == 4 and len(list(client.get_tags(count_limit=2))) == 2
assert [tag.name for _, tag in client.get_tags(start_index=1, count_limit=2, sort_by_columns=ascending)] == ["mod0", "mod1"]
assert [tag.name for _, tag in client.get_tags(sort_by_columns=[("created", True), ("name", True)])][0].startswith("mod")
paths = [folder.path for _, folder in Folder.get(sorting=[{"column": "path", "descending": True}])]
assert paths[0] == FOLDER and "/contract" in paths, paths
assert [folder.path for _, folder in client.get_folders(count=1, start_index=1, sort_by_columns=[("path", True)])] == ["/contract"]

for run_id in ids[:3]:
    values = [{"timestamp": f"2026-01-02T03:04:0{step}.000000", "time": float(step), "step": step, "values": {"m": step}} for step in range(3)]
    Metrics.new(run=run_id, metrics=values).commit()
assert names(filters=in_folder + ["has tag.mod1"], count_limit=1, sort_by_columns=[("metrics.m", True)]) == ["run-0001"]
found = client.get_metric_values(["m"], "step", run_filters=in_folder, output_format="dict")
assert len(found["m"]) == 9 and found["m"][(2, ids[1])] == 2, found
found = client.get_metric_values(["m"], "step", run_ids=ids, output_format="dict", max_points=1)
assert len(found["m"]) == 3, found
print(json.dumps({"runs": len(ids)}))
