// Completes externally inserted rows in the background, and seals their code secrets, in batches between which requests are answered.
import { setTimeout as sleep } from 'node:timers/promises'

import { OPERATOR } from '../boot.ts'
import { contextFor } from '../../foundation/context.ts'
import type { Context, Dependencies } from '../../foundation/context.ts'
import { scrubIfSmall, sealNextHandTypedSecrets } from '../../domain/factors/totp/plaintext-secret.service.ts'
import { minutes, seconds } from '../../foundation/kernel/time.ts'
import { BEFORE_EVERY_ID } from '../../domain/users/external-batch.ts'
import type { ExternalBatch } from '../../domain/users/external-batch.ts'
import { completeNextRows, incompleteRows } from '../../domain/users/user.service.ts'

const EVERY = minutes(10)
/** The pause between two batches, so that requests get more than half of the time. */
const PAUSE = 10
/** The pause before another try for the lock that another process holds. */
const LOCKED_PAUSE = 200
const TOLD_EVERY = seconds(10)

interface Work {
  readonly name: string
  /** Sizes at which a batch takes some ten milliseconds: on SQLite it blocks the event loop. */
  readonly size: number
  readonly next: (ctx: Context, afterId: number, limit: number) => Promise<ExternalBatch | undefined>
  readonly left?: (ctx: Context) => Promise<number>
}

const ROWS: Work = {
  name: 'externally inserted rows completed',
  size: 100,
  next: completeNextRows,
  left: incompleteRows,
}
const SECRETS: Work = { name: 'plain code secrets sealed', size: 40, next: sealNextHandTypedSecrets }

export interface ExternalRows {
  /** Ends the timer, and the work under way after its present batch; the next start goes on from there. */
  stop(): Promise<void>
}

/** Works at once and every ten minutes. A failure is logged, and tried again at the next turn. */
export function startExternalRows(deps: Dependencies): ExternalRows {
  const stopping = new AbortController()
  const turn = (): Promise<void> => completeExternalRows(deps, stopping.signal)
  let working = turn()
  const timer = setInterval(() => {
    working = working.then(turn)
  }, EVERY).unref()
  return {
    stop() {
      clearInterval(timer)
      stopping.abort()
      return working
    },
  }
}

/** One pass through all rows, which ends early when `stopping`. Several processes take turns by batches. Never throws. */
export async function completeExternalRows(deps: Dependencies, stopping = new AbortController().signal): Promise<void> {
  try {
    await workThrough(deps, ROWS, stopping)
    const sealed = await workThrough(deps, SECRETS, stopping)
    if (sealed > 0 && !stopping.aborted) await scrubIfSmall(deps)
  } catch (error) {
    deps.log.error({ err: error }, 'externally inserted rows were not completed; retrying')
  }
}

async function workThrough(deps: Dependencies, work: Work, stopping: AbortSignal): Promise<number> {
  const now = (): Context => contextFor(deps, OPERATOR)
  const tell = async (): Promise<void> => deps.log.info({ done, left: await work.left?.(now()) }, work.name)
  let done = 0
  let told = deps.clock.now()
  let from: number | undefined = BEFORE_EVERY_ID
  while (from !== undefined && !stopping.aborted) {
    const batch: ExternalBatch | undefined = await work.next(now(), from, work.size)
    done += batch?.done ?? 0
    if (batch !== undefined) from = batch.next
    if (from !== undefined) await sleep(batch === undefined ? LOCKED_PAUSE : PAUSE)
    if (done === 0 || deps.clock.now() - told < TOLD_EVERY) continue
    await tell()
    told = deps.clock.now()
  }
  if (done > 0) await tell()
  return done
}
