import {Flags} from '@oclif/core'

import {BaseCommand} from '../../base-command.ts'

export default class SandboxStart extends BaseCommand {
  static override summary = 'run a Shopify and a NetSuite on this machine, to rehearse with'
  static override description =
    'Both speak the real protocols on loopback ports and forget everything when they stop (Ctrl-C). See docs/sandbox.md.'

  static override examples = [
    '<%= config.bin %> <%= command.id %> --orders 200 --write-config .',
    '<%= config.bin %> <%= command.id %> --traffic --webhooks-to http://127.0.0.1:8787/webhooks/shopify --write-config .',
    '<%= config.bin %> <%= command.id %> --latency 40 --faults netsuite:lost-reply:3,shopify:throttled:0.05',
  ]

  static override flags = {
    seed: Flags.integer({summary: 'the same seed gives the same shop', default: 1}),
    orders: Flags.integer({summary: 'orders in the shop', default: 100, min: 0, max: 1_000_000}),
    days: Flags.integer({summary: 'over this many days [default: 7]; --traffic plays them fast', min: 1, max: 366}),
    awkward: Flags.boolean({summary: 'include orders that must be parked', default: false}),
    latency: Flags.integer({summary: 'milliseconds that every request takes longer', default: 0, min: 0, max: 60_000}),
    concurrency: Flags.integer({summary: 'requests that NetSuite allows at once', default: 5, min: 1, max: 100}),
    suitetax: Flags.boolean({summary: 'an account with SuiteTax instead of legacy tax', default: false}),
    books: Flags.boolean({summary: 'write a contract that also books what follows an order', default: false}),
    traffic: Flags.boolean({summary: 'place orders while it runs, and change, ship and cancel some', default: false}),
    rate: Flags.integer({
      summary: 'orders a minute of --traffic [default: 30]',
      dependsOn: ['traffic'],
      min: 1,
      max: 600_000,
    }),
    'webhooks-to': Flags.url({summary: 'address of a listener to subscribe to everything that orders cause'}),
    'webhook-time-scale': Flags.integer({
      summary: 'how many times faster webhook retries come than the 4 hours of Shopify',
      default: 1,
      min: 1,
      max: 1_000_000,
    }),
    faults: Flags.string({summary: 'faults to order: system:kind[:count or probability], …'}),
    'shopify-port': Flags.integer({summary: 'port of Shopify [default: a free one]', default: 0, min: 0, max: 65_535}),
    'netsuite-port': Flags.integer({
      summary: 'port of NetSuite [default: a free one]',
      default: 0,
      min: 0,
      max: 65_535,
    }),
    'write-config': Flags.directory({summary: 'write a ready .env and tieout.yaml into this folder'}),
  }

  // Ctrl-C is how it ends.
  protected override readonly ending = {text: 'Stopped; what the sandbox held is gone.', exitCode: 0}

  async run(): Promise<unknown> {
    const {flags} = await this.parse(SandboxStart)
    const {runSandbox} = await import('../../sandbox-run.ts')
    const speech = {print: (text: string) => this.log(text), note: (text: string) => this.note(text)}
    await runSandbox({...flags, folder: flags['write-config'] ?? null}, this.signal, speech)
    return {stopped: true}
  }
}
