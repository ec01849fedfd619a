import { LiftedBy } from '#domain/notices/notice.schema.ts'
import { Secret } from '#foundation/kernel/secret.ts'
import { toRfc3339 } from '#foundation/kernel/time.ts'
import type { App } from '#foundation/web/http/app.ts'
import { named, nullable } from '#foundation/web/http/schema.ts'
import { Type } from '#foundation/web/http/type.ts'
import { confirmEmailChange, undoEmail } from './email-links.service.ts'
import { readReport, type Reported, reportNotMe } from './not-me.service.ts'

const LinkToken = Type.String({ minLength: 1, maxLength: 100, description: 'The last part of the emailed link.' })

const MailedToken = named(
  'MailedLinkToken',
  Type.Object({ token: LinkToken }, { examples: [{ token: 'the last part of the link' }] }),
)

const UndoneChange = named(
  'EmailUndoInput',
  Type.Object(
    {
      token: LinkToken,
      not_me: Type.Optional(
        Type.Boolean({ description: 'Also ends every session and API token and asks for a review.' }),
      ),
    },
    { examples: [{ token: 'the last part of the link', not_me: true }] },
  ),
)

const ReportedNotice = named(
  'ReportedNotice',
  Type.Object(
    {
      username: Type.String(),
      notice: Type.String({ description: 'What it was about, such as `password-changed`.' }),
      at: Type.String({ format: 'date-time' }),
    },
    { description: 'What the link answers.' },
  ),
)

const RequiredReview = named(
  'RequiredReview',
  Type.Object({ lifted_by: LiftedBy }, { description: 'The sessions have ended, and a review is due.' }),
)

const ConfirmedEmail = named(
  'ConfirmedEmail',
  Type.Object({ username: Type.String(), email: nullable(Type.String()) }, { description: 'The email is verified.' }),
)

const UndoneEmailView = named(
  'UndoneEmail',
  Type.Object(
    { username: Type.String(), email: nullable(Type.String()), lifted_by: Type.Optional(LiftedBy) },
    { description: 'The former email is that of the user again.' },
  ),
)

const LINK_REFUSALS = ['link.unknown', 'link.used', 'link.expired', 'service.busy'] as const

function liftedBy({ by, isLastAdmin }: Reported): 'user' | 'admin' | 'operator' {
  if (by === 'user') return 'user'
  return isLastAdmin ? 'operator' : 'admin'
}

/** What the links of notices and of changes of an email do, for clients other than the pages. */
export function mailedLinkRoutes(app: App): void {
  app.post(
    '/notices/read',
    {
      config: { access: 'anyone', refusals: LINK_REFUSALS },
      schema: {
        operationId: 'readNotice',
        summary: 'What a link “This wasn’t me” is about',
        description: 'Changes nothing.',
        body: MailedToken,
        response: { 200: ReportedNotice },
      },
    },
    async ({ ctx, body }) => {
      const { user, kind, at } = await readReport(ctx, Secret.of(body.token))
      return { username: user.username, notice: kind, at: toRfc3339(at) }
    },
  )

  app.post(
    '/notices/not-me',
    {
      config: { access: 'anyone', refusals: LINK_REFUSALS },
      schema: {
        operationId: 'reportNotMe',
        summary: 'Say that this wasn’t me',
        description:
          'Ends the sessions and API tokens of the user. The next complete sign-in leads to a review instead of a session. The link works once, for 7 days, whatever became of the password.',
        body: MailedToken,
        response: { 200: RequiredReview },
      },
    },
    async ({ ctx, body }) => ({ lifted_by: liftedBy(await reportNotMe(ctx, Secret.of(body.token))) }),
  )
  emailRoutes(app)
}

function emailRoutes(app: App): void {
  app.post(
    '/emails/confirm',
    {
      config: { access: 'anyone', refusals: [...LINK_REFUSALS, 'email.sign_in_to_confirm', 'user.email_taken'] },
      schema: {
        operationId: 'confirmEmail',
        summary: 'Confirm an email',
        description:
          'Makes the email that of the user, verified; the former one is told, with a link that undoes it. A link that an admin has sent takes a session: POST /users/me/email/confirm.',
        body: MailedToken,
        response: { 200: ConfirmedEmail },
      },
    },
    async ({ ctx, body }) => {
      const { username, email } = await confirmEmailChange(ctx, Secret.of(body.token))
      return { username, email }
    },
  )

  app.post(
    '/users/me/email/confirm',
    {
      config: {
        access: 'signed-in',
        tokens: 'refused',
        refusals: [...LINK_REFUSALS, 'email.sign_in_to_confirm', 'user.email_taken'],
      },
      schema: {
        operationId: 'confirmMyEmail',
        summary: 'Confirm my email',
        description: 'As POST /emails/confirm, also with a link that an admin has sent.',
        body: MailedToken,
        response: { 200: ConfirmedEmail },
      },
    },
    async ({ ctx, body }) => {
      const { username, email } = await confirmEmailChange(ctx, Secret.of(body.token))
      return { username, email }
    },
  )

  app.post(
    '/emails/undo',
    {
      config: { access: 'anyone', refusals: [...LINK_REFUSALS, 'user.email_taken'] },
      schema: {
        operationId: 'undoEmail',
        summary: 'Undo a change of an email',
        description: 'Gives the user the former email back, for 7 days after the change.',
        body: UndoneChange,
        response: { 200: UndoneEmailView },
      },
    },
    async ({ ctx, body }) => {
      const { user, reported } = await undoEmail(ctx, { token: Secret.of(body.token), report: body.not_me ?? false })
      const { username, email } = user
      return { username, email, ...(reported && { lifted_by: liftedBy(reported) }) }
    },
  )
}
