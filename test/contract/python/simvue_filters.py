"""Every filter of runs and folders, as text and as RunsFilter and FoldersFilter, on three runs that differ in everything."""
import importlib.metadata
import json
import time

from simvue import Client, Run
from simvue.api.objects import Folder
from simvue.api.objects import Run as RunObject

client = Client()
SYSTEM = {
    "cwd": "/home/me/case",
    "hostname": "node-1",
    "pythonversion": "3.9.1",
    "platform": {"system": "Linux", "release": "6.1", "version": "#1 SMP"},
    "cpu": {"arch": "x86_64", "processor": "Threadripper"},
    "gpu": {"name": "H100", "driver": "550"},
}


def make(name, folder, status, tags, metadata, description=None, system=None):
    run = RunObject.new(folder=folder, name=name, status=status, system=system)
    run.tags, run.metadata = tags, metadata
    if description:
        run.description = description
    run.commit()
    time.sleep(0.01)
    return run.id


ids = {
    "one": make("one", "/filters/a", "running", ["red", "blue green"], {"n": 3, "w": "wide", "deep": {"x": 1}}, "a long walk", SYSTEM),
    "two": make("two", "/filters/a", "completed", ["red"], {"n": 10, "w": "2", "flag": True}, "short"),
    "three": make("one more", "/filters/b", "failed", ["plain"], {"none": None, "f": 0.5}),
}
starred = RunObject(ids["two"])
starred.read_only(False)
starred.star = True
starred.commit()
assert RunObject(ids["two"]).star is True and RunObject(ids["one"]).star is False

with Run() as run:
    run.init("alarmed", folder="/filters/b")
    ids["alarmed"] = run.id
    run.create_event_alert(name="quiet one", pattern="x")
    alert = run.create_user_alert(name="loud one")
    run.log_alert(identifier=alert, state="critical")
    run.log_metrics({"residuals.p": 3.0, "loss": 0.5})
    run.log_metrics({"residuals.p": 1e-6, "loss": float("nan")})
    run.save_object({"a": 1}, category="output", name="thing", allow_pickle=True)
artifact = next(artifact_id for artifact_id, _ in client.list_artifacts(ids["alarmed"]))

ALL = {"one", "two", "three", "alarmed"}
EXPECTED = {
    "name == one": {"one"},
    "name contains one": {"one", "three"},
    "folder.path == /filters/a": {"one", "two"},
    "description contains long": {"one"},
    "description not contains long": {"two", "three", "alarmed"},
    "has tag.red": {"one", "two"},
    "has tag.blue green": {"one"},
    "starred": {"two"},
    "status == running": {"one"},
    "status == completed": {"two", "alarmed"},
    "status == failed": {"three"},
    "status == lost": set(),
    "user == self": ALL,
    "user != self": set(),
    "user == nobody": set(),
    "created < 5h": ALL,
    "created < 3d": ALL,
    "created < 1y": ALL,
    "modified < 1h": ALL,
    "started < 1h": {"one", "alarmed"},
    "ended < 1h": {"two", "three", "alarmed"},
    "metadata.n exists": {"one", "two"},
    "metadata.n not exists": {"three", "alarmed"},
    "metadata.deep.x == 1": {"one"},
    "metadata.n == 3": {"one"},
    "metadata.n != 3": {"two"},
    "metadata.n < 9.5": {"one"},
    "metadata.n <= 10": {"one", "two"},
    "metadata.n > 9": {"two"},
    "metadata.n >= 3": {"one", "two"},
    "metadata.w == 2": {"two"},
    "metadata.w contains id": {"one"},
    "metadata.flag == True": {"two"},
    "metadata.f == 0.5": {"three"},
    "n > 9": {"two"},
    "system.cwd == /home/me/case": {"one"},
    "system.hostname == node-1": {"one"},
    "system.pythonversion contains 3.9": {"one"},
    "system.platform.system == Linux": {"one", "alarmed"},
    "system.platform.release == 6.1": {"one"},
    "system.platform.version == #1 SMP": {"one"},
    "system.cpu.arch == x86_64": {"one", "alarmed"},
    "system.cpu.processor == Threadripper": {"one"},
    "system.gpu.name == H100": {"one"},
    "system.gpu.driver != 551": {"one", "alarmed"},
    "alert.name == loud one": {"alarmed"},
    "alert.status == critical": {"alarmed"},
    f"artifact.id == {artifact}": {"alarmed"},
    "metrics.residuals.p < 1e-5": {"alarmed"},
    "metrics.residuals.p > 1": set(),
    "metrics.residuals.p exists": {"alarmed"},
    "metrics.residuals.p not exists": {"one", "two", "three"},
    "metrics.loss == nan": {"alarmed"},
}
names = {run_id: name for name, run_id in ids.items()}
MINE = ["folder.path contains /filters"]
wrong = {}
for text, expected in EXPECTED.items():
    found = {names[run_id] for run_id, _ in client.get_runs([text]) if run_id in names}
    if found != expected:
        wrong[text] = sorted(found)
