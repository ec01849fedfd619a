// Chains committed events in batches, after the commit, so that no request waits for the events of other requests.
//
//   recordEvent                chainPending                 writeCheckpoint
//   ───────────►  committed  ───────────────►  chained  ───────────────────►  covered by a checkpoint
//                 position null                position, previousMac,         in the data folder
//                                              chainMac
import { setImmediate as nextTurn } from 'node:timers/promises'

import { type Dependencies, type InTransaction, inTransaction, type With } from '#foundation/context.ts'
import { type Duration, type Instant, isWithin } from '#foundation/kernel/time.ts'
import type { Config } from '#foundation/platform/config/types.ts'
import { lockFor } from '#foundation/platform/database/lock.ts'
import type { Logger } from '#foundation/platform/logging/logger.ts'
import { chainMacAt, lastLink, oldestUnchained, unchainedEvents, writeLinks } from './audit.queries.ts'
import { type ChainEnd, EMPTY_CHAIN, linksAfter } from './chain.ts'
import { appendCheckpoint, newCheckpoint, readCheckpoints } from './checkpoint.service.ts'

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

async function chainBatch({ db, keyring }: InTransaction<With<'db' | 'keyring'>>): Promise<number> {
  await lockFor(db, 'seal')
  const end = (await lastLink(db)) ?? EMPTY_CHAIN
  const events = await unchainedEvents(db, BATCH)
  if (events.length === 0) return 0
  return writeLinks(db, linksAfter(end, events, keyring))
}

export type ChainWriter = ReturnType<typeof newChainWriter>

/** Returns a chain writer, whose tamper monitor keeps the end of the chain between the runs of the job. */
export function newChainWriter(deps: ChainWriterDeps) {
  const monitor = newTamperMonitor(deps)
  return {
    /**
     * Chains pending events, and writes a checkpoint at the configured interval, or now if the server is `stopping`. Rejects on a
     * failure; the next call continues.
     */
    async write(stopping: boolean): Promise<void> {
      await monitor.check()
      if ((await chainPending(deps)) > 0) await monitor.record()
      await monitor.writeCheckpoint(stopping)
    },
  }
}

/** The dependencies of the chain writer. */
export type ChainWriterDeps = Pick<Dependencies, 'db' | 'keyring'> & {
  readonly clock: Pick<Dependencies['clock'], 'now'>
  readonly config: Pick<Config, 'dataDir' | 'databaseUrl' | 'auditCheckpointInterval'>
  readonly log: Pick<Logger, 'info' | 'error'>
}

/**
 * Keeps the end of the chain in memory, so that a running server detects a modification of the log by another program. Returns a monitor
 * that has recorded no end yet; its first check records one.
 */
export function newTamperMonitor({ db, keyring, clock, config, log }: ChainWriterDeps) {
  let recorded: ChainEnd | undefined
  let lastWritten = 0
  /** The start of the current interval. */
  let since: Instant | undefined

  const write = async (end: ChainEnd): Promise<void> => {
    const checkpoint = newCheckpoint(end, clock.now(), keyring)
    await appendCheckpoint(config, checkpoint)
    const { position, chainMac, at } = checkpoint
    log.info({ position, chainMac, at }, 'audit checkpoint written')
    lastWritten = position
  }
  const firstSince = async (): Promise<Instant> => {
    const { path, checkpoints, forged } = await readCheckpoints(config, keyring)
    if (forged > 0) log.error({ path, forged }, 'audit checkpoints were modified; run audit verify')
    return checkpoints.length === 0 ? -Infinity : clock.now()
  }
  const record = async (): Promise<void> => {
    recorded = (await lastLink(db)) ?? EMPTY_CHAIN
  }
  return {
    /** Records the current end of the chain. */
    record,
    /**
     * Checks that the chain still contains the recorded end. If not, rows were removed from the chain, perhaps so that the rest is
     * chained again: the recorded end is written as a checkpoint at once, so that a verification detects the gap.
     */
    async check(): Promise<void> {
      if (!recorded) return record()
      if (recorded.position === 0 || (await chainMacAt(db, recorded.position)) === recorded.chainMac) return
      log.error({ position: recorded.position }, 'audit log was modified while this server ran; run audit verify')
      await write(recorded)
      await record()
    },
    /**
     * Writes a checkpoint of the end of the chain to the log and to the data folder if the interval has passed, or `now`; never the same
     * end twice. The first one is written with the first chained event: before it a verification cannot detect a truncated log.
     */
    async writeCheckpoint(now: boolean): Promise<void> {
      since ??= await firstSince()
      if (!now && isWithin(config.auditCheckpointInterval, since, clock.now())) return
      const end = await lastLink(db)
      if (!end) return
      since = clock.now()
      if (end.position !== lastWritten) await write(end)
    },
  }
}
