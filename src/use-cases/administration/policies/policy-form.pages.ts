// The form of a policy, new or changed, and the page on which an admin checks it before it is stored.
import type { FastifyReply, FastifyRequest } from 'fastify'

import { eachNamedDuration, type PolicyTerms, TERM_NAMES } from '#domain/policies/policy.ts'
import { withoutTurns } from '#foundation/kernel/given-name.ts'
import { matchesForm } from '#foundation/kernel/optimistic-locking.ts'
import { Refusal } from '#foundation/kernel/refusal.ts'
import type { Instant } from '#foundation/kernel/time.ts'
import type { Texts } from '#foundation/texts/texts.ts'
import { apiEquivalent } from '#foundation/web/components/api-equivalent.ts'
import { buttonRow, linkButton, submitButton } from '#foundation/web/components/button.ts'
import { deadline } from '#foundation/web/components/moments.ts'
import type { NavigationEntry } from '#foundation/web/components/navigation-entries.ts'
import { name, withMarkup, withNames } from '#foundation/web/components/person-name.ts'
import { factList, partedForm } from '#foundation/web/components/section.ts'
import { type Html, html } from '#foundation/web/html.ts'
import { signedIn } from '#foundation/web/http/access.ts'
import type { App } from '#foundation/web/http/app.ts'
import {
  answerOf,
  EMPTY_FORM,
  type FormState,
  formSummary,
  refusedForm,
  type SummaryField,
  typedText,
  seenField,
  withFormPointers,
} from '#foundation/web/pages/form.ts'
import { redirectWithFlash, sendPage } from '#foundation/web/pages/page.ts'
import { type AdminReader, adminReader } from '../access/user-reader.pages.ts'
import { PolicyParameters } from '../policy-rollout/plan.schema.ts'
import { countIn, type PlanDeps, proposedPlan, summarizePlan } from '../policy-rollout/plan.service.ts'
import { POLICIES_PATH, policyPath } from '../policy-rollout/policy-path.ts'
import { listScopeChoices, type NamedPolicy, readPolicy, readTermsLeftOpen } from './named-policy.service.ts'
import { addPolicyVersion, checkPolicy, createPolicy } from './policies.service.ts'
import { sendConfirmation } from './policy-confirmation.pages.ts'
import { factorFields, helpField, newPolicyFields, spanFields, startFields } from './policy-fields.pages.ts'
import { POLICY_FIELDS, readPolicyForm, scopeIn, suggestedDeadline, valuesOfTerms } from './policy-form.ts'
import { policyTag } from './policy-tag.schema.ts'
import { scopeInWords } from './policy-words.pages.ts'

const NEW = `${POLICIES_PATH}/new`
const config = { access: 'policy:write', authentication: 'recent', page: true, undocumented: true } as const
const navigation: NavigationEntry = { area: 'palette', order: 100, label: (say) => say.policies.new }
const schema = { params: PolicyParameters }

export function policyFormPages(app: App): void {
  app.get(NEW, { config: { ...config, navigation } }, (_request, reply) => showForm(reply, EMPTY_FORM))
  app.post(NEW, { config }, (request, reply) => submit(request, reply))
  app.get(`${POLICIES_PATH}/:id/change`, { config, schema }, async ({ ctx, params }, reply) =>
    showForm(reply, EMPTY_FORM, await readPolicy(ctx, params.id)),
  )
  app.post(`${POLICIES_PATH}/:id/change`, { config, schema }, async (request, reply) =>
    submit(request, reply, await readPolicy(request.ctx, request.params.id)),
  )
}

/** Shows the form again with its errors, or what will change; stores it once that was confirmed. */
async function submit(request: FastifyRequest, reply: FastifyReply, policy?: NamedPolicy): Promise<FastifyReply> {
  const { body } = request
  const ctx = signedIn(request.ctx)
  const values = Object.fromEntries(POLICY_FIELDS.map((field) => [field, typedText(body, field)]))
  const scoped = policy ?? scopeIn(values['whom'])
  const { fieldErrors, ...version } = readPolicyForm(values, ctx.principal.user.timeZone)
  const refused = (refusal: Refusal) => {
    const renamed = withFormPointers(refusal, (pointer) => FORM_POINTERS[pointer] ?? pointer)
    return showForm(reply, refusedForm(body, POLICY_FIELDS, renamed), policy)
  }
  if (scoped === undefined) return refused(fieldRefusal([{ pointer: '/whom', code: 'field.missing' }]))
  if (fieldErrors.length > 0) return refused(fieldRefusal(fieldErrors))
  const wanted = { name: policy?.name ?? values['name'] ?? '', ...scopeOf(scoped), ...version }
  const { refusal: invalid } = await answerOf(checkPolicy(ctx, { ...wanted, id: policy?.id }))
  if (invalid) return refused(invalid)
  if (typedText(body, 'confirmed') !== 'yes') return sendConfirmation(reply, { wanted, values, policy })
  const { answer, refusal } = await answerOf(
    policy === undefined
      ? createPolicy(ctx, wanted)
      : addPolicyVersion(ctx, policy.id, version, matchesForm(values['seen'] || undefined, policyTag)),
  )
  if (refusal) return refused(refusal)
  return redirectWithFlash(reply, policyPath(answer.id, `?done=${policy === undefined ? 'created' : 'changed'}`))
}

