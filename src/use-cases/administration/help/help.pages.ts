// What the section Help of a user's page leads to.
import type { FastifyReply } from 'fastify'

import { isMailOn } from '#domain/mail/mail.service.ts'
import { withoutTurns } from '#foundation/kernel/given-name.ts'
import { days, toRfc3339 } from '#foundation/kernel/time.ts'
import { apiEquivalent } from '#foundation/web/components/api-equivalent.ts'
import { buttonRow, linkButton, submitButton } from '#foundation/web/components/button.ts'
import { selectField } from '#foundation/web/components/choice.ts'
import { textField } from '#foundation/web/components/field.ts'
import { withNames } from '#foundation/web/components/person-name.ts'
import { html } from '#foundation/web/html.ts'
import type { App } from '#foundation/web/http/app.ts'
import { choice } from '#foundation/web/http/schema.ts'
import { Type } from '#foundation/web/http/type.ts'
import {
  answerOf,
  EMPTY_FORM,
  errorOf,
  type FormState,
  formSummary,
  readForm,
  refusedForm,
  typedField,
} from '#foundation/web/pages/form.ts'
import { redirectWithFlash, seeOther, sendPage } from '#foundation/web/pages/page.ts'
import { readUser, type UserRef } from '../access/access.service.ts'
import { requireHelpable } from '../access/role-grant.service.ts'
import { refIn, UserPageParameters, userPath, userReader } from '../access/user-reader.pages.ts'
import { refusedEventBody } from '../audit/refused-event.pages.ts'
import { refusalForm } from './help-section.pages.ts'
import { exemptForHelp, helpFor, mailInvitationAgain, mailPasswordLink, readRefusalOf } from './help.service.ts'

const DAYS = ['1', '3', '7', '14'] as const
const STANDARD_DAYS = '7'

const config = { access: 'users:help', besides: 'users:read', page: true, undocumented: true } as const
const ExemptionForm = Type.Object({ reason: Type.String({ maxLength: 1200 }), days: choice(DAYS) })
const KEPT = Object.keys(ExemptionForm.properties)

export function helpPages(app: App): void {
  const schema = { params: UserPageParameters }
  app.post('/admin/users/:id/password-link', { config, schema }, async ({ ctx, params }, reply) => {
    const ref = refIn(params)
    await mailPasswordLink(ctx, ref)
    return redirectWithFlash(reply, userPath(ref, '/help?done=password-link'))
  })

  app.post('/admin/users/:id/invitation/again', { config, schema }, async ({ ctx, params }, reply) => {
    const ref = refIn(params)
    await mailInvitationAgain(ctx, ref)
    return redirectWithFlash(reply, userPath(ref, '/help?done=invitation-again'))
  })

  const query = Type.Object({ reference: Type.Optional(Type.String({ maxLength: 200 })) })
  app.get('/admin/users/:id/refusal', { config, schema }, (request, reply) => {
    const form = readForm(query, request.query)
    const reference = 'fieldErrors' in form ? '' : (form.value.reference?.trim() ?? '')
    return showRefusal(reply, refIn(request.params), reference)
  })

  const exempts = { ...config, authentication: 'recent' } as const
  const params = Type.Object({ ...UserPageParameters.properties, policy: Type.String({ maxLength: 64 }) })
  const PATH = '/admin/users/:id/exempt/:policy'
  app.get(PATH, { config: exempts, schema: { params } }, (request, reply) =>
    showExemptionForm(reply, refIn(request.params), request.params.policy, EMPTY_FORM),
  )

  app.post(PATH, { config: exempts, schema: { params } }, async (request, reply) => {
    const { ctx, body } = request
    const { policy } = request.params
    const ref = refIn(request.params)
    const form = readForm(ExemptionForm, body)
    if ('fieldErrors' in form) return showExemptionForm(reply, ref, policy, refusedForm(body, KEPT, form.fieldErrors))
    const { reason, days: span } = form.value
    const wanted = { policyId: policy, reason, endsAt: ctx.now + days(Number(span)) }
    const { refusal } = await answerOf(exemptForHelp(ctx, ref, wanted))
    if (refusal?.code === 'user.not_found' || refusal?.kind === 'reauthentication') throw refusal
    if (refusal) return showExemptionForm(reply, ref, policy, refusedForm(body, KEPT, refusal))
    return redirectWithFlash(reply, userPath(ref, '/help?done=exempted'))
  })
}

