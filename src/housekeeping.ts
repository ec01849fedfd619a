// Drops what ended long ago, takes in rows typed by hand and counts users anew, now and then.
import { forgetExpired as forgetApiTokens } from './api-tokens/api-token.service.ts'
import { forgetExpired as forgetAttempts } from './attempts/attempt.service.ts'
import { OPERATOR } from './boot.ts'
import { contextFor } from './context.ts'
import type { Context, Powers } from './context.ts'
import { forgetExpired as forgetChallenges } from './factors/passkeys/challenge.service.ts'
import { sealNewHandTypedSecrets } from './factors/totp/first-sight.service.ts'
import { forgetExpired as forgetTotp } from './factors/totp/totp.service.ts'
import { minutes } from './kernel/time.ts'
import { forgetExpired as forgetLinks } from './links/link.service.ts'
import { forgetExpired as forgetSessions } from './sessions/session.service.ts'
import { forgetExpired as forgetThrottle } from './throttle/forgetting.service.ts'
import { recountUsers } from './users/user-count.service.ts'
import { completeRows } from './users/user.service.ts'

const EVERY = minutes(10)

const CHORES: Readonly<Record<string, (ctx: Context) => Promise<unknown>>> = {
  attempts: forgetAttempts,
  sessions: forgetSessions,
  'API tokens': forgetApiTokens,
  links: forgetLinks,
  enrolments: forgetTotp,
  'passkey challenges': forgetChallenges,
  throttle: forgetThrottle,
  'hand-typed names': completeRows,
  'hand-typed secrets': sealNewHandTypedSecrets,
  'user counts': recountUsers,
}

export interface Housekeeping {
  /** Ends the timer and waits for what is under way. */
  stop(): Promise<void>
}

/** Works every ten minutes. A failure is logged, and tried again at the next turn. */
export function startHousekeeping(powers: Powers): Housekeeping {
  let working: Promise<void> = Promise.resolve()
  const timer = setInterval(() => {
    working = working.then(() => keepHouse(powers))
  }, EVERY).unref()
  return {
    stop() {
      clearInterval(timer)
      return working
    },
  }
}

/** One turn: every chore, whatever becomes of the others. Never throws. */
export async function keepHouse(powers: Powers): Promise<void> {
  for (const [chore, work] of Object.entries(CHORES)) {
    try {
      await work(contextFor(powers, OPERATOR))
    } catch (error) {
      powers.log.error({ err: error, chore }, 'housekeeping did not finish; trying again at the next turn')
    }
  }
}
