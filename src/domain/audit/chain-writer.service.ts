// Chains committed events, a batch at a time, so that no request waits for the events of others.
//
//   recordEvent                chainPending                 writeCheckpoint
//   ───────────►  committed  ───────────────►  chained  ───────────────────►  covered by a checkpoint
//                 position null                position, previousMac,         in the data folder
//                                              chainMac
import { setImmediate as nextTurn } from 'node:timers/promises'

import { inTransaction } from '../../foundation/context.ts'
import type { With } from '../../foundation/context.ts'
import type { Duration } from '../../foundation/kernel/time.ts'
import { lockFor } from '../../foundation/platform/database/lock.ts'
import { newTamperMonitor } from './tamper-monitor.service.ts'
import type { ChainWriterDeps } from './tamper-monitor.service.ts'
import { lastLink, oldestUnchained, unchainedEvents, writeLinks } from './audit.queries.ts'
import { chainKeysOf, EMPTY_CHAIN, linksAfter } from './chain.ts'

const BATCH = 500

/**
 * Gives every committed event its position, the chain MAC before it and its own; returns how many. One process at a time:
 * others wait and then find nothing left. Takes no lock when nothing is pending.
 */
export async function chainPending(ctx: With<'db' | 'keyring'>): Promise<number> {
  let chained = 0
  if ((await oldestUnchained(ctx.db)) === undefined) return chained
  for (;;) {
    const batch = await inTransaction(ctx, chainBatch)
    chained += batch
    // Events that were committed during the batch wait for the next call: under load there would be no end.
    if (batch < BATCH) return chained
    // Between the batches of a long backlog requests are answered.
    await nextTurn()
  }
}

/** How long the oldest unchained event has been waiting, at this or any other node; zero when there is none. */
export async function chainLag({ db, now }: With<'db' | 'now'>): Promise<Duration> {
  const oldest = await oldestUnchained(db)
  return oldest === undefined ? 0 : now - oldest
}

async function chainBatch({ db, keyring }: With<'db' | 'keyring'>): Promise<number> {
  await lockFor(db, 'seal')
  const end = (await lastLink(db)) ?? EMPTY_CHAIN
  const events = await unchainedEvents(db, BATCH)
  if (events.length === 0) return 0
  return writeLinks(db, linksAfter(end, events, chainKeysOf(keyring)))
}

export interface ChainWriter {
  /**
   * Chains what is pending, and writes a checkpoint at the configured interval, or now if the server is `stopping`. Rejects if that
   * fails; the next call does the rest.
   */
  write(stopping: boolean): Promise<void>
}

export function newChainWriter(deps: ChainWriterDeps): ChainWriter {
  const monitor = newTamperMonitor(deps)
  return {
    async write(stopping) {
      await monitor.check()
      if ((await chainPending(deps)) > 0) await monitor.record()
      await monitor.writeCheckpoint(stopping)
    },
  }
}
