"""Who may do what, on a collector that asks for tokens: the part of WHO; ids that the owner printed are in RUNS."""
import json
import os

from simvue import Client, Run
from simvue.api.objects import Stats
from simvue.exception import ObjectNotFoundError

who, runs = os.environ["WHO"], json.loads(os.environ.get("RUNS", "{}"))


def refused(act, *kinds):
    try:
        act()
    except kinds as error:
        return str(error)
    raise AssertionError(f"{who} was let in")


if who == "owner":
    for visibility in (None, "tenant", "public", ["guest"]):
        with Run() as run:
            name = "-".join(visibility) if isinstance(visibility, list) else visibility or "private"
            run.init(name, folder="/access", visibility=visibility)
            run.log_metrics({"x": 1.0})
            run.log_event("of the owner")
            run.save_object({"a": name}, category="output", name="thing", allow_pickle=True)
            runs[name] = run.id
    client = Client()
    assert Stats().whoami()["username"] == "owner"
    assert sorted(run.name for _, run in client.get_runs(["user == self"])) == ["guest", "private", "public", "tenant"]
elif who in ("colleague", "guest", "stranger"):
    client = Client()
    readable = {"colleague": {"tenant", "public"}, "guest": {"public", "guest"}, "stranger": {"public"}}[who]
    assert {run.name for _, run in client.get_runs(["folder.path == /access"])} == readable
    for name, run_id in runs.items():
        if name in readable:
            assert client.get_run(run_id).name == name and [event["message"] for event in client.get_events(run_id)] == ["of the owner"]
            assert len(client.get_metric_values(["x"], "step", run_ids=[run_id])["x"]) == 1
            assert client.get_artifact(run_id, "thing", allow_pickle=True) == {"a": name}
            assert "permission" in refused(lambda: client.delete_run(run_id), RuntimeError)
            assert "permission" in refused(lambda: client.abort_run(run_id, reason="mine"), RuntimeError)
        else:
            refused(lambda: client.get_run(run_id), ObjectNotFoundError)
            refused(lambda: client.delete_run(run_id), ObjectNotFoundError)
            assert client.get_metric_values(["x"], "step", run_ids=[run_id]) is None
            refused(lambda: client.get_events(run_id), RuntimeError)
    with Run() as run:
        run.init(f"of the {who}", folder=f"/access/{who}")
        assert run.id
elif who == "reader":
    client = Client()
    assert {run.name for _, run in client.get_runs(["folder.path == /access"])} == {"public"}
    assert "You do not have permission" in refused(lambda: Run().init("not allowed", folder="/access"), RuntimeError)
elif who == "unknown":
    assert "Unauthorised" in refused(lambda: Client(), Exception)
print(json.dumps(runs))
