import { listMails, readMail } from '#domain/mail/outbox.service.ts'
import type { App } from '#foundation/web/http/app.ts'
import { answerPage, pageIn } from '#foundation/web/http/pagination.ts'
import {
  MailDetailsView,
  MailPageView,
  MailParameters,
  MailPosition,
  MailQuery,
  MailsToRetry,
  MailView,
  presentMail,
  presentMailDetails,
  RetriedMailsView,
} from './outbox.schema.ts'
import { dropQueuedMail, sendMailAgain, sendMailsAgain } from './outbox.service.ts'

export function outboxRoutes(app: App): void {
  app.get(
    '/mails',
    {
      config: { access: 'server:read', besides: 'users:read' },
      schema: {
        operationId: 'listMails',
        summary: 'List emails',
        description: 'Newest first. An email that has ended is deleted after a week.',
        querystring: MailQuery,
        response: { 200: MailPageView },
      },
    },
    async (request, reply) => {
      const { after: before, limit } = pageIn(MailPosition, request.query)
      const { state } = request.query
      return answerPage(reply, await listMails(request.ctx, { state, before, limit }), presentMail)
    },
  )

  app.get(
    '/mails/:id',
    {
      config: { access: 'server:read', besides: 'users:read', refusals: ['mail.not_found'] },
      schema: {
        operationId: 'getMail',
        summary: 'Read an email',
        description: 'The token of its link is masked.',
        params: MailParameters,
        response: { 200: MailDetailsView },
      },
    },
    async ({ ctx, params }) => presentMailDetails(ctx, await readMail(ctx, params.id)),
  )

  app.post(
    '/mails/:id/retry',
    {
      config: { access: 'users:write', refusals: ['mail.not_found', 'mail.ended', 'role.beyond_own'] },
      schema: {
        operationId: 'retryMail',
        summary: 'Send an email now',
        description: 'Makes the next attempt at once, also after a final refusal.',
        params: MailParameters,
        response: { 200: MailView },
      },
    },
    async ({ ctx, params }) => presentMail(await sendMailAgain(ctx, params.id)),
  )

  app.post(
    '/mails/retry',
    {
      config: { access: 'users:write' },
      schema: {
        operationId: 'retryMails',
        summary: 'Send all emails now',
        description:
          'Makes the next attempt at once for every email that waits or was refused for good. Emails about users with permissions beyond your own are skipped.',
        body: MailsToRetry,
        response: { 200: RetriedMailsView },
      },
    },
    async ({ ctx, body }) => sendMailsAgain(ctx, body.state),
  )

  app.post(
    '/mails/:id/drop',
    {
      config: {
        access: 'users:write',
        authentication: 'recent',
        refusals: ['mail.not_found', 'mail.ended', 'mail.warns', 'role.beyond_own'],
      },
      schema: {
        operationId: 'dropMail',
        summary: 'Drop an email',
        description:
          'The email is never sent, and the token of its link is erased. An email that warns a user of a change to their account is refused: only the command line can drop it.',
        params: MailParameters,
        response: { 200: MailView },
      },
    },
    async ({ ctx, params }) => presentMail(await dropQueuedMail(ctx, params.id)),
  )
}
