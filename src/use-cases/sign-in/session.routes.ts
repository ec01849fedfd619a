import { PasskeyRequestOptions, presentRequestOptions } from '#domain/factors/passkeys/passkey.schema.ts'
import { deliverToken, presentEnds } from '#domain/sessions/session.schema.ts'
import { requireNoFieldErrors } from '#foundation/kernel/refusal.ts'
import { Secret } from '#foundation/kernel/secret.ts'
import { toRfc3339 } from '#foundation/kernel/time.ts'
import { signedIn } from '#foundation/web/http/access.ts'
import type { App } from '#foundation/web/http/app.ts'
import { Type } from '#foundation/web/http/type.ts'
import { reauthenticate, reauthenticationOptions } from './reauthentication.service.ts'
import { ReauthenticationForm, ReauthenticationView, SessionView } from './sign-in.schema.ts'
import { signOut } from './sign-out.service.ts'

/** Routes for the session of the request: show, end, re-authenticate. */
export function sessionRoutes(app: App): void {
  app.get(
    '/session',
    {
      config: { access: 'signed-in', tokens: 'refused' },
      schema: {
        operationId: 'showSession',
        summary: 'Show the session of this request',
        response: { 200: SessionView },
      },
    },
    async (request) => {
      const { principal, now } = signedIn(request.ctx)
      const { session, terms } = principal
      return {
        id: session.id,
        methods: [...session.methods],
        started_at: toRfc3339(session.startedAt),
        ...presentEnds({ ...session, lastSeenAt: now }, terms),
        authenticated_until: toRfc3339(session.authenticatedAt + terms.reauthentication),
      }
    },
  )
  app.delete(
    '/session',
    {
      config: { access: 'signed-in', tokens: 'refused' },
      schema: {
        operationId: 'signOut',
        summary: 'Sign out',
        description: 'Ends the session of this request at once.',
        response: { 204: Type.Null({ description: 'Signed out.' }) },
      },
    },
    (request) => signOut(signedIn(request.ctx)),
  )
  app.post(
    '/session/proof/passkey/options',
    {
      config: { access: 'signed-in', tokens: 'refused' },
      schema: {
        operationId: 'reauthenticationOptions',
        summary: 'What a browser needs to confirm it is you with a passkey',
        response: { 200: PasskeyRequestOptions },
      },
    },
    async (request) => presentRequestOptions(await reauthenticationOptions(signedIn(request.ctx))),
  )
  app.post(
    '/session/proof',
    {
      config: {
        access: 'signed-in',
        tokens: 'refused',
        refusals: [
          'reauthentication.refused',
          'reauthentication.passkey_refused',
          'reauthentication.too_weak',
          'reauthentication.clock_drift',
          'throttle.blocked',
          'service.busy',
        ],
      },
      schema: {
        operationId: 'reauthenticate',
        summary: 'Confirm it is you',
        description:
          'Re-authentication at the assurance level of the account (RFC 9470); afterwards the routes that require recent authentication accept requests for some minutes. The session continues under a new token.',
        body: ReauthenticationForm,
        response: { 200: ReauthenticationView },
      },
    },
    async (request, reply) => {
      const { password, code, kind = 'totp', passkey } = request.body
      if (password === undefined && passkey === undefined)
        requireNoFieldErrors([{ pointer: '/password', code: 'field.missing' }])
      const typed = code === undefined ? undefined : { kind, code }
      const given = {
        password: password === undefined ? undefined : Secret.of(password),
        factor: passkey === undefined ? typed : ({ kind: 'passkey', response: passkey } as const),
      }
      const ctx = signedIn(request.ctx)
      const { authenticatedUntil, token } = await reauthenticate(ctx, given)
      return {
        authenticated_until: toRfc3339(authenticatedUntil),
        ...deliverToken(reply, token, ctx.principal.terms),
      }
    },
  )
}
