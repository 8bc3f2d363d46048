"""Alerts of every kind: definitions read back, the same one made once, attached, set per run, listed, changed and deleted."""
import datetime
import json

from simvue import Client, Run
from simvue.api.objects import Alert, EventsAlert, MetricsRangeAlert, MetricsThresholdAlert, UserAlert
from simvue.api.objects import Run as RunObject
from simvue.exception import ObjectNotFoundError

client = Client()
RULES = dict(aggregation="at least one", window=2, frequency=3, notification="email", description="of metrics")

events = EventsAlert.new(name="events one", pattern="bad .* thing", frequency=2, notification="none", description="of events")
above = MetricsThresholdAlert.new(name="above one", metric="loss", threshold=0.45, rule="is above", **RULES)
inside = MetricsRangeAlert.new(name="inside one", metric="acc", range_low=-1.5, range_high=5, rule="is inside range", **RULES)
user = UserAlert.new(name="user one", notification="none", description=None)
made = [events, above, inside, user]
for alert in made:
    alert.abort = alert is inside
    alert.commit()
    assert len(alert.id) == 22

definitions = {}
for alert in made:
    seen = Alert(identifier=alert.id)
    assert type(seen) is type(alert) and seen.compare(alert) and not seen.compare(next(one for one in made if one is not alert)), alert.name
    assert seen.name == alert.name and seen.enabled and seen.abort == (alert is inside) and isinstance(seen.created, datetime.datetime)
    assert seen.auto is False and seen.run_tags == [] and isinstance(seen.delay, int) and seen.to_dict()["id"] == alert.id
    definitions[seen.name] = (seen.source, seen.notification, seen.description, seen.get_alert() if seen.source != "user" else None)
assert definitions["events one"] == ("events", "none", "of events", {"pattern": "bad .* thing", "frequency": 2}), definitions
assert definitions["user one"] == ("user", "none", None, None)
metrics = {"aggregation": "at least one", "window": 2, "frequency": 3}
assert definitions["above one"][3] == {"rule": "is above", "metric": "loss", "threshold": 0.45} | metrics
assert definitions["inside one"][3] == {"rule": "is inside range", "metric": "acc", "range_low": -1.5, "range_high": 5} | metrics
seen = Alert(identifier=events.id)
assert (seen.alert.pattern, seen.alert.frequency) == ("bad .* thing", 2)
seen = Alert(identifier=above.id).alert
assert (seen.threshold, seen.rule, seen.window, seen.aggregation) == (0.45, "is above", 2, "at least one")
seen = Alert(identifier=inside.id).alert
assert (seen.range_low, seen.range_high, seen.frequency) == (-1.5, 5, 3)

events.read_only(False)
events.description, events.notification, events.enabled, events.name = "changed", "email", "False", "events two"
events.commit()  # enabled is set with a text
seen = Alert(identifier=events.id)
assert (seen.description, seen.notification, seen.enabled, seen.name) == ("changed", "email", False, "events two")
events.description, events.notification, events.enabled, events.name = "of events", "none", "true", "events one"
events.commit()

kept = Run()
kept.init("with alerts", folder="/contract/alerts", tags=["a"])
metric = dict(aggregation="at least one", window=2, frequency=3, notification="email", description="of metrics")
ids = [
    kept.create_event_alert(name="events one", pattern="bad .* thing", frequency=2, description="of events"),
    kept.create_metric_threshold_alert(name="above one", metric="loss", threshold=0.45, rule="is above", **metric),
    kept.create_metric_range_alert(
        name="inside one", metric="acc", range_low=-1.5, range_high=5, rule="is inside range", trigger_abort=True, **metric
    ),
    kept.create_user_alert(name="user one"),
]
assert ids == [alert.id for alert in made], "the same definition is the same alert"
fresh = [
    kept.create_event_alert(name="events one", pattern="other", frequency=2),
    kept.create_metric_threshold_alert(name="below", metric="loss", threshold=0, rule="is below", attach_to_run=False),
    kept.create_metric_range_alert(name="outside", metric="acc", range_low=1, range_high=2, rule="is outside range"),
    kept.create_user_alert(name="unattached", attach_to_run=False),
]
assert not set(fresh) & set(ids) and len(set(fresh)) == 4
assert Alert(identifier=fresh[1]).to_dict()["alert"]["threshold"] == 0
attached = set(ids) | {fresh[0], fresh[2]}
assert set(RunObject(kept.id).alerts) == attached
kept.add_alerts(names=["below", "unattached"])
kept.add_alerts(ids=[fresh[3]])
assert sorted(RunObject(kept.id).alerts) == sorted(attached | {fresh[1], fresh[3]})
details = {alert["name"]: alert["source"] for alert in RunObject(kept.id).get_alert_details()}
assert details["outside"] == "metrics" and details["unattached"] == "user"

assert UserAlert(identifier=fresh[3]).get_status(kept.id) is None, "never set"
kept.log_alert(identifier=ids[3], state="critical")
kept.log_alert(name="unattached", state="ok")
assert user.get_status(kept.id) == "critical" and UserAlert(identifier=fresh[3]).get_status(kept.id) == "ok"
assert client.get_alerts(run_id=kept.id, critical_only=True, names_only=True) == ["user one"]
assert [alert.id for alert in client.get_alerts(run_id=kept.id, names_only=False)] == [user.id]
assert len(client.get_alerts(run_id=kept.id, critical_only=False)) == 8
kept.log_alert(identifier=ids[3], state="ok")
assert client.get_alerts(run_id=kept.id) == []
for identifier, name in (("0123456789abcdefghijkl", None), (None, "no such alert")):
    try:
        kept.log_alert(identifier=identifier, name=name)
        raise AssertionError("an unknown alert was set")
    except (ObjectNotFoundError, RuntimeError):
        pass

other = RunObject.new(folder="/contract/alerts", name="other")
other.alerts = [user.id, above.id]
other.commit()
assert set(RunObject(other.id).alerts) == {user.id, above.id}
unattached = UserAlert(identifier=fresh[3])
unattached.read_only(False)
unattached.set_status(other.id, "critical")
assert unattached.get_status(other.id) == "critical" and unattached.get_status(kept.id) == "ok", "a status is of one run"

names = client.get_alerts(critical_only=False, names_only=True, sort_by_columns=[("name", False)])
assert names == sorted(names) and len(names) == 8, names
assert client.get_alerts(critical_only=False, sort_by_columns=[("name", True)], count_limit=2, start_index=1) == ["unattached", "outside"]
assert {alert.id for _, alert in Alert.get()} == set(ids) | set(fresh)
assert isinstance(dict(Alert.get())[fresh[2]], MetricsRangeAlert) and isinstance(dict(Alert.get())[ids[0]], EventsAlert)

client.delete_alert(fresh[3])
user.read_only(False)
user.delete()
for gone in (fresh[3], user.id):
    assert gone not in RunObject(kept.id).alerts
    try:
        Alert(identifier=gone)
        raise AssertionError("a deleted alert is there")
    except ObjectNotFoundError:
        pass
kept.close()
print(json.dumps({"run": kept.id}))
