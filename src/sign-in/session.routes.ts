import { Type } from '../web/type.ts'

import { Secret } from '../kernel/secret.ts'
import { toRfc3339 } from '../kernel/time.ts'
import { endOf } from '../sessions/session.ts'
import { signedIn } from '../web/access.ts'
import type { App } from '../web/app.ts'
import { giveProof } from './proof.service.ts'
import { presentProof, ProofForm, ProofView, SessionView } from './sign-in.schema.ts'
import { signOut } from './sign-out.service.ts'

/** The session that the request itself carries. */
export function sessionRoutes(app: App): void {
  app.get(
    '/session',
    {
      config: { access: 'signed-in' },
      schema: {
        tags: ['Session'],
        operationId: 'showSession',
        summary: 'Show the session of this request',
        response: { 200: SessionView },
      },
    },
    async (request) => {
      const { session } = signedIn(request.ctx).caller
      const { sessions, proofLifetime } = request.ctx.config
      return {
        id: session.id,
        methods: [...session.methods],
        started_at: toRfc3339(session.startedAt),
        expires_at: toRfc3339(endOf({ ...session, lastSeenAt: request.ctx.now }, sessions)),
        proven_until: toRfc3339(session.provenAt + proofLifetime),
      }
    },
  )
  app.delete(
    '/session',
    {
      config: { access: 'signed-in' },
      schema: {
        tags: ['Session'],
        operationId: 'signOut',
        summary: 'Sign out',
        description: 'Ends the session of this request at once.',
        response: { 204: Type.Null({ description: 'Signed out.' }) },
      },
    },
    async (request, reply) => {
      await signOut(signedIn(request.ctx))
      return reply.code(204).send(null)
    },
  )
  app.post(
    '/session/proof',
    {
      config: { access: 'signed-in', refusals: ['proof.refused', 'throttle.wait', 'service.busy'] },
      schema: {
        tags: ['Session'],
        operationId: 'giveProof',
        summary: 'Confirm it is you',
        description:
          'Password and a fresh code; afterwards the routes that need a recent proof are open for some minutes.',
        body: ProofForm,
        response: { 200: ProofView },
      },
    },
    async (request) => {
      const { password, code } = request.body
      return presentProof(await giveProof(signedIn(request.ctx), { password: Secret.of(password), code }))
    },
  )
}
