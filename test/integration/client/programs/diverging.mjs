// Diverges at once, and has an alert that aborts it.
import { Run } from 'simvue-otel';

const run = new Run({ onAbort: () => console.log('saving'), disableResourcesMetrics: true });
await run.init({ name: 'diverging' });
run.createEventAlert({ name: 'diverged', pattern: 'FATAL', triggerAbort: true });
run.logEvent('FATAL: divergence');
setInterval(() => run.logMetrics({ residual: 1 }), 100);
