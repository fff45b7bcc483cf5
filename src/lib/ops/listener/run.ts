import {openIntake} from '../../ledger/intake.ts'
import type {Ledger} from '../../ledger/open.ts'
import {startListener, type ListenerOptions, type ListenerTotals} from './server.ts'

/** Listens until the signal comes, then answers what is under way. Gives how many deliveries came to what. */
export async function listenForWebhooks(
  options: Omit<ListenerOptions, 'intake'> &
    Readonly<{
      ledger: Pick<Ledger, 'connection' | 'schemas'>
      /** Told once it listens. */
      onListening?: () => void
    }>,
  signal: AbortSignal,
): Promise<ListenerTotals> {
  const intake = openIntake(options.ledger)
  try {
    const listener = await startListener({...options, intake})
    options.log(JSON.stringify({at: options.clock.now().toISOString(), event: 'listening', url: listener.url}))
    options.onListening?.()
    if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve, {once: true}))
    return await listener.stop()
  } finally {
    await intake.close()
  }
}
