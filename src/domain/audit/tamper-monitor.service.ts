// Keeps the end of the chain in memory, so that a running server detects a modification of the log by another program.
import type { Dependencies } from '../../foundation/context.ts'
import { isWithin } from '../../foundation/kernel/time.ts'
import type { Instant } from '../../foundation/kernel/time.ts'
import type { Config } from '../../foundation/platform/config/types.ts'
import type { Logger } from '../../foundation/platform/logging/logger.ts'
import { appendCheckpoint, newCheckpoint, readCheckpoints } from './checkpoint.service.ts'
import { chainMacAt, lastLink } from './audit.queries.ts'
import { chainKeysOf, EMPTY_CHAIN } from './chain.ts'
import type { ChainEnd } from './chain.ts'

/** The dependencies of the chain writer. */
export type ChainWriterDeps = Pick<Dependencies, 'db' | 'keyring'> & {
  readonly clock: Pick<Dependencies['clock'], 'now'>
  readonly config: Pick<Config, 'dataDir' | 'databaseUrl' | 'auditCheckpointInterval'>
  readonly log: Pick<Logger, 'info' | 'error'>
}

export interface TamperMonitor {
  /**
   * Checks that the chain still contains the recorded end. If not, rows were removed from the chain, perhaps so that the rest is chained
   * again: the recorded end is written as a checkpoint at once, so that a verification detects the gap.
   */
  check(): Promise<void>
  /** Records the present end of the chain. */
  record(): Promise<void>
  /**
   * Writes a checkpoint of the end of the chain to the log and to the data folder if the interval has passed, or `now`; never the same
   * end twice. The first one is written with the first chained event: before it a verification cannot detect a truncated log.
   */
  writeCheckpoint(now: boolean): Promise<void>
}

/** Returns a monitor that has recorded no end yet; its first check records one. */
export function newTamperMonitor(deps: ChainWriterDeps): TamperMonitor {
  const { db, keyring, clock, config, log } = deps
  const keys = chainKeysOf(keyring)
  let recorded: ChainEnd | undefined
  let lastWritten = 0
  /** The start of the present interval. */
  let since: Instant | undefined

  const write = async (end: ChainEnd): Promise<void> => {
    const checkpoint = newCheckpoint(end, clock.now(), keys)
    await appendCheckpoint(config, checkpoint)
    const { position, chainMac, at } = checkpoint
    log.info({ position, chainMac, at }, 'audit checkpoint written')
    lastWritten = position
  }
  const firstSince = async (): Promise<Instant> => {
    const { path, checkpoints, forged } = await readCheckpoints(config, keys)
    if (forged > 0) log.error({ path, forged }, 'audit checkpoints were modified; run audit verify')
    return checkpoints.length === 0 ? -Infinity : clock.now()
  }
  const record = async (): Promise<void> => {
    recorded = (await lastLink(db)) ?? EMPTY_CHAIN
  }
  return {
    record,
    async check() {
      if (!recorded) return record()
      if (recorded.position === 0 || (await chainMacAt(db, recorded.position)) === recorded.chainMac) return
      log.error({ position: recorded.position }, 'audit log was modified while this server ran; run audit verify')
      await write(recorded)
      await record()
    },
    async writeCheckpoint(now) {
      since ??= await firstSince()
      if (!now && isWithin(config.auditCheckpointInterval, since, clock.now())) return
      const end = await lastLink(db)
      if (!end) return
      since = clock.now()
      if (end.position !== lastWritten) await write(end)
    },
  }
}
