// The page of one registration that waits, and the page that asks why it is declined.
import type { FastifyReply } from 'fastify'

import { listAttributes } from '#domain/attributes/attribute.service.ts'
import type { Attribute } from '#domain/attributes/attribute.ts'
import { GROUP_SEPARATOR } from '#domain/groups/group.ts'
import { registrationGroups } from '#domain/registrations/registration-groups.service.ts'
import { readWaiting } from '#domain/registrations/registration.service.ts'
import type { WaitingRegistration } from '#domain/registrations/registration.ts'
import { withoutTurns } from '#foundation/kernel/given-name.ts'
import type { Refusal } from '#foundation/kernel/refusal.ts'
import { apiEquivalent } from '#foundation/web/components/api-equivalent.ts'
import {
  buttonRow,
  confirmDangerButton,
  dangerLink,
  linkButton,
  submitButton,
} from '#foundation/web/components/button.ts'
import { PICK_MODULE } from '#foundation/web/components/choice.ts'
import { textField } from '#foundation/web/components/field.ts'
import { deadline, moment } from '#foundation/web/components/moments.ts'
import { name, withNames } from '#foundation/web/components/person-name.ts'
import { factList, panel } from '#foundation/web/components/section.ts'
import { type Html, html } from '#foundation/web/html.ts'
import type { App } from '#foundation/web/http/app.ts'
import { fieldIn } from '#foundation/web/http/redirect.ts'
import {
  answerOf,
  EMPTY_FORM,
  type FormState,
  formSummary,
  refusedForm,
  soleError,
  typedText,
} from '#foundation/web/pages/form.ts'
import { redirectWithFlash, sendPage } from '#foundation/web/pages/page.ts'
import { shownValue } from '#use-cases/page-sections/attribute-fields.pages.ts'
import { type AdminReader, adminReader } from '../access/user-reader.pages.ts'
import { chosenGroups, joinedGroupsField, withChosenGroups } from '../groups/groups-field.pages.ts'
import { offeredGroups } from '../groups/offered-groups.service.ts'
import { REGISTRATIONS_PATH } from './registrations.pages.ts'
import { RegistrationParameters } from './registrations.schema.ts'
import { approveRegistration, declineRegistration } from './registrations.service.ts'

const PATH = `${REGISTRATIONS_PATH}/:id`
const config = { access: 'users:write', page: true, undocumented: true } as const
const schema = { params: RegistrationParameters }

export function registrationDecisionPages(app: App): void {
  app.get(PATH, { config, schema }, ({ params }, reply) => showDecision(reply, params.id, EMPTY_FORM))

  app.post(`${PATH}/approve`, { config, schema }, async ({ ctx, params, body }, reply) => {
    // The form has the field for those who may change groups.
    const groups = typeof fieldIn(body, 'groups') === 'string' ? chosenGroups(body, 'groups') : undefined
    const { refusal } = await answerOf(approveRegistration(ctx, params.id, { groups }))
    if (refusal === undefined || isDecided(refusal)) return backToQueue(reply, refusal, 'approved')
    return showDecision(reply, params.id, refusedForm(withChosenGroups(body, 'groups'), ['groups'], refusal))
  })

  app.get(`${PATH}/decline`, { config, schema }, ({ params }, reply) => askWhy(reply, params.id, EMPTY_FORM))

  app.post(`${PATH}/decline`, { config, schema }, async ({ ctx, params, body }, reply) => {
    const { refusal } = await answerOf(declineRegistration(ctx, { id: params.id, reason: typedText(body, 'reason') }))
    if (refusal === undefined || isDecided(refusal)) return backToQueue(reply, refusal, 'declined')
    return askWhy(reply, params.id, refusedForm(body, ['reason'], refusal))
  })
}

/** Whether another admin, or a second click, has decided first. */
function isDecided({ code }: Refusal): boolean {
  return code === 'registration.not_found'
}

function backToQueue(reply: FastifyReply, refusal: Refusal | undefined, done: 'approved' | 'declined'): FastifyReply {
  return redirectWithFlash(reply, `${REGISTRATIONS_PATH}?done=${refusal === undefined ? done : 'decided'}`)
}

