// Remembers how far the chain was closed, so that a running server notices when the log is rewritten under it.
import type { Dependencies } from '../../foundation/context.ts'
import { isWithin } from '../../foundation/kernel/time.ts'
import type { Instant } from '../../foundation/kernel/time.ts'
import type { Config } from '../../foundation/platform/config/types.ts'
import type { Logger } from '../../foundation/platform/logging/logger.ts'
import { appendCheckpoint, headPathOf, newCheckpoint, readCheckpoints } from './checkpoint.service.ts'
import { lastLink, sealAt } from './audit.queries.ts'
import { EMPTY_CHAIN } from './chain.ts'
import type { ChainEnd } from './chain.ts'
import { sealingWith } from './sealing-with.ts'

/** What sealing at intervals needs. */
export type ChainWriterDeps = Pick<Dependencies, 'db' | 'keyring'> & {
  readonly clock: Pick<Dependencies['clock'], 'now'>
  readonly config: Pick<Config, 'dataDir' | 'databaseUrl' | 'auditCheckpointInterval'>
  readonly log: Pick<Logger, 'info' | 'error'>
}

export interface TamperMonitor {
  /**
   * Looks whether the newest seal seen is still there. If not, somebody took rows out of the chain, perhaps to have the
   * rest sealed anew: what was seen is noted as a head at once, so that a verification finds it.
   */
  look(): Promise<void>
  /** Takes the present end of the chain as seen. */
  advance(): Promise<void>
  /**
   * Notes the head in the log and in the data folder when it is time, or `now`; not twice the same. Where none is noted yet the
   * first seal is time enough: until then a verification has nothing to compare with.
   */
  note(now: boolean): Promise<void>
}

export function newTamperMonitor(deps: ChainWriterDeps): TamperMonitor {
  const { db, keyring, clock, config, log } = deps
  let seen: ChainEnd | undefined
  let noted = 0
  /** When the interval began after which the head is noted. */
  let since: Instant | undefined

  const write = async (end: ChainEnd): Promise<void> => {
    const head = newCheckpoint(end, clock.now(), sealingWith(keyring))
    await appendCheckpoint(await headPathOf(config), head)
    log.info({ position: head.position, seal: head.seal, at: head.at }, 'head of the audit chain')
    noted = end.position
  }
  const firstSince = async (): Promise<Instant> => {
    const { heads } = await readCheckpoints(await headPathOf(config), sealingWith(keyring))
    return heads.length === 0 ? -Infinity : clock.now()
  }
  const advance = async (): Promise<void> => {
    seen = (await lastLink(db)) ?? EMPTY_CHAIN
  }
  return {
    advance,
    async look() {
      if (!seen) return advance()
      if (seen.position === 0 || (await sealAt(db, seen.position)) === seen.seal) return
      log.error({ position: seen.position }, 'the audit log was rewritten while this server ran; verify it')
      await write(seen)
      await advance()
    },
    async note(now) {
      since ??= await firstSince()
      if (!now && isWithin(config.auditCheckpointInterval, since, clock.now())) return
      const end = await lastLink(db)
      if (!end) return
      since = clock.now()
      if (end.position !== noted) await write(end)
    },
  }
}
