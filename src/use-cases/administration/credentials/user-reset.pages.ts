import type { FastifyReply } from 'fastify'

import { type User, waitsForInvitation } from '#domain/users/user.ts'
import { Refusal } from '#foundation/kernel/refusal.ts'
import { refusalSentence } from '#foundation/texts/texts.ts'
import { apiEquivalent } from '#foundation/web/components/api-equivalent.ts'
import { confirmDangerButton, linkButton } from '#foundation/web/components/button.ts'
import { checkbox } from '#foundation/web/components/choice.ts'
import { textField } from '#foundation/web/components/field.ts'
import { deadline } from '#foundation/web/components/moments.ts'
import { withNames } from '#foundation/web/components/person-name.ts'
import { type Html, html } from '#foundation/web/html.ts'
import { signedIn } from '#foundation/web/http/access.ts'
import type { App } from '#foundation/web/http/app.ts'
import { SubmitDeduplicator } from '#foundation/web/http/submit-deduplicator.ts'
import { Type } from '#foundation/web/http/type.ts'
import {
  answerOf,
  EMPTY_FORM,
  errorOf,
  type FormState,
  formSummary,
  type Outcome,
  readForm,
  refusedForm,
  withLabels,
} from '#foundation/web/pages/form.ts'
import { redirectWithFlash, sendPage } from '#foundation/web/pages/page.ts'
import { enrolmentLinkUrl } from '#use-cases/enrolment/enrolment-link.ts'
import { readUser, sealTargetSecret, type UserRef } from '../access/access.service.ts'
import { userQuestion } from '../access/question.pages.ts'
import { questionAbout } from '../access/second-admin.pages.ts'
import { mayDo, refIn, UserPageParameters, userPath, type UserReader, userReader } from '../access/user-reader.pages.ts'
import { CARD_MODULES, invitationCard, linkField } from '../invitations/invitation.pages.ts'
import { countsOf, type CredentialsSummary, summarizeCredentials } from './credentials-summary.service.ts'
import { resetSecondFactor, type SecondFactorReset } from './credentials.service.ts'
import type { EnrolmentLink } from './enrolment-link.service.ts'

const ResetForm = Type.Object({
  reason: Type.String({ maxLength: 500 }),
  reset_password: Type.Optional(Type.String()),
})

const KEPT = Object.keys(ResetForm.properties)
const IDS = { reason: 'reason', reset_password: 'reset_password' }

const config = {
  access: 'users:help',
  or: 'users:reset-factors',
  authentication: 'recent',
  page: true,
  undocumented: true,
} as const
const schema = { params: UserPageParameters }

/** Resets a user's second factor, for example after a lost phone. The page lists exactly what is removed and asks for the reason. */
export function userResetPages(app: App): void {
  // A repeated submission would create a second invitation and revoke the first, whichever of them the browser then shows.
  const submissions = new SubmitDeduplicator<Outcome<SecondFactorReset>>(({ refusal }) => refusal === undefined)

  app.get('/admin/users/:id/reset-second-step', { config, schema }, ({ params }, reply) =>
    askToReset(reply, refIn(params), EMPTY_FORM),
  )

  app.post('/admin/users/:id/reset-second-step', { config, schema }, async ({ ctx, params, body }, reply) => {
    const ref = refIn(params)
    const form = readForm(ResetForm, withoutBlanks(body))
    if ('fieldErrors' in form) return askToReset(reply, ref, refusedForm(body, KEPT, form.fieldErrors))
    const { reason, reset_password: resetPassword } = form.value
    const wish = { reason, resetPassword: resetPassword !== undefined }
    const submission = {
      browser: signedIn(ctx).principal.session.id,
      body,
      typed: [JSON.stringify({ ...ref, ...wish })],
    }
    const { answer, refusal } = await submissions.answer(submission, ctx.now, () =>
      answerOf(resetSecondFactor(ctx, ref, wish)),
    )
    if (refusal) return askToReset(reply, ref, refusedForm(body, KEPT, refusal))
    return showReset(reply, answer)
  })
}

/** A reason of blanks only counts as missing. */
function withoutBlanks(body: unknown): unknown {
  if (typeof body !== 'object' || body === null || !('reason' in body)) return body
  return { ...body, reason: typeof body.reason === 'string' ? body.reason.trim() : body.reason }
}

