import type { FastifyReply, FastifyRequest } from 'fastify'

import type { ValuedAttribute } from '#domain/attributes/attribute-value.ts'
import type { PasswordPolicy } from '#domain/factors/password/password.ts'
import { passwordPolicy } from '#domain/policies/evaluation/password-policy.service.ts'
import { listedTimeZone } from '#domain/users/time-zone.ts'
import type { Refusal } from '#foundation/kernel/refusal.ts'
import { Secret } from '#foundation/kernel/secret.ts'
import { day } from '#foundation/texts/day-and-time.ts'
import { type Texts, texts } from '#foundation/texts/texts.ts'
import { checkButton, linkButton, primaryLink } from '#foundation/web/components/button.ts'
import { hiddenTimeZone, textField, TIME_ZONE_MODULE } from '#foundation/web/components/field.ts'
import { deadline } from '#foundation/web/components/moments.ts'
import { withNames } from '#foundation/web/components/person-name.ts'
import { type Html, html } from '#foundation/web/html.ts'
import type { App } from '#foundation/web/http/app.ts'
import { setAttemptCookie } from '#foundation/web/http/cookies.ts'
import { Type } from '#foundation/web/http/type.ts'
import {
  answerOf,
  type FormState,
  formSummary,
  readForm,
  refusedForm,
  soleError,
  typedText,
} from '#foundation/web/pages/form.ts'
import { localeOf, seeOther, sendPage } from '#foundation/web/pages/page.ts'
import { redirectRefused, shownForm } from '#foundation/web/pages/refused-form.ts'
import { sendRefusedLink } from '#foundation/web/pages/refused-link.ts'
import {
  attributeFields,
  attributeLinks,
  attributeNames,
  typedAttributes,
} from '#use-cases/page-sections/attribute-fields.pages.ts'
import {
  NEW_PASSWORD_ID,
  NEW_PASSWORD_MODULES,
  newPasswordField,
  sendStrength,
  strengthQuestion,
} from '#use-cases/page-sections/new-password.pages.ts'
import { acceptInvitation, type Invitation, readEndedInvitation, readInvitation } from './accept-invitation.service.ts'

const PasswordForm = Type.Object({ password: Type.String() })
const schema = { params: Type.Object({ token: Type.String({ maxLength: 200 }) }) }

const config = { access: 'anyone', page: true, undocumented: true } as const

/** The page of an invitation link. GET only shows it, so that mail scanners may open it; the enrolment consumes the link. */
export function invitationPages(app: App): void {
  app.get('/invitation/:token', { config, schema }, (request, reply) =>
    showInvitation(request, reply, shownForm(reply)),
  )

  app.post('/invitation/:token', { config, schema }, async (request, reply) => {
    const { ctx, body, params } = request
    const form = readForm(PasswordForm, body)
    const asked = await askedBehind(request)
    const kept = attributeNames(asked)
    if ('fieldErrors' in form) return showInvitation(request, reply, refusedForm(body, kept, form.fieldErrors))
    const [token, password] = [Secret.of(params.token), Secret.of(form.value.password)]
    const timeZone = listedTimeZone(typedText(body, 'time_zone'))
    const attributes = typedAttributes(asked, body, 'user')
    const { answer, refusal } = await answerOf(acceptInvitation(ctx, { token, password, timeZone, attributes }))
    if (refusal) return showInvitation(request, reply, refusedForm(body, kept, refusal))
    setAttemptCookie(reply, ctx.config, answer.attempt, answer.expiresAt - ctx.now)
    return seeOther(reply, '/enrolment')
  })

  app.post('/invitation/:token/strength', { config, schema, ...strengthQuestion }, async (request, reply) => {
    const { linkId, ...user } = await readInvitation(request.ctx, Secret.of(request.params.token))
    return sendStrength(request, reply, { user, policy: await passwordPolicy(request.ctx) }, linkId)
  })
}

type LinkRequest = Pick<FastifyRequest, 'ctx'> & { readonly params: { readonly token: string } }

/** What the invited user is asked; nothing behind a link that no longer works, which the page says. */
async function askedBehind({ ctx, params }: LinkRequest): Promise<readonly ValuedAttribute[]> {
  const { answer } = await answerOf(readInvitation(ctx, Secret.of(params.token)))
  return answer?.asked ?? []
}

