// The form by which an admin exempts a user from a policy.
import type { FastifyReply, FastifyRequest } from 'fastify'

import { readStoredPolicy } from '#domain/policies/store/policy-changes.service.ts'
import { withoutTurns } from '#foundation/kernel/given-name.ts'
import { Refusal } from '#foundation/kernel/refusal.ts'
import { startOfDay } from '#foundation/kernel/start-of-day.ts'
import { apiEquivalent } from '#foundation/web/components/api-equivalent.ts'
import { buttonRow, linkButton, submitButton } from '#foundation/web/components/button.ts'
import { textField } from '#foundation/web/components/field.ts'
import { withNames } from '#foundation/web/components/person-name.ts'
import { type Html, html } from '#foundation/web/html.ts'
import { signedIn } from '#foundation/web/http/access.ts'
import type { App } from '#foundation/web/http/app.ts'
import { fieldIn } from '#foundation/web/http/redirect.ts'
import { type Static, Type } from '#foundation/web/http/type.ts'
import { answerOf, errorOf, type FormState, formSummary, readForm, refusedForm } from '#foundation/web/pages/form.ts'
import { redirectWithFlash, sendPage } from '#foundation/web/pages/page.ts'
import { type AdminReader, adminReader } from '../access/user-reader.pages.ts'
import { findUserBy } from '../users/find-user.service.ts'
import { exemptUser } from './exemptions.service.ts'
import { exemptSentence } from './plan-sections.pages.ts'
import { PolicyParameters } from './plan.schema.ts'
import { storedPlan } from './plan.service.ts'
import { policyPath } from './policy-path.ts'

const PATH = '/admin/policies/:id/exemptions/new'
const FIELDS = ['user', 'reason', 'ends_on'] as const
const ExemptionForm = Type.Object({
  user: Type.String({ maxLength: 254 }),
  reason: Type.String({ maxLength: 1200 }),
  ends_on: Type.String({ format: 'date', pattern: '^[1-9]' }),
})

/** The page that exempts a user. */
export function newExemptionPages(app: App): void {
  const config = {
    access: 'policy:write',
    besides: 'users:read',
    authentication: 'recent',
    page: true,
    undocumented: true,
  } as const
  const schema = { params: PolicyParameters }

  app.get(PATH, { config, schema }, async (request, reply) => {
    const user = fieldIn(request.query, 'user')
    const values = typeof user === 'string' ? { user: await namedAs(request, user) } : {}
    return showForm(reply, request.params.id, { values, fieldErrors: [] })
  })

  app.post(PATH, { config, schema }, async (request, reply) => {
    const { body, params } = request
    const form = readForm(ExemptionForm, body)
    if ('fieldErrors' in form) return showForm(reply, params.id, refusedForm(body, FIELDS, form.fieldErrors))
    const { refusal } = await answerOf(exemptNamed(request, params.id, form.value))
    // A required re-authentication is answered by the error handler with a page of its own.
    if (refusal?.kind === 'reauthentication') throw refusal
    if (refusal) return showForm(reply, params.id, refusedForm(body, FIELDS, refusal))
    return redirectWithFlash(reply, policyPath(params.id, '/exemptions?done=exempted'))
  })
}

/** A link names a user by id; the field shows the username. */
async function namedAs({ ctx }: FastifyRequest, word: string): Promise<string> {
  const { answer } = await answerOf(findUserBy(ctx, word))
  return answer?.user?.username ?? word
}

async function exemptNamed(request: FastifyRequest, id: string, given: Static<typeof ExemptionForm>): Promise<void> {
  const ctx = signedIn(request.ctx)
  const { user } = await findUserBy(ctx, given.user)
  if (user === undefined)
    throw new Refusal('request.validation_failed', { fieldErrors: [{ pointer: '/user', code: 'exemption.no_user' }] })
  const endsAt = startOfDay(given.ends_on, ctx.principal.user.timeZone, 1)
  await exemptUser(ctx, id, user, { reason: given.reason, endsAt })
}

async function showForm(reply: FastifyReply, id: string, state: FormState): Promise<FastifyReply> {
  const policy = await readStoredPolicy(reply.request.ctx, id)
  const plan = await storedPlan(reply.request.ctx, id)
  const reader = adminReader(reply)
  const { say, config } = reader
  const { exemptions: words } = say.rollout
  return sendPage(reply, {
    title: words.newTitle(withoutTurns(policy.name)),
    heading: withNames(words.newTitle, policy.name),
    notice: formSummary(say, state, {
      user: { id: 'user', label: words.userLabel },
      reason: { id: 'reason', label: words.reasonLabel },
      ends_on: { id: 'ends_on', label: words.lastDay },
      ends_at: { id: 'ends_on', label: words.lastDay },
    }),
    refusal: state.refusal,
    api: apiEquivalent(say, config, {
      method: 'PUT',
      path: `/policies/${encodeURIComponent(id)}/exemptions/1`,
      body: { reason: '…', ends_at: '2030-09-01T00:00:00Z' },
      needsSession: true,
    }),
    body: html`<p class="lead">${words.newLead}</p>
      ${exemptSentence(say, plan).map((one) => html`<p>${one}</p>`)} ${exemptionForm(reader, id, state)}`,
  })
}

function exemptionForm({ say, formToken, timeZone }: AdminReader, id: string, state: FormState): Html {
  const { exemptions: words } = say.rollout
  return html`<form method="post" action="${policyPath(id, '/exemptions/new')}">
    ${formToken}
    ${textField({
      id: 'user',
      label: words.userLabel,
      value: state.values['user'],
      error: errorOf(say, state, 'user'),
      autocomplete: 'off',
      required: true,
    })}
    ${textField({
      id: 'reason',
      label: words.reasonLabel,
      hint: words.reasonHint,
      value: state.values['reason'],
      error: errorOf(say, state, 'reason'),
      autocomplete: 'off',
      required: true,
    })}
    ${textField({
      id: 'ends_on',
      label: words.lastDay,
      hint: words.lastDayHint(timeZone ?? 'UTC'),
      value: state.values['ends_on'],
      error: errorOf(say, state, 'ends_on') ?? errorOf(say, state, 'ends_at'),
      type: 'date',
      autocomplete: 'off',
      required: true,
    })}
    ${buttonRow(submitButton(words.submit), linkButton(policyPath(id, '/exemptions'), words.cancel))}
  </form>`
}
