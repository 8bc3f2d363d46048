"""Folders: parents, trees, details, stars, and every way to delete runs and folders."""
import datetime
import json

from simvue import Client, Run
from simvue.api.objects import Folder
from simvue.api.objects import Run as RunObject
from simvue.exception import ObjectNotFoundError

client = Client()


def missing(read, *args, **options):
    try:
        return read(*args, **options) is None
    except ObjectNotFoundError:
        return True


def make_run(folder, name=None):
    run = RunObject.new(folder=folder, **({"name": name} if name else {}))
    run.commit()
    return run.id


folder = Folder.new(path="/contract/f/deep/er")
folder.commit()
assert len(folder.id) == 22 and folder.path == "/contract/f/deep/er", folder.to_dict()
assert isinstance(folder.created, datetime.datetime) and folder.star is False and folder.ttl is None, folder.to_dict()
assert folder.tags == [] and folder.metadata == {} and not folder.description and not folder.name
assert f"{folder.url}".endswith(f"/api/folders/{folder.id}")
again = Folder.new(path="/contract/f/deep/er")
again.commit()
assert again.id == folder.id

folder.tags, folder.metadata, folder.description, folder.name, folder.ttl = ["t1"], {"a": 1, "n": {"x": 1}}, "text", "a name", 3600
folder.star = True
folder.commit()
folder.metadata = {"b": 2, "n": {"y": 2}}
folder.tags = ["t2"]
folder.commit()
seen = Folder(identifier=folder.id)
assert seen.metadata == {"a": 1, "b": 2, "n": {"x": 1, "y": 2}} and seen.tags == ["t2"], seen.to_dict()
assert (seen.description, seen.name, seen.ttl, seen.star) == ("text", "a name", 3600, True), seen.to_dict()
folder.star = False
folder.commit()
seen.refresh()
assert seen.star is False
assert {"t1", "t2"} <= {tag.name for _, tag in client.get_tags()}
assert client.get_folder("/contract/f", read_only=False).tree == {"contract": {"f": {"deep": {"er": {}}}}}
assert client.get_folder("/contract/f/deep").path == "/contract/f/deep"
assert client.get_folder("/contract/none") is None
assert Folder.count(filters=json.dumps(["path contains /contract/f"])) == 3
assert folder.id in set(Folder.ids())
assert dict(Folder.get(count=2, offset=1)) and "path" in seen.to_dict()

# The folder of a run is made with it; what the run says of it stays.
with Run() as run:
    run.init("in folder", folder="/contract/g/sub", retention_period="1 hour")
    run.set_folder_details(metadata={"k": "v"}, tags=["g"], description="of a run")
    run_id = run.id
assert client.get_folder("/contract/g/sub").metadata == {"k": "v"} and client.get_folder("/contract/g").metadata == {}

# One run; all runs of a folder, which stays.
assert not client.delete_run(run_id) and missing(client.get_run, run_id)
try:
    client.delete_run(run_id)
    raise AssertionError("a deleted run was deleted again")
except ObjectNotFoundError:
    pass
runs = [make_run("/contract/g") for _ in range(3)]
inner = make_run("/contract/g/sub")
assert sorted(client.delete_runs("/contract/g")) == sorted(runs) and all(missing(client.get_run, one) for one in runs)
assert client.get_run(inner).id == inner and client.get_folder("/contract/g") is not None
try:
    client.delete_runs("/contract/nowhere")
    raise AssertionError("runs of a folder that is not there were deleted")
except ValueError:
    pass

# A folder with runs stays unless they go, too; one with folders below takes them along only when it is recursive.
for options in ({}, {"recursive": True}):
    try:
        client.delete_folder("/contract/g/sub", **options)
        raise AssertionError("a folder was deleted from under its run")
    except RuntimeError:
        assert client.get_run(inner).folder == "/contract/g/sub"
assert client.delete_folder("/contract/g/sub", remove_runs=True) == [inner] and missing(client.get_run, inner)
assert client.get_folder("/contract/g/sub") is None and client.get_folder("/contract/g") is not None
nested = [make_run(path, f"n-{i}") for i, path in enumerate(("/contract/h", "/contract/h/a", "/contract/h/a/b", "/contract/hh"))]
deleted = client.delete_folder("/contract/h", recursive=True, remove_runs=True)
assert sorted(deleted) == sorted(nested[:3]), deleted
assert client.get_folder("/contract/h/a/b") is None and client.get_folder("/contract/hh") is not None and client.get_run(nested[3])
assert client.delete_folder("/contract/h", allow_missing=True) is None
try:
    client.delete_folder("/contract/h")
    raise AssertionError("a folder that is not there was deleted")
except ObjectNotFoundError:
    pass

lone = make_run("/contract/i")
found = client.get_folder("/contract/i", read_only=False)
assert found.delete(delete_runs=True, runs_only=True) == {"folders": [], "runs": [lone]}
assert found.delete(recursive=True, delete_runs=True, runs_only=False)["folders"] == [found.id]

run = RunObject.new(folder="/contract/j", name="object")
run.commit()
assert run.delete() == {} and missing(client.get_run, run.id)
print(json.dumps({"runs_left": [one.name for _, one in client.get_runs(None)]}))
