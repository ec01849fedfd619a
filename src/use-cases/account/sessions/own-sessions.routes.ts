import { listSessionsWithApps } from '#domain/grants/idle-session.service.ts'
import { sessionRulesOf } from '#domain/policies/evaluation/session-rules.service.ts'
import { signedIn } from '#foundation/web/http/access.ts'
import type { App } from '#foundation/web/http/app.ts'
import { Type } from '#foundation/web/http/type.ts'
import { EndedSessions, presentSession, SessionList, SessionParameters } from './own-sessions.schema.ts'
import { endOwnSession, signOutElsewhere } from './own-sessions.service.ts'

export function ownSessionsRoutes(app: App): void {
  app.get(
    '/users/me/sessions',
    {
      config: { access: 'signed-in', tokens: 'refused' },
      schema: {
        operationId: 'listMySessions',
        summary: 'Where I am signed in',
        description:
          'Running sessions, the latest used first. An `idle` one has ended here, but apps are still signed in by it.',
        response: { 200: SessionList },
      },
    },
    async (request) => {
      const ctx = signedIn(request.ctx)
      const { user, session: current } = ctx.principal
      const rules = await sessionRulesOf(ctx, user)
      const about = { currentId: current.id, lifetimes: rules }
      const sessions = await listSessionsWithApps(ctx, user.subject, rules)
      return { items: sessions.map((session) => presentSession(session, about)) }
    },
  )

  app.delete(
    '/users/me/sessions',
    {
      config: { access: 'signed-in', tokens: 'refused' },
      schema: {
        operationId: 'endMyOtherSessions',
        summary: 'Sign out my other devices',
        description: 'Ends every session but this one.',
        response: { 200: EndedSessions },
      },
    },
    async (request) => ({ ended: await signOutElsewhere(signedIn(request.ctx)) }),
  )

  app.delete(
    '/users/me/sessions/:id',
    {
      config: { access: 'signed-in', tokens: 'refused', refusals: ['session.not_found'] },
      schema: {
        operationId: 'endMySession',
        summary: 'End one of my sessions',
        description: 'It may be this one. Another user’s session is answered like an unknown one.',
        params: SessionParameters,
        response: { 204: Type.Null({ description: 'Ended.' }) },
      },
    },
    (request) => endOwnSession(signedIn(request.ctx), request.params.id),
  )
}
