// Chains committed events in batches, after the commit, so that no request waits for the events of other requests.
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
 * Writes position, previous chain MAC and chain MAC of all committed events that have none; returns how many. A lock admits one process
 * at a time; the next one then finds nothing pending. Takes no lock if nothing is pending.
 */
export async function chainPending(ctx: With<'db' | 'keyring'>): Promise<number> {
  let chained = 0
  if ((await oldestUnchained(ctx.db)) === undefined) return chained
  for (;;) {
    const batch = await inTransaction(ctx, chainBatch)
    chained += batch
    // Events that were committed during the batch wait for the next call: under load this loop would not end.
    if (batch < BATCH) return chained
    // Requests are answered between the batches of a long backlog.
    await nextTurn()
  }
}

/** Returns the age of the oldest unchained event of any node, in milliseconds; zero if there is none. */
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
   * Chains pending events, and writes a checkpoint at the configured interval, or now if the server is `stopping`. Rejects on a
   * failure; the next call continues.
   */
  write(stopping: boolean): Promise<void>
}

/** Returns a chain writer, whose tamper monitor keeps the end of the chain between the runs of the job. */
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
