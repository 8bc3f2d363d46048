// A bar that cools, reported with the stock OpenTelemetry SDK: where to and as which run is told by OTEL_* variables alone.
//
//	OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318 \
//	OTEL_RESOURCE_ATTRIBUTES=simvue.run.id=bar-1,simvue.run.name=bar go run .
package main

import (
	"context"
	"errors"
	"fmt"
	stdlog "log"
	"math"

	"go.opentelemetry.io/contrib/exporters/autoexport"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/log"
	sdklog "go.opentelemetry.io/otel/sdk/log"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

const (
	blocks      = 4
	stepsABlock = 50
)

func main() {
	if err := run(context.Background()); err != nil {
		stdlog.Fatal(err)
	}
}

func run(ctx context.Context) error {
	reader, metricErr := autoexport.NewMetricReader(ctx)
	logExporter, logErr := autoexport.NewLogExporter(ctx)
	spanExporter, spanErr := autoexport.NewSpanExporter(ctx)
	if err := errors.Join(metricErr, logErr, spanErr); err != nil {
		return err
	}
	meters := sdkmetric.NewMeterProvider(sdkmetric.WithReader(reader))
	loggers := sdklog.NewLoggerProvider(sdklog.WithProcessor(sdklog.NewBatchProcessor(logExporter)))
	tracers := sdktrace.NewTracerProvider(sdktrace.WithBatcher(spanExporter))

	logger := loggers.Logger("bar")
	tracer := tracers.Tracer("bar")
	stepsDone, err := meters.Meter("bar").Int64Counter("steps.done")
	if err != nil {
		return err
	}

	ctx, simulate := tracer.Start(ctx, "simulate")
	for block := range blocks {
		_, span := tracer.Start(ctx, "block", trace.WithAttributes(attribute.Int("block", block)))
		for step := block * stepsABlock; step < (block+1)*stepsABlock; step++ {
			temperature := 20 + 80*math.Exp(-float64(step)/50)
			logMetrics(ctx, logger, step, attribute.Float64("temperature", temperature), attribute.Float64("residual", 1/float64(step+1)))
			stepsDone.Add(ctx, 1)
		}
		logEvent(ctx, logger, fmt.Sprintf("block %d done", block))
		span.End()
	}
	simulate.End()

	var end log.Record
	end.SetEventName("simvue.run.end")
	end.AddAttributes(attribute.String("simvue.run.status", "completed"))
	logger.Emit(ctx, end)
	return errors.Join(tracers.Shutdown(ctx), loggers.Shutdown(ctx), meters.Shutdown(ctx))
}

// logMetrics keeps every value: a gauge of the SDK would keep the last one of each export only.
func logMetrics(ctx context.Context, logger log.Logger, step int, values ...attribute.KeyValue) {
	var record log.Record
	record.SetEventName("simvue.metrics")
	record.AddAttributes(attribute.Int("simvue.step", step))
	record.AddAttributes(values...)
	logger.Emit(ctx, record)
}

func logEvent(ctx context.Context, logger log.Logger, message string) {
	var record log.Record
	record.SetSeverity(log.SeverityInfo)
	record.SetBody(attribute.StringValue(message))
	logger.Emit(ctx, record)
}
