"""A program that knows nothing of simvue-otel: the endpoint and the run come from OTEL_* variables alone."""

import logging
import sys

from opentelemetry import metrics
from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter
from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
from opentelemetry.sdk._logs import LoggerProvider, LoggingHandler
from opentelemetry.sdk._logs.export import BatchLogRecordProcessor
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader

reader = PeriodicExportingMetricReader(OTLPMetricExporter(), export_interval_millis=3_600_000)
meters = MeterProvider(metric_readers=[reader])
logs = LoggerProvider()
logs.add_log_record_processor(BatchLogRecordProcessor(OTLPLogExporter()))
logger = logging.getLogger("solver")
logger.setLevel(logging.DEBUG)
logger.addHandler(LoggingHandler(logger_provider=logs))

meter = meters.get_meter("solver")
residual = meter.create_gauge("residual", unit="1")
iterations = meter.create_counter("iterations")
step_time = meter.create_histogram("step.time", unit="s", explicit_bucket_boundaries_advisory=[0.1, 1.0, 10.0])

for iteration in range(5):
    residual.set(1.0 / (iteration + 1), {"field": "U"})
    iterations.add(1)
    step_time.record(0.5 + iteration)
    logger.info("iteration %d", iteration)
    logger.info("values", extra={"event.name": "simvue.metrics", "simvue.step": iteration, "loss": 1 / (iteration + 1)})
    meters.force_flush()
logger.debug("details")
logger.warning("slow convergence")
logger.error("did not converge", extra={"residual": 0.2})
logger.critical("giving up")

logs.shutdown()
meters.shutdown()
print("done")
sys.exit(0)
