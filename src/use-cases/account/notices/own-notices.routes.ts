import { NOTICES, OPTIONAL_NOTICE } from '#domain/notices/notice.ts'
import { toRfc3339 } from '#foundation/kernel/time.ts'
import { signedIn } from '#foundation/web/http/access.ts'
import type { App } from '#foundation/web/http/app.ts'
import { named, nullable } from '#foundation/web/http/schema.ts'
import { Type } from '#foundation/web/http/type.ts'
import { discardOwnEmail, ownPendingEmail, verifyOwnEmail } from './own-email.service.ts'
import { changeOwnNotices, type OwnNotices, ownNotices } from './own-notices.service.ts'

const PendingEmail = named(
  'PendingEmail',
  Type.Object({ email: nullable(Type.String()), expires_at: Type.String({ format: 'date-time' }) }),
)

const OwnEmail = named(
  'OwnEmail',
  Type.Object(
    { email: nullable(Type.String()), verified: Type.Boolean(), pending: Type.Optional(PendingEmail) },
    { description: 'The email of the account, and the one that waits for its confirmation.' },
  ),
)

const NoticeChoice = named(
  'NoticeChoice',
  Type.Object(
    { new_device: Type.Boolean({ description: 'Whether to tell me of a sign-in from a new device.' }) },
    { additionalProperties: false, examples: [{ new_device: true }] },
  ),
)

const OwnNoticesView = named(
  'OwnNotices',
  Type.Object(
    {
      new_device: Type.Boolean({ description: 'Whether I am told of a sign-in from a new device.' }),
      always: Type.Array(Type.String(), { description: 'The notices that cannot be turned off.' }),
    },
    { description: 'What I am told by email.' },
  ),
)

const ALWAYS = Object.keys(NOTICES).filter((kind) => kind !== OPTIONAL_NOTICE)

function presentNotices({ newDevice }: OwnNotices) {
  return { new_device: newDevice, always: ALWAYS }
}

export function ownNoticesRoutes(app: App): void {
  app.get(
    '/users/me/notices',
    {
      config: { access: 'signed-in', tokens: 'refused' },
      schema: { operationId: 'getMyNotices', summary: 'My notices', response: { 200: OwnNoticesView } },
    },
    async (request) => presentNotices(await ownNotices(signedIn(request.ctx))),
  )

  app.patch(
    '/users/me/notices',
    {
      config: { access: 'signed-in', tokens: 'refused', authentication: 'recent' },
      schema: {
        operationId: 'changeMyNotices',
        summary: 'Choose my notices',
        description: 'Only the notice of a new device can be turned off; those of changes are always sent.',
        body: NoticeChoice,
        response: { 200: OwnNoticesView },
      },
    },
    async (request) =>
      presentNotices(await changeOwnNotices(signedIn(request.ctx), { newDevice: request.body.new_device })),
  )
  ownEmailRoutes(app)
}

function ownEmailRoutes(app: App): void {
  app.get(
    '/users/me/email',
    {
      config: { access: 'signed-in', tokens: 'refused' },
      schema: { operationId: 'getMyEmail', summary: 'My email', response: { 200: OwnEmail } },
    },
    async (request) => {
      const ctx = signedIn(request.ctx)
      const { email, emailVerifiedAt } = ctx.principal.user
      const pending = await ownPendingEmail(ctx)
      return {
        email,
        verified: emailVerifiedAt !== null,
        ...(pending && { pending: { email: pending.email, expires_at: toRfc3339(pending.expiresAt) } }),
      }
    },
  )

  app.post(
    '/users/me/email/verify',
    {
      config: {
        access: 'signed-in',
        tokens: 'refused',
        refusals: ['email.nothing_to_verify', 'throttle.blocked'],
      },
      schema: {
        operationId: 'verifyMyEmail',
        summary: 'Verify my email',
        description: 'Emails a link to the unverified email of the account; POST /emails/confirm confirms it.',
        response: { 204: Type.Null({ description: 'The email is queued.' }) },
      },
    },
    (request) => verifyOwnEmail(signedIn(request.ctx)),
  )

  app.delete(
    '/users/me/email/pending',
    {
      config: { access: 'signed-in', tokens: 'refused' },
      schema: {
        operationId: 'discardMyPendingEmail',
        summary: 'Discard my email that waits for its confirmation',
        response: { 204: Type.Null({ description: 'Nothing waits.' }) },
      },
    },
    (request) => discardOwnEmail(signedIn(request.ctx)),
  )
}