async function showInvitation(request: LinkRequest, reply: FastifyReply, state: FormState): Promise<FastifyReply> {
  const redirect = redirectRefused(reply, state)
  if (redirect) return redirect
  const { ctx, params } = request
  const { answer, refusal } = await answerOf(readInvitation(ctx, Secret.of(params.token)))
  if (refusal) return refuseInvitation(request, reply, refusal)
  const say = texts(localeOf(reply))
  const { invitation } = say
  const { instanceName } = ctx.config
  return sendPage(reply, {
    title: invitation.shortTitle,
    heading: (answer.returning ? invitation.titleAgain : invitation.title)(instanceName),
    stepIndicator: { done: 0, of: 2 },
    notice: answer.asked.length > 0 ? summaryOf(say, state, answer.asked) : undefined,
    refusal: state.refusal,
    modules: [...NEW_PASSWORD_MODULES, TIME_ZONE_MODULE],
    body: html`<p class="lead">${madeBy(say, answer)} ${answer.hasPassword ? invitation.keep : invitation.choose}</p>
      <p class="small">
        ${invitation.until} ${deadline({ say, now: ctx.now, timeZone: answer.timeZone }, answer.expiresAt)}.
      </p>
      ${invitationForm(say, state, answer, await passwordPolicy(ctx))}`,
  })
}

/** The greeting on a line of its own, and the sentence about the inviter. Either name may be written from right to left, so each is isolated (Unicode bidi). */
function madeBy({ invitation }: Texts, { fullName, invitedBy, returning }: Invitation): Html {
  const words = returning ? invitation.sentBy : invitation.madeBy
  const sentence = (by = ''): string => words(invitedBy === null ? null : by)
  return html`${fullName !== null && html`${withNames(invitation.hello, fullName)}<br />`}
  ${withNames(sentence, invitedBy ?? '')}`
}

function summaryOf(say: Texts, state: FormState, asked: readonly ValuedAttribute[]): Html | undefined {
  const password = { id: NEW_PASSWORD_ID, label: say.fields.password }
  return formSummary(say, state, { ...attributeLinks(asked), password })
}

function invitationForm(say: Texts, state: FormState, { username, asked }: Invitation, length: PasswordPolicy): Html {
  const isAboutAnother =
    state.fieldErrors.length > 0 && state.fieldErrors.every(({ pointer }) => pointer !== '/password')
  return html`<form method="post">
    ${hiddenTimeZone()}
    ${textField({ id: 'username', label: say.fields.username, value: username, autocomplete: 'username', readonly: true })}
    ${newPasswordField(say, {
      name: 'password',
      label: say.fields.password,
      hint: say.hints.newPassword(length.minimum),
      error: isAboutAnother ? undefined : soleError(say, state, 'password'),
      length,
      autofocus: true,
    })}
    ${attributeFields(say, state, asked, { audience: 'user', isJoining: true })} ${checkButton(say, say.words.continue)}
  </form>`
}

/** Shows why an invitation link does not work and what to do instead. Throws every refusal that is not about the link. */
async function refuseInvitation(request: LinkRequest, reply: FastifyReply, refusal: Refusal): Promise<FastifyReply> {
  const say = texts(localeOf(reply))
  return sendRefusedLink(reply, refusal, {
    words: await wordsFor(say, request, refusal),
    purpose: say.invitation.shortTitle,
    instead: html`<p>${(refusal.code === 'link.used' ? primaryLink : linkButton)('/sign-in', say.signIn.title)}</p>`,
  })
}

async function wordsFor(say: Texts, { ctx, params }: LinkRequest, { code }: Refusal) {
  const { invitation } = say
  const words = {
    'link.used': [invitation.used, invitation.usedText],
    'link.unknown': [invitation.unknown, invitation.unknownText],
  } as const
  if (code !== 'link.expired' && code !== 'link.replaced') return words
  const ended = await readEndedInvitation(ctx, Secret.of(params.token))
  if (ended === undefined) return words
  const { invitedBy, replacedAt, expiredAt } = ended
  const sent = day({ say, timeZone: null }, replacedAt ?? ctx.now)
  const when = day({ say, timeZone: null }, expiredAt)
  const ask = (by = ''): string => invitation.expiredText(when, invitedBy === null ? null : by)
  return {
    ...words,
    'link.replaced': [invitation.replaced, invitation.replacedText(sent)],
    'link.expired': [invitation.expired, withNames(ask, invitedBy ?? '')],
  } as const
}