function pathTo(id: string, below = ''): string {
  return `${REGISTRATIONS_PATH}/${encodeURIComponent(id)}${below}`
}

async function showDecision(reply: FastifyReply, id: string, state: FormState): Promise<FastifyReply> {
  const registration = await readWaiting(reply.request.ctx, id)
  const attributes = await listAttributes(reply.request.ctx)
  const { found } = await registrationGroups(reply.request.ctx)
  const names = found.map((group) => group.name)
  const reader = adminReader(reply)
  const { say, config: settings, formToken } = reader
  const { registrations: words } = say
  const offered = reader.permissions.includes('groups:write') ? await offeredGroups(reply.request.ctx) : []
  return sendPage(reply, {
    title: [words.one(withoutTurns(registration.username)), words.title],
    heading: withNames(words.one, registration.username),
    up: { href: REGISTRATIONS_PATH, label: words.title },
    notice: formSummary(say, state, { groups: 'groups' }),
    refusal: state.refusal,
    modules: [PICK_MODULE],
    api: apiEquivalent(say, settings, { method: 'POST', path: `/registrations/${encodeURIComponent(id)}/approve` }),
    body: html`<p class="lead">${words.approveLead}</p>
      ${panel(
        html`${factsOf(reader, registration, { declared: attributes, groups: names })}
          <form method="post" action="${pathTo(id, '/approve')}">
            ${formToken} ${joinedGroupsField(say, withGroups(state, names), offered)}
            ${buttonRow(submitButton(words.approve), dangerLink(pathTo(id, '/decline'), words.decline))}
          </form>`,
      )}`,
  })
}

/** The names of the setting, until others were typed. */
function withGroups({ values, ...state }: FormState, names: readonly string[]): FormState {
  return { ...state, values: { groups: names.join(`${GROUP_SEPARATOR} `), ...values } }
}

async function askWhy(reply: FastifyReply, id: string, state: FormState): Promise<FastifyReply> {
  const { username } = await readWaiting(reply.request.ctx, id)
  const { say, config: settings, formToken } = adminReader(reply)
  const { registrations: words } = say
  return sendPage(reply, {
    title: [words.declineTitle(withoutTurns(username)), words.title],
    heading: withNames(words.declineTitle, username),
    refusal: state.refusal,
    api: apiEquivalent(say, settings, {
      method: 'POST',
      path: `/registrations/${encodeURIComponent(id)}/decline`,
      body: { reason: '…' },
    }),
    body: panel(
      html`<p class="lead">${words.declineLead}</p>
        <form method="post" action="${pathTo(id, '/decline')}">
          ${formToken}
          ${textField({
            id: 'reason',
            label: words.reason,
            value: state.values['reason'],
            error: soleError(say, state, 'reason'),
            autocomplete: 'off',
            required: true,
            autofocus: true,
          })}
          ${buttonRow(confirmDangerButton(words.decline), linkButton(pathTo(id), words.cancel))}
        </form>`,
    ),
  })
}

function factsOf(
  reader: AdminReader,
  { username, email, fullName, attributes: answers, submittedAt, expiresAt }: WaitingRegistration,
  { declared, groups }: { readonly declared: readonly Attribute[]; readonly groups: readonly string[] },
): Html {
  const { registrations: words, groups: groupWords } = reader.say
  // Who may change them sees them in the form.
  const isFact = groups.length > 0 && !reader.permissions.includes('groups:write')
  const answered = declared.filter(({ key }) => Object.hasOwn(answers, key))
  return factList([
    [words.username, name(username)],
    ...(fullName === null ? [] : [[words.fullName, name(fullName)] as const]),
    [words.email, email],
    ...answered.map(({ key, label }) => [label, shownValue(reader.say, answers[key] ?? null)] as const),
    ...(isFact ? [[groupWords.ofUser.title, groups.join(', ')] as const] : []),
    [words.submitted, moment(reader, submittedAt)],
    [words.expires, deadline(reader, expiresAt)],
  ])
}
