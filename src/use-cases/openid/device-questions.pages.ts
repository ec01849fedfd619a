// What the pages for a device show: the field for its code, the question, and the end.
import type { FastifyReply, FastifyRequest } from 'fastify'

import type { Restriction } from '#domain/clients/app-access.ts'
import { shownUserCode } from '#domain/grants/device-code.ts'
import type { AuthenticationRequirement } from '#domain/sessions/reauthentication.ts'
import { FAMILY_LIFETIME } from '#foundation/kernel/stated-limits.ts'
import { spanInWords } from '#foundation/texts/spans.ts'
import { texts } from '#foundation/texts/texts.ts'
import {
  linkButton,
  longButtonRow,
  primaryLink,
  quietLink,
  secondaryButton,
  submitButton,
} from '#foundation/web/components/button.ts'
import { lineDrawing } from '#foundation/web/components/drawing.ts'
import { userCodeField } from '#foundation/web/components/field.ts'
import { exactEnd, moment } from '#foundation/web/components/moments.ts'
import { name as isolated, withNames } from '#foundation/web/components/person-name.ts'
import { noted, pieces } from '#foundation/web/components/section.ts'
import { banner, state as marked } from '#foundation/web/components/status.ts'
import { type Html, html } from '#foundation/web/html.ts'
import { signedIn } from '#foundation/web/http/access.ts'
import { formToken } from '#foundation/web/http/form-token.ts'
import { type FormState, soleError } from '#foundation/web/pages/form.ts'
import { localeOf, sendPage } from '#foundation/web/pages/page.ts'
import { whoIsSignedIn } from '#use-cases/page-sections/signed-in-user.pages.ts'
import { additionPath } from '#use-cases/page-sections/stronger-factor.pages.ts'
import { sendAppCard } from './app-card.pages.ts'
import { whatAppGets } from './app-gets.pages.ts'
import type { ConsentQuestion } from './consent-question.service.ts'
import { outlivesSession, readDeviceQuestion, type WaitingDevice } from './device.service.ts'
import { DEVICE_PATH } from './openid-path.ts'

export const CODE_FIELD = 'user_code'
/** The field with the revisions of the rows that the page shows. */
export const REVISION_FIELD = 'revision'

export function showCodeForm(request: FastifyRequest, reply: FastifyReply, state: FormState): FastifyReply {
  const say = texts(localeOf(reply))
  const { device: words } = say.openid
  return sendPage(reply, {
    title: words.title,
    frame: 'card',
    refusal: state.refusal,
    body: html`<p class="lead">${words.lead}</p>
      ${whoIsSignedIn(request, reply)}
      <form method="post" action="${DEVICE_PATH}" autocomplete="off">
        ${formToken(request)}
        ${userCodeField({
          id: CODE_FIELD,
          label: words.code,
          hint: words.codeHint,
          value: state.values[CODE_FIELD],
          error: soleError(say, state, CODE_FIELD),
          autofocus: true,
        })}
        ${submitButton(words.continue)}
      </form>`,
  })
}

/** Asks whether the device may sign in: which app, from where and since when, what it gets and for how long. */
export async function askToAllow(
  request: FastifyRequest,
  reply: FastifyReply,
  device: WaitingDevice,
  isAgain: boolean,
): Promise<FastifyReply> {
  const { device: words } = texts(localeOf(reply)).openid
  const { client } = device
  const ctx = signedIn(request.ctx)
  const question = await readDeviceQuestion(ctx, device)
  return sendAppCard(request, reply, client, {
    title: words.question,
    shownOnce: true,
    notice: isAgain ? banner('warn', words.changed) : undefined,
    body: html`${whoIsSignedIn(request, reply)} ${factsOf(request, reply, device)} ${banner('warn', words.warning)}
    ${whatAppGets(request, reply, { client, question, stays: stayInWords(request, reply, device, question) })}
    ${longButtonRow(
      answerForm(
        request,
        device,
        'allow',
        isOfThisNetwork(request, device) ? submitButton(words.allow) : secondaryButton(words.allow),
      ),
      answerForm(request, device, 'deny', secondaryButton(words.deny)),
    )}`,
  })
}

/** Only then is to allow the main action. */
function isOfThisNetwork({ ctx }: FastifyRequest, { request }: WaitingDevice): boolean {
  return request.from.network === signedIn(ctx).principal.source.network
}

