// Reacts to jumps of the machine's clock.
import type { Dependencies } from '#foundation/context.ts'
import type { Job } from '#foundation/job.ts'
import type { Jump } from '#foundation/platform/clock.ts'
import { insertClockJump } from '#foundation/platform/database/clock-jumps.ts'
import { agreesWithDatabase, jobContext } from './run-job.ts'

/**
 * Stores each jump. If a jump back undoes a jump ahead that this process saw, and the database's clock agrees, timestamps written in
 * between are clamped at once. Any other clamp waits for the next run of the job: after a wrong correction, a clamp at once would end every
 * session.
 */
export function listenToJumps(deps: Dependencies, jobs: readonly Job[]) {
  let working: Promise<void> = Promise.resolve()
  const unlisten = deps.clock.onJump((jump) => {
    working = working.then(() => afterJump(deps, jobs, jump))
  })
  return {
    /** Stops listening and waits for the reaction in progress. */
    stop() {
      unlisten()
      return working
    },
  }
}

const NOT_CLAMPED = 'timestamps from while the clock was ahead were not clamped; the job clamps them at its next run'

async function afterJump(deps: Dependencies, jobs: readonly Job[], jump: Jump): Promise<void> {
  const { kind, by: movedBy, at, corrects } = jump
  if (kind !== 'followed') {
    const store = () => insertClockJump(deps.db, deps.newId(), { at, movedBy })
    await logFailure(deps, 'a jump of the clock was not stored', store)
  }
  if (kind !== 'back' || !corrects) return
  await logFailure(deps, NOT_CLAMPED, async () => {
    if (!(await agreesWithDatabase(deps))) return
    for (const { clamp } of jobs) if (clamp) await logFailure(deps, NOT_CLAMPED, () => clamp(jobContext(deps)))
  })
}

async function logFailure({ log }: Dependencies, failed: string, work: () => Promise<unknown>): Promise<void> {
  try {
    await work()
  } catch (error) {
    log.error({ err: error }, failed)
  }
}
