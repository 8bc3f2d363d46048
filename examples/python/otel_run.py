"""A run in Python over the stock OpenTelemetry SDK: copy this file, there is nothing of simvue-otel in it.

    pip install opentelemetry-sdk opentelemetry-exporter-otlp-proto-http
    export OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318

    with Run("cavity", folder="/cfd", tags=["LES"], metadata={"re": 1000}) as run:
        for step in range(1000):
            run.log_metrics({"residual": solve(step)}, step)
"""

from __future__ import annotations

from typing import Mapping, Sequence
from uuid import uuid4

from opentelemetry._logs import SeverityNumber
from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import BatchLogRecordProcessor
from opentelemetry.sdk.resources import OTELResourceDetector, Resource


class Run:
    """What OTEL_RESOURCE_ATTRIBUTES says of the run counts before the arguments; a block that raises fails the run."""

    def __init__(self, name: str, folder: str = "/", tags: Sequence[str] = (), metadata: Mapping = {}) -> None:
        given = {
            "simvue.run.id": uuid4().hex,
            "simvue.run.name": name,
            "simvue.run.folder": folder,
            "simvue.run.tags": list(tags),
            **{f"simvue.run.metadata.{key}": value for key, value in metadata.items()},
        }
        resource = Resource.create(given).merge(OTELResourceDetector().detect())
        self._provider = LoggerProvider(resource=resource)
        # A full queue drops: the default holds 2,048 records.
        self._provider.add_log_record_processor(BatchLogRecordProcessor(OTLPLogExporter(), max_queue_size=200_000))
        self._logger = self._provider.get_logger("run")
        self._logger.emit(event_name="simvue.run.start", attributes={"simvue.run.status": "running"})

    def log_metrics(self, values: Mapping[str, float], step: int) -> None:
        """Every value is kept: a gauge of the SDK would keep the last one of each export only."""
        self._logger.emit(event_name="simvue.metrics", body=dict(values), attributes={"simvue.step": step})

    def log_event(self, message: str, level: str = "INFO") -> None:
        """`level`: TRACE, DEBUG, INFO, WARN, ERROR, FATAL."""
        self._logger.emit(body=message, severity_number=SeverityNumber[level])

    def update_metadata(self, metadata: Mapping) -> None:
        self._update({f"simvue.run.metadata.{key}": value for key, value in metadata.items()})

    def add_tags(self, *tags: str) -> None:
        self._update({"simvue.run.tags_added": tags})

    def add_alert(self, name: str, **rule: object) -> None:
        """For example `metric="loss", rule="is above", threshold=1.0, window_minutes=2.0, frequency_minutes=1.0`."""
        attributes = {f"simvue.alert.{key}": value for key, value in {"name": name, "source": "metrics", **rule}.items()}
        self._logger.emit(event_name="simvue.alert.define", attributes=attributes)

    def end(self, status: str = "completed") -> None:
        """`completed`, `failed` or `terminated`; waits until everything is sent."""
        self._logger.emit(event_name="simvue.run.end", attributes={"simvue.run.status": status})
        self._provider.shutdown()

    def __enter__(self) -> Run:
        return self

    def __exit__(self, _type: object, error: BaseException | None, _traceback: object) -> None:
        if error is not None:
            self._logger.emit(body=str(error), severity_number=SeverityNumber.ERROR, exception=error)
        self.end("completed" if error is None else "failed")

    def _update(self, attributes: Mapping) -> None:
        self._logger.emit(event_name="simvue.run.update", attributes=attributes)
