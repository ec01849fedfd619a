import type { FastifyReply } from 'fastify'

import type { WaitingRegistration } from '../../../domain/registrations/registration.ts'
import { readWaiting } from '../../../domain/registrations/registration.service.ts'
import { withoutTurns } from '../../../foundation/kernel/given-name.ts'
import type { Refusal } from '../../../foundation/kernel/refusal.ts'
import { apiEquivalent } from '../../../foundation/web/components/api-equivalent.ts'
import { confirmDangerButton, linkButton, submitButton } from '../../../foundation/web/components/button.ts'
import { textField } from '../../../foundation/web/components/field.ts'
import { moment } from '../../../foundation/web/components/moments.ts'
import { name, withNames } from '../../../foundation/web/components/person-name.ts'
import { factList, section } from '../../../foundation/web/components/section.ts'
import { html } from '../../../foundation/web/html.ts'
import type { Html } from '../../../foundation/web/html.ts'
import type { App } from '../../../foundation/web/http/app.ts'
import {
  answerOf,
  EMPTY_FORM,
  formSummary,
  refusedForm,
  soleError,
  typedText,
} from '../../../foundation/web/pages/form.ts'
import type { FormState } from '../../../foundation/web/pages/form.ts'
import { redirectWithFlash, sendPage } from '../../../foundation/web/pages/page.ts'
import { adminReader } from '../access/user-reader.pages.ts'
import type { AdminReader } from '../access/user-reader.pages.ts'
import { approveRegistration, declineRegistration } from './registrations.service.ts'
import { REGISTRATIONS_PATH } from './registrations.pages.ts'
import { RegistrationParameters } from './registrations.schema.ts'

const PATH = `${REGISTRATIONS_PATH}/:id`
const config = { access: 'users:write', page: true, undocumented: true } as const
const schema = { params: RegistrationParameters }

/** The page of one registration that waits, with the two decisions. */
export function registrationDecisionPages(app: App): void {
  app.get(PATH, { config, schema }, ({ params }, reply) => showDecision(reply, params.id, EMPTY_FORM))

  app.post(`${PATH}/approve`, { config, schema }, async ({ ctx, params, body }, reply) => {
    const { refusal } = await answerOf(approveRegistration(ctx, params.id))
    return afterDecision(reply, { id: params.id, body, refusal, done: 'approved' })
  })

  app.post(`${PATH}/decline`, { config, schema }, async ({ ctx, params, body }, reply) => {
    const { refusal } = await answerOf(declineRegistration(ctx, { id: params.id, reason: typedText(body, 'reason') }))
    return afterDecision(reply, { id: params.id, body, refusal, done: 'declined' })
  })
}

interface Decided {
  readonly id: string
  readonly body: unknown
  readonly refusal: Refusal | undefined
  readonly done: 'approved' | 'declined'
}

/** Leads back to the queue, also after a decision that another admin, or a second click, has made first. */
function afterDecision(
  reply: FastifyReply,
  { id, body, refusal, done }: Decided,
): FastifyReply | Promise<FastifyReply> {
  if (refusal === undefined) return redirectWithFlash(reply, `${REGISTRATIONS_PATH}?done=${done}`)
  if (refusal.code === 'registration.not_found') return redirectWithFlash(reply, `${REGISTRATIONS_PATH}?done=decided`)
  return showDecision(reply, id, refusedForm(body, ['reason'], refusal))
}

async function showDecision(reply: FastifyReply, id: string, state: FormState): Promise<FastifyReply> {
  const registration = await readWaiting(reply.request.ctx, id)
  const reader = adminReader(reply)
  const { say, config: settings } = reader
  const { registrations: words } = say
  const path = `/registrations/${encodeURIComponent(id)}`
  return sendPage(reply, {
    title: [words.one(withoutTurns(registration.username)), words.title],
    heading: withNames(words.one, registration.username),
    frame: 'admin',
    notice: formSummary(say, state, { reason: 'reason' }),
    refusal: state.refusal,
    failed: state.refusal !== undefined,
    api: apiEquivalent(say, settings, { method: 'POST', path: `${path}/approve` }),
    body: html`${factsOf(reader, registration)} ${approveSection(reader, id)} ${declineSection(reader, id, state)}
      <p>${linkButton(REGISTRATIONS_PATH, words.back)}</p>`,
  })
}

function factsOf(
  reader: AdminReader,
  { username, email, fullName, submittedAt, expiresAt }: WaitingRegistration,
): Html {
  const { registrations: words } = reader.say
  return factList([
    [words.username, name(username)],
    ...(fullName === null ? [] : [[words.fullName, name(fullName)] as const]),
    [words.email, email],
    [words.submitted, moment(reader, submittedAt)],
    [words.expires, moment(reader, expiresAt)],
  ])
}

function approveSection({ say, formToken }: AdminReader, id: string): Html {
  const { registrations: words } = say
  return section({
    id: 'approve',
    title: words.approveTitle,
    lead: words.approveLead,
    body: html`<form method="post" action="${REGISTRATIONS_PATH}/${encodeURIComponent(id)}/approve">
      ${formToken} ${submitButton(words.approve)}
    </form>`,
  })
}

function declineSection({ say, formToken }: AdminReader, id: string, state: FormState): Html {
  const { registrations: words } = say
  return section({
    id: 'decline',
    title: words.declineTitle,
    lead: words.declineLead,
    tone: 'danger',
    body: html`<form method="post" action="${REGISTRATIONS_PATH}/${encodeURIComponent(id)}/decline">
      ${formToken}
      ${textField({
        id: 'reason',
        label: words.reason,
        value: state.values['reason'],
        error: state.fieldErrors.length > 0 ? soleError(say, state, 'reason') : undefined,
        autocomplete: 'off',
        required: true,
        autofocus: state.refusal !== undefined,
      })}
      ${confirmDangerButton(words.decline)}
    </form>`,
  })
}
