"""A bar that cools, reported with the stock OpenTelemetry SDK: where to and as which run is told by OTEL_* variables alone.

    pip install -r requirements.txt
    OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318 OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf \\
    OTEL_RESOURCE_ATTRIBUTES=simvue.run.id=bar-1,simvue.run.name=bar python cooling_bar.py
"""

import math
import os

from opentelemetry import metrics, trace
from opentelemetry._logs import SeverityNumber
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import BatchLogRecordProcessor
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

if os.environ.get("OTEL_EXPORTER_OTLP_PROTOCOL") == "grpc":
    from opentelemetry.exporter.otlp.proto.grpc._log_exporter import OTLPLogExporter
    from opentelemetry.exporter.otlp.proto.grpc.metric_exporter import OTLPMetricExporter
    from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
else:
    from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter
    from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

BLOCKS = 4
STEPS_A_BLOCK = 50

meters = MeterProvider([PeriodicExportingMetricReader(OTLPMetricExporter())])
loggers = LoggerProvider()
loggers.add_log_record_processor(BatchLogRecordProcessor(OTLPLogExporter()))
tracers = TracerProvider()
tracers.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))

logger = loggers.get_logger("bar")
tracer = tracers.get_tracer("bar")
steps_done = meters.get_meter("bar").create_counter("steps.done")


def log_metrics(step: int, **values: float) -> None:
    """Every value is kept: a gauge of the SDK would keep the last one of each export only."""
    logger.emit(event_name="simvue.metrics", attributes={"simvue.step": step, **values})


with tracer.start_as_current_span("simulate"):
    for block in range(BLOCKS):
        with tracer.start_as_current_span("block", attributes={"block": block}):
            for step in range(block * STEPS_A_BLOCK, (block + 1) * STEPS_A_BLOCK):
                log_metrics(step, temperature=20 + 80 * math.exp(-step / 50), residual=1 / (step + 1))
                steps_done.add(1)
            logger.emit(body=f"block {block} done", severity_number=SeverityNumber.INFO)

logger.emit(event_name="simvue.run.end", attributes={"simvue.run.status": "completed"})
for provider in (tracers, loggers, meters):
    provider.shutdown()
