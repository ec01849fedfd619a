import { toRfc3339 } from '../kernel/time.ts'
import { Type } from '../web/type.ts'
import { endOf } from './session.ts'
import type { Session, SessionLifetimes } from './session.ts'

/** The two ends of a session, under the same names wherever one is shown. */
export const SESSION_ENDS = {
  expires_at: Type.String({
    format: 'date-time',
    description: 'When it ends if it is not used any more; each use moves that on, to `ends_at` at most.',
  }),
  ends_at: Type.String({ format: 'date-time', description: 'When it ends however much it is used.' }),
}

export function presentEnds(
  session: Pick<Session, 'startedAt' | 'lastSeenAt'>,
  lifetimes: SessionLifetimes,
): { expires_at: string; ends_at: string } {
  return {
    expires_at: toRfc3339(endOf(session, lifetimes)),
    ends_at: toRfc3339(session.startedAt + lifetimes.absolute),
  }
}
