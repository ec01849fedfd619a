// Completes externally inserted rows and seals their TOTP secrets in the background, in batches between which requests are answered.
import { setTimeout as sleep } from 'node:timers/promises'

import {
  BEFORE_EVERY_ID,
  completeNextRows,
  type ExternalBatch,
  incompleteRows,
} from '#domain/users/external-rows/external-row.service.ts'
import type { Context } from '#foundation/context.ts'
import type { Job, JobContext } from '#foundation/job.ts'
import { minutes, seconds } from '#foundation/kernel/time.ts'
import { scrubIfSmall, sealNextPlaintextSecrets } from './plaintext-secret.service.ts'

/** The pause between two batches in milliseconds, so that requests get more than half of the time. */
const PAUSE = 10
/** The pause in milliseconds before a retry, if another process holds the lock. */
const LOCKED_PAUSE = 200
const REPORT_EVERY = seconds(10)

interface Work {
  readonly name: string
  /** Rows per batch, such that a batch takes some 10 ms: on SQLite it blocks the event loop. */
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
const SECRETS: Work = { name: 'plaintext TOTP secrets sealed', size: 40, next: sealNextPlaintextSecrets }

export const externalRowsJob: Job = {
  name: 'external-rows',
  every: minutes(10),
  atStart: true,
  async run(ctx, signal) {
    await workThrough(ctx, ROWS, signal)
    const sealed = await workThrough(ctx, SECRETS, signal)
    if (sealed > 0 && !signal.aborted) await scrubIfSmall(ctx)
  },
}

async function workThrough(ctx: JobContext, work: Work, signal: AbortSignal): Promise<number> {
  const { clock, log } = ctx
  const now = (): Context => ({ ...ctx, now: clock.now() })
  const report = async (): Promise<void> => log.info({ done, left: await work.left?.(ctx) }, work.name)
  let done = 0
  let reportedAt = clock.now()
  let from: number | undefined = BEFORE_EVERY_ID
  while (from !== undefined && !signal.aborted) {
    const batch: ExternalBatch | undefined = await work.next(now(), from, work.size)
    done += batch?.done ?? 0
    if (batch !== undefined) from = batch.next
    if (from !== undefined) await sleep(batch === undefined ? LOCKED_PAUSE : PAUSE)
    if (done === 0 || clock.now() - reportedAt < REPORT_EVERY) continue
    await report()
    reportedAt = clock.now()
  }
  if (done > 0) await report()
  return done
}
