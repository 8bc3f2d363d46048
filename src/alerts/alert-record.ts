import type { AttributeMap, AttributeValue } from '../attributes.ts';
import { SimvueError } from '../errors.ts';
import { ALERT_EVENT } from '../semconv.ts';
import type { CheckedAlert } from './alert-definition.ts';

/** State of an alert that the program decides itself. */
export type AlertStatus = 'ok' | 'critical';

const RUN_ID = /^[A-Za-z0-9]{22}$/;

/** Attributes of `simvue.alert.define`; only what is evaluated has window and frequency. */
export function alertAttributes(alert: CheckedAlert): AttributeMap {
  const { notification = 'none' } = alert;
  const channels = (typeof notification === 'string' ? [notification] : notification).filter((name) => name !== 'none');
  const isEvaluated = alert.source === 'metrics' || alert.source === 'events';
  const entries: readonly (readonly [string, AttributeValue | undefined])[] = [
    [ALERT_EVENT.name, alert.name],
    [ALERT_EVENT.source, alert.source],
    [ALERT_EVENT.rule, alert.rule],
    [ALERT_EVENT.metric, alert.metric],
    [ALERT_EVENT.threshold, alert.threshold],
    [ALERT_EVENT.rangeLow, alert.rangeLow],
    [ALERT_EVENT.rangeHigh, alert.rangeHigh],
    [ALERT_EVENT.pattern, alert.pattern],
    [ALERT_EVENT.patternType, alert.patternType],
    [ALERT_EVENT.frequencyMinutes, isEvaluated ? alert.frequency : undefined],
    [ALERT_EVENT.windowMinutes, isEvaluated ? alert.window : undefined],
    [ALERT_EVENT.delayMinutes, alert.delay],
    [ALERT_EVENT.aggregation, alert.aggregation],
    [ALERT_EVENT.evaluatePartialWindow, alert.evaluatePartialWindow],
    [ALERT_EVENT.notification, channels.length === 0 ? undefined : channels],
    [ALERT_EVENT.abort, alert.triggerAbort],
    [ALERT_EVENT.description, alert.description],
  ];
  return new Map(entries.filter((entry): entry is [string, AttributeValue] => entry[1] !== undefined));
}

/**
 * Attributes of `simvue.alert.status`.
 *
 * @param alert - a name, or an id of 22 letters and digits.
 * @throws `SIMVUE_ERR_INVALID_ARGUMENT` for another status.
 */
export function alertStatusAttributes(alert: string, status: AlertStatus): AttributeMap {
  if (status !== 'ok' && status !== 'critical') {
    throw new SimvueError('SIMVUE_ERR_INVALID_ARGUMENT', `alert status "${status}" is not one of ok, critical`);
  }
  if (typeof alert !== 'string' || alert === '') {
    throw new SimvueError('SIMVUE_ERR_INVALID_ARGUMENT', 'an alert is named by its name or id');
  }
  const key = RUN_ID.test(alert) ? ALERT_EVENT.id : ALERT_EVENT.name;
  return new Map([
    [key, alert],
    [ALERT_EVENT.status, status],
  ]);
}
