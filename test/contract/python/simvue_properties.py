"""Every property of every object is readable: of one just made, and of the same one read from the server."""
import json
import pathlib

import simvue.api.objects as objects
from simvue.api.objects.administrator import Tenant, User

pathlib.Path("file.txt").write_text("content")
RULES = dict(aggregation="average", window=1, frequency=1, notification="none", description=None)
PLAIN = dict(notification="none", description=None)
SETTINGS = dict(disable_check=True, is_tenant_useable=False, is_enabled=False, is_default=False)
ENTRY = {"time": 1.0, "timestamp": "2026-01-02T03:04:05.000000", "step": 1}

run = objects.Run.new(folder="/contract/properties", status="running")
run.ttl = 60
run.commit()
tenant = Tenant.new(name="properties")
tenant.commit()
grid = objects.Grid.new(name="g", grid=[[0.0, 1.0]], labels=["x"])
grid.commit()
grid.attach_metric_for_run(run.id, "array")
made = [
    run,
    tenant,
    grid,
    objects.Folder.new(path="/contract/properties/folder"),
    objects.Tag.new(name="property"),
    objects.EventsAlert.new(name="e", pattern="p", frequency=1, **PLAIN),
    objects.UserAlert.new(name="u", **PLAIN),
    objects.MetricsThresholdAlert.new(name="t", metric="m", threshold=1, rule="is above", **RULES),
    objects.MetricsRangeAlert.new(name="r", metric="m", range_low=0, range_high=1, rule="is inside range", **RULES),
    objects.FileStorage.new(name="f", **SETTINGS),
    objects.S3Storage.new(
        name="s", endpoint_url="https://s3.example.org/", access_key_id="id", secret_access_key="hidden", bucket="b", region_name="eu", **SETTINGS
    ),
    User.new(username="prop", fullname="P", email="p@example.org", is_manager=False, is_admin=False, is_readonly=True, welcome=False, tenant=tenant.id),
]
for one in made[3:]:
    one.commit()
artifacts = [
    objects.FileArtifact.new(name="file.txt", storage=None, file_path=pathlib.Path("file.txt"), mime_type=None, metadata=None),
    objects.ObjectArtifact.new(name="object", storage=None, obj=[1, 2], metadata=None, allow_pickling=True),
]
for artifact in artifacts:
    artifact.attach_to_run(run.id, "input")
sent = [
    objects.Metrics.new(run=run.id, metrics=[ENTRY | {"values": {"m": 1}}]),
    objects.Events.new(run=run.id, events=[{"message": "m", "timestamp": ENTRY["timestamp"], "log_level": "info"}]),
    objects.GridMetrics.new(run=run.id, data=[ENTRY | {"array": [1.0, 2.0], "grid": grid.id, "metric": "array"}]),
]
for one in sent:
    one.commit()

failed = []
again = [type(one)(identifier=one.id) for one in made + artifacts]
for origin, group in (("made", made + artifacts), ("read", again), ("stats", [objects.Stats()])):
    for one in group:
        for name in one._properties:
            try:
                getattr(one, name)
            except Exception as error:
                failed.append(f"{origin} {type(one).__name__}.{name}: {type(error).__name__} {error}")
        assert one.to_dict() is not None
# An object has no path, and the client cannot read a text without a character from an artifact that it has just sent.
assert len(failed) == 1 and failed[0].startswith("made ObjectArtifact.original_path"), "\n".join(failed)
print(json.dumps({"objects": len(made) + len(artifacts) + len(sent)}))
