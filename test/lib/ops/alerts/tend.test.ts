import {systemClock} from '../../../../src/lib/core/clock.ts'
import {expect, test} from 'vitest'

import {claimChannel} from '../../../../src/lib/ledger/alert-channels.ts'
import {openAlerts, raiseAlert, resolveAlert} from '../../../../src/lib/ledger/alerts.ts'
import {tendAlerts} from '../../../../src/lib/ops/alerts/tend.ts'
import {child} from '../../../support/children.ts'
import {freshLedger} from '../../../support/fresh-ledger.ts'
import {hanging, kind, slackServer, status} from '../../../support/slack.ts'
import {alert, letPass, parkOrders, slackChannel, solveAll, tick} from './world.ts'

test('parked orders are told once, again when they have doubled, and the end of it', async () => {
  const ledger = await freshLedger()
  const slack = await slackServer()
  const channel = slackChannel(slack.url)
  await parkOrders(ledger, 3)

  await tick(ledger, channel)
  await tick(ledger, channel)
  await parkOrders(ledger, 2, 'SKU_UNMAPPED', 4)
  await tick(ledger, channel)
  expect(slack.texts).toHaveLength(1)
  expect(slack.texts[0]).toMatch(
    /^WARNING: 3 orders are parked: SKU_UNMAPPED\n {2}Effect: .*#1, #2, #3.*\n {2}Next: tieout jobs:list --code SKU_UNMAPPED \| docs\/runbooks\/sku-unmapped\.md\n/,
  )

  await parkOrders(ledger, 1, 'SKU_UNMAPPED', 6)
  await tick(ledger, channel)
  expect(slack.texts.slice(1)).toEqual([expect.stringMatching(/^WARNING, more: 6 orders are .*\(3 when told last\)/)])

  await solveAll(ledger)
  await tick(ledger, channel)
  await letPass(ledger, 6)
  await tick(ledger, channel)
  await tick(ledger, channel)
  expect(slack.texts.slice(2)).toEqual([
    expect.stringMatching(/^OVER after \d+ min: 6 orders are parked: SKU_UNMAPPED\n/),
  ])
})

test('what goes on and off is one alert, and nothing is said of an end that did not last', async () => {
  const ledger = await freshLedger()
  const slack = await slackServer()
  const channel = slackChannel(slack.url)
  for (let i = 0; i < 4; i++) {
    await raiseAlert(ledger.db, alert())
    await tick(ledger, channel)
    await resolveAlert(ledger.db, alert().key)
    await letPass(ledger, 4)
    await tick(ledger, channel)
    expect(await openAlerts(ledger.db, 10)).toEqual([])
  }
  expect(slack.texts).toHaveLength(1)
})

test('a page is repeated after 4 hours, a warning after 24, a note never', async () => {
  const ledger = await freshLedger()
  const slack = await slackServer()
  const channel = slackChannel(slack.url)
  const keys = ['page', 'warn', 'info'] as const
  const raiseThem = async () => {
    for (const severity of keys) await raiseAlert(ledger.db, alert({key: severity, severity, title: `a ${severity}`}))
  }
  const toldAfter: Record<number, string[]> = {}
  for (let hour = 0; hour <= 28; hour++) {
    await raiseThem()
    const before = slack.texts.length
    await tick(ledger, channel)
    const told = slack.texts.slice(before).join()
    if (told !== '') toldAfter[hour] = keys.filter((key) => told.includes(`: a ${key}`))
    await letPass(ledger, 61)
  }
  expect(toldAfter).toEqual({
    0: ['page', 'warn', 'info'], 4: ['page'], 8: ['page'], 12: ['page'], 16: ['page'], 20: ['page'], 24: ['page', 'warn'], 28: ['page'],
  }) // prettier-ignore
})

test('news of an open alert are told, and so is a warning that has become a page', async () => {
  const ledger = await freshLedger()
  const slack = await slackServer()
  const channel = slackChannel(slack.url)
  const say = async (change: Parameters<typeof alert>[0]) => {
    const before = slack.texts.length
    await raiseAlert(ledger.db, alert(change))
    await tick(ledger, channel)
    return slack.texts.length - before
  }
  expect(await say({isNews: true})).toBe(1)
  expect(await say({})).toBe(0)
  expect(await say({isNews: true})).toBe(1)
  expect(await say({severity: 'page'})).toBe(1)
  expect(await say({severity: 'warn'})).toBe(0)
  expect(await say({severity: 'warn', count: 2})).toBe(1)
})

test('what happened once is closed in silence a day later, and a second time is news again', async () => {
  const ledger = await freshLedger()
  const slack = await slackServer()
  const channel = slackChannel(slack.url)
  await raiseAlert(ledger.db, alert())
  await tick(ledger, channel)
  await letPass(ledger, 24 * 60 + 10)
  await tick(ledger, channel)
  await letPass(ledger, 10)
  await tick(ledger, channel)
  expect(await openAlerts(ledger.db, 10)).toEqual([])
  expect(slack.texts).toHaveLength(1)

  await raiseAlert(ledger.db, alert())
  await tick(ledger, channel)
  expect(slack.texts).toHaveLength(2)
})

test('an alert that was rolled back with its fact is not told', async () => {
  const ledger = await freshLedger()
  const slack = await slackServer()
  const fails = ledger.db.transaction(async (tx) => {
    await raiseAlert(tx, alert())
    throw new Error('the fact did not come about')
  })
  await expect(fails).rejects.toThrow('did not come about')

  await tick(ledger, slackChannel(slack.url))

  expect(slack.texts).toEqual([])
})

