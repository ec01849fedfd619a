import type { FastifyReply, FastifyRequest } from 'fastify'

import { describeAttempt } from '#domain/attempts/attempt.service.ts'
import { actingAdminExists } from '#domain/users/acting-admins.service.ts'
import { Refusal } from '#foundation/kernel/refusal.ts'
import { commandOnPage } from '#foundation/platform/program-name.ts'
import { waitInWords } from '#foundation/texts/spans.ts'
import { type Texts, texts } from '#foundation/texts/texts.ts'
import { submitButton } from '#foundation/web/components/button.ts'
import { commandBox } from '#foundation/web/components/copy.ts'
import { textField } from '#foundation/web/components/field.ts'
import { banner } from '#foundation/web/components/status.ts'
import { type Html, html } from '#foundation/web/html.ts'
import type { App } from '#foundation/web/http/app.ts'
import { readAttemptCookie } from '#foundation/web/http/cookies.ts'
import { becauseOf } from '#foundation/web/http/redirect.ts'
import { Type } from '#foundation/web/http/type.ts'
import { answerOf, type FormState, readForm, refusedForm, soleError } from '#foundation/web/pages/form.ts'
import { localeOf, seeOther, sendPage } from '#foundation/web/pages/page.ts'
import { redirectRefused, shownForm } from '#foundation/web/pages/refused-form.ts'

const SetupCodeForm = Type.Object({ setup_token: Type.String() })

/** The token of a link, alone or at the end of a pasted URL. */
const TOKEN = /(?:^|\/)(dwl_[A-Za-z0-9_-]{43})\/?$/

const config = { access: 'anyone', page: true, undocumented: true } as const

/** Set-up without a link: a field for the code that the server printed. Answers 404 once an admin can act. */
export function setupCodePages(app: App): void {
  app.get('/setup', { config }, async (request, reply) => {
    if (await actingAdminExists(request.ctx)) throw new Refusal('request.not_found')
    return showSetupCode(request, reply, shownForm(reply))
  })

  app.post('/setup', { config }, async (request, reply) => {
    const { body } = request
    const form = readForm(SetupCodeForm, body)
    if ('fieldErrors' in form) return showSetupCode(request, reply, refusedForm(body, [], form.fieldErrors))
    const token = TOKEN.exec(form.value.setup_token.trim())?.[1]
    if (token !== undefined) return seeOther(reply, `/setup/${token}`)
    return showSetupCode(request, reply, refusedForm(body, [], new Refusal('link.unknown')))
  })
}

/** The field for a setup code, and how to make a new one; `link` says why the opened link does not work. */
export async function showSetupCode(
  request: FastifyRequest,
  reply: FastifyReply,
  state: FormState,
  link?: Refusal,
): Promise<FastifyReply> {
  const redirect = redirectRefused(reply, state)
  if (redirect) return redirect
  const say = texts(localeOf(reply))
  const { setup } = say
  const refusal = state.refusal ?? link
  const { heading, lead } = wordsFor(say, request, link)
  const isLate = becauseOf(request.query) === 'ended'
  return sendPage(reply, {
    title: refusal === link ? heading : setup.codeTitle,
    heading,
    notice: (await resumeBanner(request, say)) ?? (isLate ? banner('info', setup.tookTooLong) : undefined),
    refusal,
    body: html`<p class="lead">${lead}</p>
      <p>${commandBox(commandOnPage(request.ctx.config, 'setup-link'))}</p>
      ${codeForm(say, state)}`,
  })
}

function wordsFor({ setup, language }: Texts, { ctx }: FastifyRequest, link: Refusal | undefined) {
  if (link === undefined) return { heading: setup.codeTitle, lead: setup.codeLead }
  if (link.code !== 'link.expired') return { heading: setup.refused, lead: setup.another }
  const lifetime = waitInWords(language, ctx.config.setupLinkLifetime / 1000) ?? ''
  return { heading: setup.expired, lead: setup.expiredText(lifetime) }
}

function codeForm(say: Texts, state: FormState): Html {
  return html`<form method="post" action="/setup">
    ${textField({
      id: 'setup_token',
      label: say.fields.setupCode,
      hint: say.hints.setupCode,
      error: state.refusal?.code === 'link.unknown' ? say.setup.codeUnknown : soleError(say, state, 'setup_token'),
      autocomplete: 'off',
      required: true,
      autofocus: true,
    })}
    ${submitButton(say.setup.open)}
  </form>`
}

/** A link to the enrolment for a browser that has finished the first step of the set-up; undefined for any other. */
async function resumeBanner(request: FastifyRequest, { setup }: Texts): Promise<Html | undefined> {
  if (!(await isPastFirstStep(request))) return undefined
  return banner('info', html`${setup.resume} <a href="/enrolment">${setup.resumeLink}</a>`)
}

/** Whether the attempt in the cookie is a set-up, so that name and password of the first admin are chosen already. */
export async function isPastFirstStep(request: FastifyRequest): Promise<boolean> {
  const attempt = readAttemptCookie(request)
  if (attempt === undefined) return false
  const { answer } = await answerOf(describeAttempt(request.ctx, attempt))
  return answer?.purpose === 'set-up'
}
