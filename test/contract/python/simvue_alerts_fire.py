"""Alerts that the collector evaluates, as a program sees them: windows count seconds here, which is what the client says they are."""
import json
import time

from simvue import Client, Run

client = Client()


def wait_until(condition, seconds=20):
    for _ in range(seconds * 10):
        if seen := condition():
            return seen
        time.sleep(0.1)
    raise AssertionError("not in time")


def critical(run_id):
    return set(client.get_alerts(run_id=run_id, critical_only=True, names_only=True))


run = Run()
run.init("fires", folder="/contract/alerts", tags=["a"])
run.create_metric_threshold_alert(name="loss high", metric="loss", threshold=1, rule="is above", window=2, frequency=1)
run.create_metric_range_alert(name="loss odd", metric="loss", range_low=4, range_high=6, rule="is outside range", window=2, frequency=1)
run.create_event_alert(name="bad event", pattern="diverged", frequency=1)
run.create_user_alert(name="by hand")
assert critical(run.id) == set()
for step in range(60):
    run.log_metrics({"loss": 5.0})
    time.sleep(0.1)
wait_until(lambda: critical(run.id) == {"loss high"})
run.log_event("the solver diverged")
run.log_alert(name="by hand", state="critical")
wait_until(lambda: critical(run.id) == {"loss high", "bad event", "by hand"})
assert {item["alert"]["name"]: item["status"] for item in client.get_run(run.id)._get()["alerts"]} == {
    "loss high": "critical", "loss odd": "ok", "bad event": "critical", "by hand": "critical"
}
run.close()

stopped = Run()
stopped.init("is stopped", folder="/contract/alerts")
stopped.config(abort_on_alert="ignore")
stopped.create_event_alert(name="stops", pattern="diverged", frequency=1, trigger_abort=True)
stopped.log_event("diverged again")
wait_until(lambda: critical(stopped.id) == {"stops"})
stopped.close()
print(json.dumps({"stopped": stopped.id}))