function answerForm(
  request: FastifyRequest,
  { userCode, requested }: WaitingDevice,
  word: 'allow' | 'deny',
  button: Html,
): Html {
  return html`<form method="post" action="${DEVICE_PATH}/${word}">
    ${formToken(request)}
    <input type="hidden" name="${CODE_FIELD}" value="${userCode}" />
    <input type="hidden" name="${REVISION_FIELD}" value="${requested.revision}" />
    ${button}
  </form>`
}

function factsOf(request: FastifyRequest, reply: FastifyReply, device: WaitingDevice): Html {
  const { ctx } = request
  const { code, userCode } = device
  const say = texts(localeOf(reply))
  const { device: words } = say.openid
  const { principal } = signedIn(ctx)
  const reader = { say, now: ctx.now, timeZone: principal.user.timeZone }
  const { ipAddress } = device.request.from
  const isSame = isOfThisNetwork(request, device)
  return noted([
    html`<p class="agent-host">
      <span class="small">${words.shown}</span> <bdi><code>${shownUserCode(userCode)}</code></bdi>
    </p>`,
    marked(isSame ? 'ok' : 'warn', isSame ? words.sameNetwork : words.otherNetwork),
    html`<div class="small">
      ${pieces([html`${words.asked} ${moment(reader, code.createdAt)}`, isolated(ipAddress)])}
    </div>`,
  ])
}

function stayInWords(
  { ctx }: FastifyRequest,
  reply: FastifyReply,
  { client }: WaitingDevice,
  { items }: ConsentQuestion,
): string {
  const say = texts(localeOf(reply))
  const { device: words } = say.openid
  const { session, terms, user } = signedIn(ctx).principal
  const reader = { say, now: ctx.now, timeZone: user.timeZone }
  if (!client.refreshTokens) return words.staysBriefly(spanInWords(say.language, ctx.config.accessTokenLifetime))
  if (outlivesSession(items)) return words.staysOffline(exactEnd(reader, session.authenticatedAt + FAMILY_LIFETIME))
  return words.staysInSession(exactEnd(reader, session.startedAt + terms.absolute))
}

/** Says that the device is signed in, or is not. */
export function showOutcome(reply: FastifyReply, { client }: WaitingDevice, word: 'allow' | 'deny'): FastifyReply {
  const { openid, rollout, error } = texts(localeOf(reply))
  const { device: words } = openid
  const [title, text] = word === 'allow' ? [words.allowed, words.allowedText] : [words.denied, words.deniedText]
  return sendPage(reply, {
    title,
    frame: 'card',
    above: lineDrawing(word === 'allow' ? 'tick' : 'bolted'),
    shownOnce: true,
    body: html`<p class="lead">${withNames(text, client.name)}</p>
      ${word === 'deny' && longButtonRow(linkButton('/account/security', rollout.noticeAction), linkButton('/', error.home))}`,
  })
}

/** Says that the user may not use the app, and by what it is restricted, without the names of the roles and groups that may use it. */
export function showRestrictedOnDevice(
  request: FastifyRequest,
  reply: FastifyReply,
  { client }: WaitingDevice,
  restriction: Restriction,
): FastifyReply {
  const { openid, error } = texts(localeOf(reply))
  const { restricted, notYou } = openid
  return sendPage(reply, {
    title: restricted.title(client.name),
    heading: withNames(restricted.title, client.name),
    frame: 'card',
    above: lineDrawing('bolted'),
    status: 403,
    shownOnce: true,
    body: html`<p class="lead">${withNames(restricted.leads[restriction], client.name)}</p>
      <p>${restricted.ask}</p>
      ${whoIsSignedIn(request, reply, quietLink('/sign-out', notYou))} ${longButtonRow(linkButton('/', error.home))}`,
  })
}

/** Says which protection the app asks for, and how to add it. */
export async function showUnmetOnDevice(
  request: FastifyRequest,
  reply: FastifyReply,
  { client }: WaitingDevice,
  { least = 'two-factors' }: AuthenticationRequirement,
): Promise<FastifyReply> {
  const { openid, error } = texts(localeOf(reply))
  const { device, unmet } = openid
  const path = await additionPath(request, least)
  const home = linkButton('/', error.home)
  return sendAppCard(request, reply, client, {
    title: unmet.title,
    status: 403,
    shownOnce: true,
    body: html`<p class="lead">${withNames((name) => unmet.lead(name, least), client.name)}</p>
      <p>${path === undefined ? unmet.notAllowed : device.addThen}</p>
      ${path === undefined ? longButtonRow(home) : longButtonRow(primaryLink(path, unmet.add(least)), home)}`,
  })
}
