// Decides whether rows may be deleted or clamped by the clock of this node.
import { WORST_SKEW } from '../../use-cases/administration/health/health.ts'
import type { Dependencies } from '../../foundation/context.ts'
import { minutes } from '../../foundation/kernel/time.ts'
import { clockSkew } from '../../foundation/platform/database/database-facts.ts'

/** How long the clock must not have jumped: most operators notice a wrong clock sooner. */
export const STEADY_FOR = minutes(10)

/** Whether the clock has not jumped for ten minutes and agrees with the database's. Rejects if the database does not answer. */
export async function isClockSteady(deps: Dependencies): Promise<boolean> {
  return deps.clock.standing().steadyFor >= STEADY_FOR && (await agreesWithDatabase(deps))
}

export async function agreesWithDatabase({ db, clock }: Dependencies): Promise<boolean> {
  return Math.abs(await clockSkew(db, clock.now())) <= WORST_SKEW
}