function scopeOf({ scope, scopeRef }: Pick<NamedPolicy, 'scope' | 'scopeRef'>) {
  return { scope, scopeRef }
}

function fieldRefusal(fieldErrors: Refusal['facts']['fieldErrors']): Refusal {
  return new Refusal('request.validation_failed', { fieldErrors: fieldErrors ?? [] })
}

const FORM_POINTERS: Readonly<Record<string, string>> = { '/scope_ref': '/whom', '/in_force_from': '/day' }

/** What the policy says last, from which a new version goes on: that begins after all that are planned. */
function latestTerms({ versions }: NamedPolicy): PolicyTerms | undefined {
  return versions.findLast(({ isEnd, cancelledAt }) => !isEnd && cancelledAt === null)?.terms
}

async function showForm(reply: FastifyReply, state: FormState, policy?: NamedPolicy): Promise<FastifyReply> {
  const reader = adminReader(reply)
  const { say } = reader
  const { ctx } = reply.request
  const { form } = say.policies
  return sendPage(reply, {
    title: [policy === undefined ? say.policies.new : form.changeTitle(withoutTurns(policy.name)), say.policies.title],
    heading: policy && withNames(form.changeTitle, policy.name),
    notice: formSummary(say, state, summaryFields(say)),
    refusal: state.refusal,
    body: html`${policy && html`<p class="lead">${form.changeLead}</p>`} ${await policyForm(ctx, reader, state, policy)}`,
    api: apiEquivalent(say, ctx.config, {
      method: 'POST',
      path: policy === undefined ? '/policies' : `/policies/${policy.id}/versions`,
      body: {
        ...(policy === undefined && { name: 'All users', scope: 'role', scope_ref: 'user' }),
        second_factor: 'required',
      },
      needsSession: true,
    }),
  })
}

async function policyForm(ctx: PlanDeps, reader: AdminReader, state: FormState, policy?: NamedPolicy): Promise<Html> {
  const { say, formToken, now, timeZone = null } = reader
  const { form, one } = say.policies
  const choices = policy === undefined ? await listScopeChoices(ctx) : undefined
  const terms = policy && latestTerms(policy)
  const suggested = suggestedDeadline(now, timeZone)
  const stored = { ...(terms && valuesOfTerms(terms)), start: 'now', day: suggested.day, time: suggested.time }
  const shown = { ...state, values: state === EMPTY_FORM ? stored : state.values }
  const leftOpen = await readTermsLeftOpen(ctx, policy)
  const parts = [
    {
      id: 'who',
      title: form.parts.who,
      hint: policy === undefined ? form.parts.whoHint : undefined,
      fields: html`${choices && newPolicyFields(reader, shown, choices)}
      ${policy && factList([[one.scope, name(scopeInWords(say, policy))]])} ${helpField(reader, shown)}`,
    },
    { id: 'step', title: form.secondFactor, hint: form.parts.stepHint, fields: factorFields(reader, shown) },
    { id: 'sessions', title: form.parts.sessions, hint: form.newLead, fields: spanFields(reader, shown, leftOpen) },
    {
      id: 'starts',
      title: form.start,
      fields: startFields(reader, shown, await suggestion(ctx, reader, { at: suggested.at, policy, terms })),
    },
  ]
  const buttons = buttonRow(
    submitButton(form.continue),
    linkButton(policy === undefined ? POLICIES_PATH : policyPath(policy.id), say.words.cancel),
  )
  return html`<form method="post" action="${policy === undefined ? NEW : policyPath(policy.id, '/change')}">
    ${formToken} ${policy && seenField(state, policyTag(policy))} ${partedForm(parts, buttons)}
  </form>`
}

interface Suggestion {
  readonly at: Instant
  readonly policy: NamedPolicy | undefined
  readonly terms: PolicyTerms | undefined
}

/** The deadline that is filled in, and who is not ready for it: for the last version of the policy, or for a second step of everyone. */
async function suggestion(ctx: PlanDeps, reader: AdminReader, { at, policy, terms }: Suggestion): Promise<Html> {
  const { form } = reader.say.policies
  const scoped = policy ?? ({ scope: 'everyone', scopeRef: null } as const)
  const asked = terms ?? ({ secondFactor: 'required', factors: null } as const)
  const plan = await proposedPlan(ctx, { policy: scoped, terms: asked, at })
  const count = countIn(await summarizePlan(ctx, plan))
  return html`${withMarkup(form.suggested, deadline(reader, at))}
  ${policy === undefined ? form.withoutStep(count) : form.notReady(count)}`
}

function summaryFields({ policies: { form } }: Texts): Record<string, SummaryField> {
  return {
    ...eachNamedDuration((term) => ({ id: TERM_NAMES[term], label: form[term] })),
    name: { id: 'name', label: form.name },
    whom: { id: 'whom', label: form.scope },
    second_factor: { id: 'second_factor', label: form.secondFactor },
    factors: { id: 'factors', label: form.factors },
    day: { id: 'day', label: form.day },
  }
}