async function askToReset(reply: FastifyReply, ref: UserRef, state: FormState): Promise<FastifyReply> {
  const { ctx } = reply.request
  // The TOTP secret of an externally inserted row is sealed first, so that the page counts it.
  await sealTargetSecret(ctx, ref)
  const user = await readUser(ctx, ref)
  const reader = userReader(reply, user)
  if (waitsForInvitation(user)) return showNotJoined(reply, reader)
  const credentials = await summarizeCredentials(ctx, user)
  const { say, config: settings, name, uniqueName } = reader
  const { reset } = say.user
  const asked = questionAbout(reader, reset)
  const api = { reason: reset.apiReason, reset_password: false }
  return sendPage(reply, {
    title: [reset.title, name, say.users.title],
    heading: withNames(asked.question, uniqueName),
    notice: formSummary(say, state, withLabels({ [IDS.reason]: reset.reason, [IDS.reset_password]: reset.password })),
    refusal: state.refusal,
    body: userQuestion(reader, {
      takesEffect: asked.takesEffect,
      facts: [lossText(reader, credentials), reset.after],
      warning: withNames(reset.check, name),
      form: resetForm(reader, state, asked.submit),
    }),
    api: apiEquivalent(say, settings, {
      method: 'POST',
      path: `/users/${user.id}/reset-second-factor`,
      body: api,
      needsSession: true,
    }),
  })
}

/** Instead of the form: what helps a user who has not joined, as far as the reader may do it. */
function showNotJoined(reply: FastifyReply, reader: UserReader): FastifyReply {
  const { say, user, uniqueName } = reader
  const { reset } = say.user
  const again = mayDo(reader, 'users:write')
    ? linkButton(userPath(user, '/invitation'), say.users.again.submit)
    : reader.permissions.includes('users:help') && linkButton(userPath(user, '/help'), say.user.help.title)
  const refusal = new Refusal('user.not_joined')
  return sendPage(reply, {
    title: [reset.title, reader.name, say.users.title],
    heading: withNames(reset.question, uniqueName),
    up: { href: userPath(user), label: reader.name },
    refusal,
    body: html`<p class="lead">${refusalSentence(say, refusal)}</p>
      ${again && html`<p>${again}</p>`}`,
  })
}

function lossText({ say, name }: UserReader, credentials: CredentialsSummary): Html {
  const { reset } = say.user
  const { factors, sessions, tokens } = credentials
  const sentence = (user = ''): string => reset.removes(user, { ...countsOf(factors), sessions: sessions.length })
  return html`<span id="loss">${withNames(sentence, name)} ${tokens.length > 0 && reset.tokens(tokens.length)}</span>`
}

function resetForm(reader: UserReader, state: FormState, submit: string): Html {
  const { say, formToken, user } = reader
  const { reset } = say.user
  return html`<form method="post" action="${userPath(user, '/reset-second-step')}">
    ${formToken}
    ${textField({
      id: IDS.reason,
      label: reset.reason,
      hint: reset.reasonHint,
      value: state.values['reason'],
      error: errorOf(say, state, 'reason'),
      autocomplete: 'off',
      required: true,
    })}
    ${
      mayDo(reader, 'users:write') &&
      checkbox({
        id: IDS.reset_password,
        label: reset.password,
        hint: user.hashedPassword === null ? `${reset.noPassword} ${reset.passwordHint}` : reset.passwordHint,
        checked: state.values['reset_password'] !== undefined,
      })
    }
    <div class="actions">${confirmDangerButton(submit)} ${linkButton(userPath(user), reset.cancel)}</div>
  </form>`
}

/** Shows the link once: an invitation where the password was reset too, else the one that asks for the password. */
function showReset(reply: FastifyReply, { user, invitation, enrolment }: SecondFactorReset): FastifyReply {
  if (enrolment !== null) return showEnrolmentCard(reply, user, enrolment)
  if (invitation === null) {
    return redirectWithFlash(reply, userPath(user, `?done=${user.hashedPassword === null ? 'reset-alone' : 'reset'}`))
  }
  const reader = userReader(reply, user)
  const { say, name } = reader
  const { reset } = say.user
  return sendPage(reply, {
    title: [reset.done, name, say.users.title],
    up: { href: userPath(user), label: name },
    modules: CARD_MODULES,
    body: html`<p class="lead">${withNames(reset.doneLead, name)}</p>
      ${invitationCard(reader, { user, invitation, afterReset: true })}`,
  })
}

/** Shows an enrolment link, as the answer to the form that made it: nowhere else is it stored. */
export function showEnrolmentCard(reply: FastifyReply, user: User, link: EnrolmentLink): FastifyReply {
  const reader = userReader(reply, user)
  const { say, name, config: settings } = reader
  const { reset } = say.user
  return sendPage(reply, {
    title: [reset.done, name, say.users.title],
    up: { href: userPath(user), label: name },
    modules: CARD_MODULES,
    body: html`<p class="lead">${withNames(reset.linkLead, name)}</p>
      ${linkField(say, 'enrolment-link', enrolmentLinkUrl(settings, link.token))}
      <p>
        ${say.users.card.until} <strong>${deadline(reader, link.expiresAt)}</strong>. ${say.users.card.shownOnce}
        ${link.mailed && withNames(reset.mailed, name)}
      </p>`,
  })
}
