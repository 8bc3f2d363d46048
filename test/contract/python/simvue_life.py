"""Life of a run: failure, abort, reconnect, unstarted runs, heartbeats; the way it ends is read back."""
import importlib.metadata
import json
import os
import threading
import time

import simvue.run
from simvue import Client, Run
from simvue.api.objects import Run as RunObject

FOLDER = "/contract/life"
client = Client()
ids = {}


def init(run, name, **options):
    assert run.init(name, folder=FOLDER, **options)
    ids[name] = run.id
    return run


def wait_for_status(run_id, status, seconds=10):
    for _ in range(seconds * 10):
        if (seen := client.get_run(run_id).status) == status:
            return
        time.sleep(0.1)
    raise AssertionError(f"{run_id} is {seen}, not {status}")


try:
    with Run() as run:
        init(run, "fails").log_metrics({"x": 1})
        raise ValueError("boom")
except ValueError:
    pass
assert client.get_run(ids["fails"]).status == "failed"

with Run() as run:
    init(run, "unstarted", running=False, timeout=None)
    assert client.get_run(run.id).status == "created"
unstarted = client.get_run(ids["unstarted"])
assert unstarted.started is None and unstarted.heartbeat_timeout is None, unstarted.to_dict()

with Run() as run:
    assert run.reconnect(ids["unstarted"])
    run.log_metrics({"x": 2.0})
    assert client.get_run(run.id).status == "running"
assert client.get_run(ids["unstarted"]).status == "completed"

with Run() as run:
    init(run, "set-status", retention_period="2 days")
    run.set_status("terminated")
assert client.get_run(ids["set-status"]).status == "terminated"
assert client.get_run(ids["set-status"]).ttl == 2 * 86_400

# The client asks for an abort with each heartbeat.
simvue.run.HEARTBEAT_INTERVAL = 1
for name, by_alert in (("abort-by-alert", True), ("abort-by-user", False)):
    called = threading.Event()
    run = Run(abort_callback=lambda _: called.set())
    run.config(abort_on_alert="run")
    init(run, name)
    assert RunObject(ids[name]).abort_trigger is False
    if by_alert:
        alert = run.create_user_alert(name="stop", trigger_abort=True)
        run.log_alert(identifier=alert, state="critical")
    else:
        client.abort_run(ids[name], reason="because")
    assert RunObject(ids[name]).abort_trigger is True
    assert called.wait(10), name
    wait_for_status(ids[name], "terminated")

run = RunObject.new(folder=FOLDER, name="lost")
run.status = "running"
run.heartbeat_timeout = 1
run.commit()
ids["lost"] = run.id
for _ in range(5):
    time.sleep(0.5)
    run.send_heartbeat()
    assert RunObject(run.id).status == "running"
wait_for_status(run.id, "lost")
run.send_heartbeat()
assert RunObject(run.id).status == "running"

aborted = RunObject(ids["unstarted"])
aborted.read_only(False)
aborted.abort("too late")
assert aborted.abort_trigger is False, "it has ended"

assert client.get_run_id_from_name("fails") == ids["fails"]
with_status = {status: [name for name in ids if client.get_run(ids[name]).status == status] for status in ("failed", "terminated")}
for status, names in with_status.items():
    found = [run_id for run_id, _ in client.get_runs([f"status == {status}", f"folder.path == {FOLDER}"], output_format="objects")]
    assert sorted(found) == sorted(ids[name] for name in names), (status, found)
print(json.dumps({"runs": ids, "version": importlib.metadata.version("simvue")}), flush=True)
# The heartbeats of aborted runs go on in client 2.5.3: as Python ends, now and then one of its threads ends it badly.
os._exit(0)
