/** Label values of one sample, by label name. */
export type Labels = Readonly<Record<string, string>>;

type Kind = 'counter' | 'gauge' | 'summary';

/** Combinations of label values that a family keeps; what comes later counts as `other`. */
const MAX_LABEL_SETS = 100;

interface Sample {
  readonly labels: string;
  value: number;
  /** Observations of a summary; unused otherwise. */
  count: number;
}

/** One metric with its samples; made by {@link MetricRegistry}. */
export class MetricFamily {
  readonly #name: string;
  readonly #help: string;
  readonly #kind: Kind;
  readonly #samples = new Map<string, Sample>();

  constructor(name: string, help: string, kind: Kind) {
    this.#name = name;
    this.#help = help;
    this.#kind = kind;
  }

  /** Adds to a counter. */
  add(amount: number, labels: Labels = {}): void {
    this.#sample(labels).value += amount;
  }

  /** Sets a gauge, or a counter whose total is kept elsewhere. */
  set(value: number, labels: Labels = {}): void {
    this.#sample(labels).value = value;
  }

  /** Sets the totals of a summary that are kept elsewhere. */
  setSummary(count: number, sum: number, labels: Labels = {}): void {
    const sample = this.#sample(labels);
    sample.count = count;
    sample.value = sum;
  }

  render(): string {
    const lines = [`# HELP ${this.#name} ${escapeHelp(this.#help)}`, `# TYPE ${this.#name} ${this.#kind}`];
    for (const { labels, value, count } of this.#samples.values()) {
      if (this.#kind !== 'summary') lines.push(`${this.#name}${labels} ${number(value)}`);
      else lines.push(`${this.#name}_sum${labels} ${number(value)}`, `${this.#name}_count${labels} ${number(count)}`);
    }
    return `${lines.join('\n')}\n`;
  }

  #sample(labels: Labels): Sample {
    const full = this.#samples.size >= MAX_LABEL_SETS;
    const wanted = labelText(labels);
    const key = full && !this.#samples.has(wanted) ? labelText(mapValues(labels, () => 'other')) : wanted;
    const known = this.#samples.get(key);
    if (known !== undefined) return known;
    const sample = { labels: key, value: 0, count: 0 };
    this.#samples.set(key, sample);
    return sample;
  }
}

/** Metrics of this process in the text format of Prometheus, version 0.0.4. */
export class MetricRegistry {
  readonly #families: MetricFamily[] = [];
  readonly #collectors: (() => void | Promise<void>)[] = [];

  counter(name: string, help: string): MetricFamily {
    return this.#add(name, help, 'counter');
  }

  gauge(name: string, help: string): MetricFamily {
    return this.#add(name, help, 'gauge');
  }

  /** A summary without quantiles: number and sum of what was observed. */
  summary(name: string, help: string): MetricFamily {
    return this.#add(name, help, 'summary');
  }

  /** Registers what is called before each rendering, to copy totals that are kept elsewhere. */
  onCollect(collect: () => void | Promise<void>): void {
    this.#collectors.push(collect);
  }

  async render(): Promise<string> {
    for (const collect of this.#collectors) await collect();
    return this.#families.map((family) => family.render()).join('');
  }

  #add(name: string, help: string, kind: Kind): MetricFamily {
    const family = new MetricFamily(name, help, kind);
    this.#families.push(family);
    return family;
  }
}

const escapeHelp = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
const escapeLabel = (text: string): string => escapeHelp(text).replaceAll('"', '\\"');

function labelText(labels: Labels): string {
  const entries = Object.entries(labels);
  return entries.length === 0 ? '' : `{${entries.map(([key, value]) => `${key}="${escapeLabel(value)}"`).join(',')}}`;
}

function mapValues(labels: Labels, map: (value: string) => string): Labels {
  return Object.fromEntries(Object.entries(labels).map(([key, value]) => [key, map(value)]));
}

function number(value: number): string {
  if (Number.isFinite(value)) return String(value);
  return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
}
