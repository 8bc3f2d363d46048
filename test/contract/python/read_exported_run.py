"""What the published client reads of the run that the Simvue exporters wrote; prints it as JSON."""
import json

from simvue import Client

client = Client()
run_id = client.get_run_id_from_name("exported")
run = client.get_run(run_id)


def content(name):
    value = client.get_artifact(run_id, name)
    return value.tolist() if hasattr(value, "tolist") else value


values = client.get_metric_values(["loss"], "step", run_ids=[run_id], output_format="dict")["loss"]
print(
    json.dumps(
        {
            "status": run.status,
            "folder": run.folder,
            "tags": sorted(run.tags),
            "lr": run.metadata["lr"],
            "names": sorted(client.get_metrics_names(run_id)),
            "loss": [value for _, value in sorted(values.items())],
            "events": [event["message"] for event in client.get_events(run_id)],
            "artifacts": {entry.name: content(entry.name) for _, entry in client.list_artifacts(run_id)},
            "alerts": {alert.name: str(alert.get_status(run_id)) for alert in client.get_alerts(run_id=run_id, critical_only=False, names_only=False)},
        }
    )
)