assert not wrong, wrong
assert {run_id for run_id, _ in client.get_runs(["has tag.red", "status == running", "metadata.n == 3"])} == {ids["one"]}
for text, said in {"nonsense ~ 3": "nonsense", "metrics.loss ~ 3": "metrics.X ==|!=", "metrics.loss < low": "not a number"}.items():
    try:
        list(client.get_runs([text]))
        raise AssertionError(f"{text} was accepted")
    except RuntimeError as error:
        assert said in str(error), error


def found_by(filters):
    return {names[run_id] for run_id, _ in filters.get() if run_id in names}


assert found_by(RunObject.filter().has_name("one").has_tag("red").in_folder("/filters/a")) == {"one"}
assert found_by(RunObject.filter().has_name_containing("one").owner().created_within(days=1)) == {"one", "three"}
assert found_by(RunObject.filter().has_alert("loud one", is_critical=True).has_completed()) == {"alarmed"}
assert found_by(RunObject.filter().has_alert("quiet one")) == {"alarmed"}
assert found_by(RunObject.filter().is_running().started_within(hours=1).modified_within(years=1)) == {"one"}
assert found_by(RunObject.filter().has_failed().ended_within(days=2)) == {"three"}
assert found_by(RunObject.filter().is_lost()) == set()
assert found_by(RunObject.filter().starred().exclude_description_containing("long")) == {"two"}
assert found_by(RunObject.filter().has_description_containing("walk").has_metadata_attribute("w")) == {"one"}
assert found_by(RunObject.filter().in_folder("/filters/b").exclude_metadata_attribute("f")) == {"alarmed"}
assert found_by(RunObject.filter().exclude_owner()) == set() and found_by(RunObject.filter().exclude_owner("nobody")) == ALL
if importlib.metadata.version("simvue").startswith("2.6"):
    new = RunObject.filter
    assert found_by(new().has_status("running").exclude_tag("plain")) == {"one"}
    assert found_by(new().exclude_tag("red").in_folder_containing("/filters")) == {"three", "alarmed"}
    assert found_by(new().exclude_name("one").exclude_in_folder("/filters/b")) == {"two"}
    assert found_by(new().has_metadata_value("n", 3).has_cpu(architecture="x86_64")) == {"one"}
    assert found_by(new().exclude_metadata_value("n", 3)) == {"two"} == found_by(new().has_metadata_value_greater_than("n", 9))
    assert found_by(new().has_metadata_value_less_than("n", 4)) == {"one"}
    assert found_by(new().has_metadata_value_greater_than_or_equal_to("n", 10)) == {"two"}
    assert found_by(new().has_metadata_value_less_than_or_equal_to("n", 10)) == {"one", "two"}
    assert found_by(new().has_working_directory("/home/me/case").has_hostname("node-1").has_gpu(name="H100")) == {"one"}
    assert found_by(new().exclude_working_directory("/home/me/case")) == {"alarmed"} == found_by(new().exclude_hostname("node-1"))
    assert found_by(new().exclude_cpu(processor="Threadripper").exclude_gpu(name="H100")) == {"alarmed"}
    assert found_by(new().has_python_version("3.9.1")) == {"one"} and found_by(new().exclude_python_version("3.9.1")) == {"alarmed"}
    assert found_by(new().has_platform("Linux", release="6.1", version="#1 SMP")) == {"one"}
    assert new().exclude_platform("Linux").as_list() == ["system.platform.system !="], "the client leaves the value out"
else:
    from simvue.api.objects.filter import Status

    assert found_by(RunObject.filter().has_status(Status.Running)) == {"one"}
cleared = RunObject.filter().has_name("none")
cleared.clear()
assert cleared.as_list() == [] and found_by(cleared) == ALL
assert RunObject.filter().in_folder("/filters/a").count() == 2

_, folder = next(client.get_folders(filters=["path == /filters/a"]))
folder.read_only(False)
folder.metadata, folder.tags, folder.description, folder.star = {"atest": 5}, ["kept"], "of filters", True
folder.commit()
for text in ("path == /filters/a", "metadata.atest == 5", "metadata.atest >= 4", "has tag.kept", "starred", "description contains filt"):
    assert [found.path for _, found in client.get_folders(filters=[text])] == ["/filters/a"], text
paths = {found.path for _, found in Folder.filter().has_path_containing("/filters").created_within(hours=1).get()}
assert paths == {"/filters", "/filters/a", "/filters/b"}, paths
assert [found.path for _, found in Folder.filter().has_path("/filters/b").get()] == ["/filters/b"]
print(json.dumps({"filters": len(EXPECTED)}))
