import type { ListedSession } from '#domain/grants/idle-session.service.ts'
import { presentEnds, SESSION_ENDS } from '#domain/sessions/session.schema.ts'
import type { SessionLifetimes } from '#domain/sessions/session.ts'
import { toRfc3339 } from '#foundation/kernel/time.ts'
import { choice, named, nullable } from '#foundation/web/http/schema.ts'
import { type Static, Type } from '#foundation/web/http/type.ts'

const Moment = Type.String({ format: 'date-time' })

export const SessionView = named(
  'Session',
  Type.Object(
    {
      id: Type.String(),
      current: Type.Boolean({ description: 'Whether it is the session of this request.' }),
      idle: Type.Boolean({
        description: 'Whether it has ended here by time without a request, while apps are still signed in by it.',
      }),
      transport: choice(['cookie', 'bearer'], { description: 'A browser, or a program with a token.' }),
      methods: Type.Array(Type.String(), {
        description: 'The verified factors, in order; `remembered-device` where the second one was skipped.',
      }),
      address: Type.String(),
      agent: nullable(Type.String()),
      started_at: Moment,
      last_seen_at: Moment,
      authenticated_at: Moment,
      ...SESSION_ENDS,
    },
    { additionalProperties: false },
  ),
)

export const SessionList = named(
  'SessionList',
  Type.Object({ items: Type.Array(SessionView) }, { description: 'Your running sessions.' }),
)

export const EndedSessions = named(
  'EndedSessions',
  Type.Object({ ended: Type.Integer({ minimum: 0 }) }, { description: 'How many sessions were ended.' }),
)

export const SessionParameters = Type.Object({ id: Type.String({ maxLength: 64 }) })

/** A session as the API returns it; `current` marks the session of the request. */
export function presentSession(
  session: ListedSession,
  { currentId, lifetimes }: { readonly currentId: string; readonly lifetimes: SessionLifetimes },
): Static<typeof SessionView> {
  return {
    id: session.id,
    current: session.id === currentId,
    idle: session.isIdle,
    transport: session.transport,
    methods: [...session.methods],
    address: session.address,
    agent: session.agent,
    started_at: toRfc3339(session.startedAt),
    last_seen_at: toRfc3339(session.lastSeenAt),
    authenticated_at: toRfc3339(session.authenticatedAt),
    ...presentEnds(session, lifetimes),
  }
}
