/** The listener's figures, by name. Counters only grow; gauges are asked for when they are read. */
const FAMILIES = {
  tieout_webhooks_total: 'Deliveries answered with 200, by what became of them.',
  tieout_webhooks_refused_total: 'Requests that were refused, by reason.',
  tieout_webhooks_signed_total: 'Authentic deliveries, by the secret that signed them.',
  tieout_webhook_header_faults_total: 'Deliveries accepted although a header was missing or malformed.',
  tieout_webhook_commits_total: 'Commits of deliveries to the ledger.',
  tieout_webhook_committed_total: 'Deliveries in these commits.',
} as const

type Counter = keyof typeof FAMILIES

/** Upper bounds in seconds. Shopify waits 5 s for an answer. */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5]

type Histogram = {counts: number[]; sum: number; count: number}

export type Gauge = Readonly<{name: string; help: string; read(): number}>

/** A figure that is read elsewhere; one sample, or one for each value of a label. */
export type Figure = Readonly<{
  name: string
  help: string
  kind: 'gauge' | 'counter'
  samples: readonly Readonly<{label?: readonly [name: string, value: string]; value: number}>[]
}>

/** The figures of a process, and their text in the Prometheus exposition format 0.0.4. */
export type Metrics = Readonly<{
  count(name: Counter, label?: string, by?: number): void
  total(name: Counter, label?: string): number
  /** A request that was answered, in seconds. */
  answered(seconds: number): void
  /** From the event at Shopify to its commit here, in seconds. */
  lagged(seconds: number): void
  text(gauges: readonly Gauge[], figures?: readonly Figure[]): string
}>

const LABELS: Readonly<Partial<Record<Counter, string>>> = {
  tieout_webhooks_total: 'outcome',
  tieout_webhooks_refused_total: 'reason',
  tieout_webhooks_signed_total: 'secret',
  tieout_webhook_header_faults_total: 'header',
}

export function createMetrics(): Metrics {
  const counters = new Map<Counter, Map<string, number>>()
  const answers = emptyHistogram()
  const lags = emptyHistogram()
  const at = (name: Counter, label: string) => counters.get(name)?.get(label) ?? 0

  return {
    count(name, label = '', by = 1) {
      const family = counters.get(name) ?? new Map<string, number>()
      counters.set(name, family.set(label, at(name, label) + by))
    },
    total: (name, label) =>
      label === undefined
        ? [...(counters.get(name)?.values() ?? [])].reduce((sum, value) => sum + value, 0)
        : at(name, label),
    answered: (seconds) => observe(answers, seconds),
    lagged: (seconds) => observe(lags, seconds),
    text: (gauges, figures = []) =>
      [
        ...Object.keys(FAMILIES).flatMap((name) => counterLines(name as Counter, counters.get(name as Counter))),
        ...histogramLines('tieout_webhook_answer_seconds', 'Time from the headers to the answer.', answers),
        ...histogramLines('tieout_webhook_lag_seconds', 'Time from the event at Shopify to its commit.', lags),
        ...gauges.flatMap(({name, help, read}) => [
          `# HELP ${name} ${help}`,
          `# TYPE ${name} gauge`,
          `${name} ${read()}`,
        ]),
        ...figures.flatMap(figureLines),
        '',
      ].join('\n'),
  }
}

function counterLines(name: Counter, values: ReadonlyMap<string, number> | undefined): string[] {
  const label = LABELS[name]
  const lines = [`# HELP ${name} ${FAMILIES[name]}`, `# TYPE ${name} counter`]
  if (label === undefined) return [...lines, `${name} ${values?.get('') ?? 0}`]
  return [...lines, ...[...(values ?? [])].map(([value, n]) => `${name}{${label}="${value}"} ${n}`)]
}

function histogramLines(name: string, help: string, {counts, sum, count}: Histogram): string[] {
  return [
    `# HELP ${name} ${help}`,
    `# TYPE ${name} histogram`,
    ...BUCKETS.map((bound, i) => `${name}_bucket{le="${bound}"} ${counts[i] ?? 0}`),
    `${name}_bucket{le="+Inf"} ${count}`,
    `${name}_sum ${sum}`,
    `${name}_count ${count}`,
  ]
}

function figureLines({name, help, kind, samples}: Figure): string[] {
  return [
    `# HELP ${name} ${help}`,
    `# TYPE ${name} ${kind}`,
    ...samples.map(
      ({label, value}) => `${name}${label === undefined ? '' : `{${label[0]}="${escaped(label[1])}"}`} ${value}`,
    ),
  ]
}

/** Label values as the exposition format wants them. */
function escaped(text: string): string {
  return text.replace(/[\\"\n]/g, (sign) => (sign === '\n' ? '\\n' : `\\${sign}`))
}

function emptyHistogram(): Histogram {
  return {counts: BUCKETS.map(() => 0), sum: 0, count: 0}
}

/** Buckets are cumulative, as the format has them. */
function observe(histogram: Histogram, seconds: number): void {
  histogram.sum += seconds
  histogram.count++
  for (const [i, bound] of BUCKETS.entries()) if (seconds <= bound) histogram.counts[i] = (histogram.counts[i] ?? 0) + 1
}