test('two processes that tick at the same moment send one message', async () => {
  const ledger = await freshLedger()
  const slack = await slackServer()
  slack.mood((response) => void setTimeout(() => kind(response), 300))
  await parkOrders(ledger, 3)
  const at = String(Date.now() + 2500)

  const ticks = [1, 2].map(() => child('support/tick-alerts.ts', ledger.url, slack.url, at))
  const ends = await Promise.all(ticks.map((one) => one.ended))
  await tick(ledger, slackChannel(slack.url))

  expect(ends.map(({lines, stderr}) => [lines.at(-1), stderr])).toEqual([['done', ''], ['done', '']]) // prettier-ignore
  expect(slack.texts).toHaveLength(1)
})

test('a process that is killed while it sends leaves the message to another, after its claim', async () => {
  const ledger = await freshLedger()
  const slack = await slackServer()
  slack.mood(hanging)
  await parkOrders(ledger, 3)
  const doomed = child('support/tick-alerts.ts', ledger.url, slack.url)
  await expect.poll(() => slack.texts.length, {timeout: 10_000}).toBe(1)
  doomed.kill()
  await doomed.ended
  slack.mood(kind)
  const channel = slackChannel(slack.url)

  await tick(ledger, channel)
  expect(slack.texts).toHaveLength(1)
  await letPass(ledger, 1)
  await tick(ledger, channel)
  await tick(ledger, channel)

  expect(slack.texts).toHaveLength(2)
  expect(slack.texts[1]).toBe(slack.texts[0])
})

test('a channel that fails is asked again ever less often, is seen to fail, and then tells what it had missed', async () => {
  const ledger = await freshLedger()
  const slack = await slackServer()
  const channel = slackChannel(slack.url)
  slack.mood(status(500))
  await parkOrders(ledger, 3)
  const askedAtMinute: number[] = []
  for (let minute = 0; minute <= 60; minute++) {
    const before = slack.texts.length
    const logged = await tick(ledger, channel)
    if (slack.texts.length > before) {
      askedAtMinute.push(minute)
      expect(logged).toEqual([
        expect.stringMatching(/^\{.*"event":"alerts-not-sent","channel":"slack","why":"it answers 500"/),
      ])
    } else expect(logged).toEqual([])
    await letPass(ledger, 1)
  }
  expect(askedAtMinute).toEqual([0, 1, 2, 4, 8, 16, 31, 46])
  expect((await openAlerts(ledger.db, 10)).map(({key, told}) => [key, told])).toEqual([
    ['parked:SKU_UNMAPPED', []],
    ['channel:slack', []],
  ])

  slack.mood(kind)
  await letPass(ledger, 15)
  await tick(ledger, channel)

  expect(slack.texts.at(-1)).toMatch(/^WARNING: 3 orders are parked/)
  expect(slack.texts.at(-1)).not.toContain('do not get through')
  expect((await openAlerts(ledger.db, 10)).map(({told}) => told.length)).toEqual([1, 0])
})

test('a channel that fails does not keep the others from telling, and they tell that it fails', async () => {
  const ledger = await freshLedger()
  const [broken, works] = [await slackServer(), await slackServer()]
  broken.mood(status(404))
  const channels = [slackChannel(broken.url), {...slackChannel(works.url), name: 'email' as const}]
  await parkOrders(ledger, 3)
  for (let i = 0; i < 5; i++) {
    await tick(ledger, ...channels)
    await letPass(ledger, 16)
  }

  expect(works.texts).toHaveLength(2)
  expect(works.texts[1]).toMatch(
    /^WARNING: alerts do not get through by slack\n.*404.*\n.*tieout alerts:test --channel slack/,
  )
})

test('Slack that says when to come back is obeyed', async () => {
  const ledger = await freshLedger()
  const slack = await slackServer()
  slack.mood(status(429, {'Retry-After': '600'}))
  await parkOrders(ledger, 3)
  const channel = slackChannel(slack.url)
  await tick(ledger, channel)
  await letPass(ledger, 9)
  await tick(ledger, channel)
  expect(slack.texts).toHaveLength(1)
  await letPass(ledger, 2)
  await tick(ledger, channel)
  expect(slack.texts).toHaveLength(2)
})

test('a tick that is told to end sends nothing, and one without a channel keeps the alerts', async () => {
  const ledger = await freshLedger()
  const slack = await slackServer()
  await parkOrders(ledger, 3)
  const deps = {
    ledger,
    channels: [slackChannel(slack.url)],
    rules: {lagMinutes: 15},
    clock: systemClock,
    log: () => undefined,
  }

  await tendAlerts(deps, AbortSignal.abort())
  await tick(ledger)

  expect(slack.texts).toEqual([])
  expect(await openAlerts(ledger.db, 10)).toMatchObject([
    {key: 'parked:SKU_UNMAPPED', severity: 'warn', count: 3, told: []},
  ])
})

test('of many processes that claim a channel at once one gets it', async () => {
  const ledger = await freshLedger()

  const claims = await Promise.all(Array.from({length: 8}, () => claimChannel(ledger.db, 'slack')))

  expect(claims.filter((claim) => claim !== null)).toHaveLength(1)
})
