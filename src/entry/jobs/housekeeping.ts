// Deletes what ended long ago and counts users again, every ten minutes. Jobs that depend on the clock wait until it is steady.
import { WORST_SKEW } from '../../use-cases/administration/health/health.ts'
import { deleteExpiredApiTokens as forgetApiTokens } from '../../domain/api-tokens/api-token.service.ts'
import {
  clampAttemptTimes as cutAttempts,
  deleteExpiredAttempts as forgetAttempts,
} from '../../domain/attempts/attempt.service.ts'
import { OPERATOR } from '../boot.ts'
import { contextFor } from '../../foundation/context.ts'
import type { Context, Dependencies } from '../../foundation/context.ts'
import {
  clampChallengeTimes as cutChallenges,
  deleteExpiredChallenges as forgetChallenges,
} from '../../domain/factors/passkeys/challenge.service.ts'
import {
  clampTotpTimes as cutTotp,
  deleteUnfinishedEnrolments as forgetTotp,
} from '../../domain/factors/totp/totp.service.ts'
import { days, minutes } from '../../foundation/kernel/time.ts'
import { clampLinkTimes as cutLinks, deleteExpiredLinks as forgetLinks } from '../../domain/links/link.service.ts'
import type { Jump } from '../../foundation/platform/clock.ts'
import { deleteClockJumps, insertClockJump } from '../../foundation/platform/database/clock-jumps.ts'
import { clockSkew } from '../../foundation/platform/database/database-facts.ts'
import {
  clampSessionTimes as cutSessions,
  deleteExpiredSessions as forgetSessions,
} from '../../domain/sessions/session.service.ts'
import {
  clampBucketTimes as cutThrottle,
  deleteQuietBuckets as forgetThrottle,
} from '../../domain/throttle/bucket-cleanup.service.ts'
import { recountUsers } from '../../domain/users/user-count.service.ts'
import { sessionPolicy } from '../../domain/policies/policy.service.ts'

const EVERY = minutes(10)
/** For how long the clock must not have jumped before anything is deleted or cut by it: a mistake is mostly noticed sooner. */
export const STEADY_FOR = minutes(10)
const JUMPS_KEPT = days(30)

type Chores = Readonly<Record<string, (ctx: Context) => Promise<unknown>>>

/** Jobs that do not depend on the clock. */
const TIMELESS: Chores = { 'user counts': recountUsers }

/** What was stamped while a clock was ahead gets its normal lifetime, from now on. */
const CUTS: Chores = {
  'attempts ahead': cutAttempts,
  'sessions ahead': cutSessions,
  'links ahead': cutLinks,
  'enrolments ahead': cutTotp,
  'passkey challenges ahead': cutChallenges,
  'throttle ahead': cutThrottle,
}

/** Jobs in which a wrong clock would delete something too early. */
const FORGETTING: Chores = {
  attempts: forgetAttempts,
  sessions: (ctx) => forgetSessions(ctx, sessionPolicy(ctx)),
  'API tokens': forgetApiTokens,
  links: forgetLinks,
  enrolments: forgetTotp,
  'passkey challenges': forgetChallenges,
  throttle: forgetThrottle,
  'clock jumps': ({ db, now }) => deleteClockJumps(db, now - JUMPS_KEPT),
}

export interface Housekeeping {
  /** Ends the timer and waits for what is under way. */
  stop(): Promise<void>
}

/**
 * Works every ten minutes, and at each jump of the clock. A failure is logged, and tried again at the next turn. The first
 * turn comes ten minutes after the start, so that a clock that was wrong at the start can be corrected before.
 */
export function startHousekeeping(deps: Dependencies): Housekeeping {
  let working: Promise<void> = Promise.resolve()
  const next = (work: () => Promise<void>): void => {
    working = working.then(work)
  }
  const timer = setInterval(() => next(() => takeTurn(deps)), EVERY).unref()
  const unlisten = deps.clock.onJump((jump) => next(() => afterJump(deps, jump)))
  return {
    stop() {
      clearInterval(timer)
      unlisten()
      return working
    },
  }
}

/** One turn: every chore, or only the `TIMELESS` ones while the clock of this node is not reliable. Never throws. */
export async function takeTurn(deps: Dependencies): Promise<void> {
  if (deps.clock.standing().steadyFor >= STEADY_FOR && (await agreesWithDatabase(deps))) return keepHouse(deps)
  deps.log.warn('clock is not reliable; nothing is deleted by it')
  await doAll(deps, TIMELESS)
}

/** Every chore, even if another one fails. Never throws. */
export async function keepHouse(deps: Dependencies): Promise<void> {
  for (const chores of [TIMELESS, CUTS, FORGETTING]) await doAll(deps, chores)
}

/**
 * Stores the jump. If it undid a jump ahead that this process saw, and the database's clock agrees, stamps from in between are
 * cut at once. Any other cut waits for its turn: after a mistake it would end every session once the clock is right again.
 */
async function afterJump(deps: Dependencies, { kind, by: movedBy, at, corrects }: Jump): Promise<void> {
  const note: Chores =
    kind === 'followed' ? {} : { 'clock jump': ({ db, newId }) => insertClockJump(db, newId(), { at, movedBy }) }
  await doAll(deps, note)
  if (kind === 'back' && corrects && (await agreesWithDatabase(deps))) await doAll(deps, CUTS)
}

async function agreesWithDatabase({ db, clock, log }: Dependencies): Promise<boolean> {
  try {
    return Math.abs(await clockSkew(db, clock.now())) <= WORST_SKEW
  } catch (error) {
    log.warn({ err: error }, 'database time could not be read; clock counts as not reliable')
    return false
  }
}

async function doAll(deps: Dependencies, chores: Chores): Promise<void> {
  for (const [chore, work] of Object.entries(chores)) {
    try {
      await work(contextFor(deps, OPERATOR))
    } catch (error) {
      deps.log.error({ err: error, job: chore }, 'job failed; retrying')
    }
  }
}
