// Closes the chain over committed events, a batch at a time, so that no request waits for the others' events.
import { setImmediate as nextTurn } from 'node:timers/promises'

import { inTransaction } from '../../foundation/context.ts'
import type { With } from '../../foundation/context.ts'
import type { Duration } from '../../foundation/kernel/time.ts'
import { lockFor } from '../../foundation/platform/database/lock.ts'
import { newTamperMonitor } from './tamper-monitor.service.ts'
import type { ChainWriterDeps } from './tamper-monitor.service.ts'
import { lastLink, oldestUnsealed, unsealedEvents, writeLinks } from './audit.queries.ts'
import { EMPTY_CHAIN, linksAfter } from './chain.ts'
import { sealingWith } from './sealing-with.ts'

const BATCH = 500
/** Half of the second that an event may wait for its seal. */
const EVERY = 500

/**
 * Gives every committed event its position, the seal before it and its own; returns how many. One process at a time:
 * others wait and then find nothing left. Takes no lock when nothing is pending.
 */
export async function chainPending(ctx: With<'db' | 'keyring'>): Promise<number> {
  let sealed = 0
  if ((await oldestUnsealed(ctx.db)) === undefined) return sealed
  for (;;) {
    const batch = await inTransaction(ctx, sealBatch)
    sealed += batch
    // What was committed meanwhile waits for the next time: while many sign in there would be no end.
    if (batch < BATCH) return sealed
    // A long backlog must not keep requests waiting.
    await nextTurn()
  }
}

/** How long an event has been waiting for its seal, at this or any other node; zero when none is. */
export async function chainLag({ db, now }: With<'db' | 'now'>): Promise<Duration> {
  const oldest = await oldestUnsealed(db)
  return oldest === undefined ? 0 : now - oldest
}

async function sealBatch({ db, keyring }: With<'db' | 'keyring'>): Promise<number> {
  await lockFor(db, 'seal')
  const end = (await lastLink(db)) ?? EMPTY_CHAIN
  const events = await unsealedEvents(db, BATCH)
  if (events.length === 0) return 0
  return writeLinks(db, linksAfter(end, events, sealingWith(keyring)))
}

export interface Sealer {
  /** Seals what is left, notes the head and ends the timer. Never throws. */
  stop(): Promise<void>
}

/** Seals twice a second and notes the head at the configured interval. Failures are logged and tried again. */
export function startChainWriter(deps: ChainWriterDeps): Sealer {
  const watch = newTamperMonitor(deps)
  let working: Promise<void> = Promise.resolve()
  let stopped = false
  let timer: NodeJS.Timeout | undefined
  const work = async (stopping: boolean): Promise<void> => {
    try {
      await watch.look()
      if ((await chainPending(deps)) > 0) await watch.advance()
      await watch.note(stopping)
    } catch (error) {
      deps.log.error({ err: error }, 'the audit chain could not be closed; trying again')
    }
  }
  const schedule = (): void => {
    if (stopped) return
    timer = setTimeout(() => {
      working = work(false).then(schedule)
    }, EVERY).unref()
  }
  schedule()
  return {
    async stop() {
      stopped = true
      clearTimeout(timer)
      await working
      await work(true)
    },
  }
}