async function showRefusal(reply: FastifyReply, ref: UserRef, reference: string): Promise<FastifyReply> {
  const { ctx } = reply.request
  if (reference === '') return seeOther(reply, userPath(ref, '/help'))
  const user = await readUser(ctx, ref)
  const { answer, refusal } = await answerOf(readRefusalOf(ctx, ref, reference))
  if (refusal && refusal.code !== 'audit_event.not_found') throw refusal
  const reader = userReader(reply, user)
  const { say, config: settings } = reader
  const { help: words } = say.user
  return sendPage(reply, {
    title: [words.refusalTitle(reader.name), say.users.title],
    heading: withNames(words.refusalTitle, reader.uniqueName),
    up: { href: userPath(user, '/help'), label: reader.name },
    refusal,
    body: html`${refusal ? refusalForm(reader, reference, words.refusalUnknown) : refusedEventBody(reader, answer.event)}`,
    api: apiEquivalent(say, settings, {
      method: 'GET',
      path: `/users/${user.id}/refusals/${encodeURIComponent(reference)}`,
    }),
  })
}

async function showExemptionForm(
  reply: FastifyReply,
  ref: UserRef,
  policyId: string,
  state: FormState,
): Promise<FastifyReply> {
  const { ctx } = reply.request
  const user = await readUser(ctx, ref)
  requireHelpable(ctx.principal, user)
  const { policies } = await helpFor(ctx, user)
  const policy = policies.find(({ id }) => id === policyId)
  const reader = userReader(reply, user)
  const { say, config: settings, formToken } = reader
  const { exemption: words } = say.user.help
  const { reasonLabel, reasonHint } = say.rollout.exemptions
  const body = { policy_id: policyId, reason: '…', ends_at: toRfc3339(ctx.now + days(Number(STANDARD_DAYS))) }
  return sendPage(reply, {
    title: [words.title(withoutTurns(reader.name)), say.users.title],
    heading: withNames(words.title, reader.uniqueName),
    ...(policy === undefined && { up: { href: userPath(user, '/help'), label: reader.name } }),
    notice: formSummary(say, state, {
      reason: { id: 'reason', label: reasonLabel },
      days: { id: 'days', label: words.days },
      ends_at: { id: 'days', label: words.days },
    }),
    refusal: state.refusal,
    body:
      policy === undefined
        ? html`<p class="lead">${words.forbidden}</p>`
        : html`<p class="lead">
              ${withNames(words.lead, policy.name)} ${user.email !== null && isMailOn(ctx.config) && words.notified}
            </p>
            <form method="post" action="${userPath(user, `/exempt/${encodeURIComponent(policyId)}`)}">
              ${formToken}
              ${textField({
                ...typedField(say, state, 'reason'),
                label: reasonLabel,
                hint: reasonHint,
                autocomplete: 'off',
                required: true,
              })}
              ${selectField({
                id: 'days',
                label: words.days,
                options: DAYS.map((value) => ({ value, label: words.dayCount(Number(value)) })),
                value: state.values['days'] ?? STANDARD_DAYS,
                error: errorOf(say, state, 'days') ?? errorOf(say, state, 'ends_at'),
              })}
              ${buttonRow(submitButton(words.submit), linkButton(userPath(user, '/help'), say.words.cancel))}
            </form>`,
    api:
      policy &&
      apiEquivalent(say, settings, {
        method: 'POST',
        path: `/users/${user.id}/exemptions`,
        body,
        needsSession: true,
      }),
  })
}
