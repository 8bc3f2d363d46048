"""Processes of a run: their scripts, output, exit status and end; the process of another program; resources; settings; duration."""
import json
import os
import pathlib
import subprocess
import sys
import time

from simvue import Client, Run

FOLDER = "/contract/processes"
client = Client()
script, given = pathlib.Path("script.py"), pathlib.Path("given.txt")
script.write_text("import sys; print('to out'); print('to err', file=sys.stderr); sys.exit(int(sys.argv[-1]))")
given.write_text("input of the process")


def statuses(run_id):
    return {alert.name: alert.get_status(run_id) for alert in client.get_alerts(run_id=run_id, critical_only=False, names_only=False)}


finished = []
try:
    with Run() as run:
        run.config(queue_blocking=True, disable_resources_metrics=False, system_metrics_interval=1, enable_emission_metrics=False)
        run.init("processes", folder=FOLDER, no_color=True)
        run_id = run.id
        run.add_process("good", "0", executable=sys.executable, script=script, input_file=given)
        run.add_process("bad", "3", executable=sys.executable, script=script, completion_callback=lambda **_: finished.append(3))
        assert run.processes and run.executor is not None
        assert run.status == "running" and run.uid and run.duration >= 0
        run.set_pid(os.getpid())
        time.sleep(3)
except SystemExit as error:
    assert error.code == 3, "the run ends as its process did"
metadata = client.get_run(run_id).metadata
assert {"good_command", "bad_command"} <= set(metadata), metadata.keys()
told = statuses(run_id)
assert told["good_exit_status"] == "ok" and told["bad_exit_status"] == "critical", told
assert finished, "the callback was called"
files = {artifact.name for _, artifact in client.list_artifacts(run_id)}
assert any(name.endswith("good.out") for name in files) and any(name.endswith("bad.err") for name in files), files
assert any(name.endswith("script.py") for name in files), files
names = set(client.get_metrics_names(run_id))
assert any(name.startswith("resources/cpu") for name in names), names

try:
    with Run() as run:
        run.init("killed", folder=FOLDER, timeout=None)
        killed_id = run.id
        run.add_process("sleeps", "60", executable="sleep")
        run.add_process("sleeps too", "60", executable="sleep")
        time.sleep(0.5)
        started = time.time()
        run.kill_process("sleeps")
        run.kill_all_processes()
        assert time.time() - started < 20
except SystemExit as error:
    assert error.code == -9, error.code
assert client.get_run(killed_id).heartbeat_timeout is None

other = subprocess.Popen(["sleep", "5"])
with Run() as run:
    run.config(system_metrics_interval=1)
    run.init("of another process", folder=FOLDER)
    run.set_pid(other.pid)
    run.set_tags(["one", "two"])
    run.set_tags(["two", "three"])
    tags_id = run.id
    time.sleep(1.5)
other.kill()
assert sorted(client.get_run(tags_id).tags) == ["three", "two"], client.get_run(tags_id).tags
print(json.dumps({"status": client.get_run(run_id).status, "killed": client.get_run(killed_id).status}))
