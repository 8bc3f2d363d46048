import io.opentelemetry.api.logs.Logger;
import io.opentelemetry.api.logs.Severity;
import io.opentelemetry.api.metrics.LongCounter;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Scope;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;

/**
 * A bar that cools, reported with the stock OpenTelemetry SDK: where to and as which run is told by OTEL_* variables alone.
 *
 * <pre>
 * mvn compile dependency:copy-dependencies
 * OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318 \
 * OTEL_RESOURCE_ATTRIBUTES=simvue.run.id=bar-1,simvue.run.name=bar \
 *   java -cp 'target/classes:target/dependency/*' CoolingBar
 * </pre>
 */
public final class CoolingBar {
  private static final int BLOCKS = 4;
  private static final int STEPS_A_BLOCK = 50;

  public static void main(String[] args) {
    try (OpenTelemetrySdk sdk = AutoConfiguredOpenTelemetrySdk.initialize().getOpenTelemetrySdk()) {
      Logger logger = sdk.getLogsBridge().get("bar");
      Tracer tracer = sdk.getTracer("bar");
      LongCounter stepsDone = sdk.getMeter("bar").counterBuilder("steps.done").build();

      Span simulate = tracer.spanBuilder("simulate").startSpan();
      try (Scope whole = simulate.makeCurrent()) {
        for (int block = 0; block < BLOCKS; block++) {
          Span span = tracer.spanBuilder("block").setAttribute("block", block).startSpan();
          for (int step = block * STEPS_A_BLOCK; step < (block + 1) * STEPS_A_BLOCK; step++) {
            logMetrics(logger, step, 20 + 80 * Math.exp(-step / 50.0), 1.0 / (step + 1));
            stepsDone.add(1);
          }
          String message = "block " + block + " done";
          logger.logRecordBuilder().setSeverity(Severity.INFO).setBody(message).emit();
          span.end();
        }
      }
      simulate.end();
      logger
          .logRecordBuilder()
          .setEventName("simvue.run.end")
          .setAttribute("simvue.run.status", "completed")
          .emit();
    }
  }

  /** Every value is kept: a gauge of the SDK would keep the last one of each export only. */
  private static void logMetrics(Logger logger, int step, double temperature, double residual) {
    logger
        .logRecordBuilder()
        .setEventName("simvue.metrics")
        .setAttribute("simvue.step", step)
        .setAttribute("temperature", temperature)
        .setAttribute("residual", residual)
        .emit();
  }
}
