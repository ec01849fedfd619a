import type { FastifyReply, FastifyRequest } from 'fastify'

import { listTotp, type PendingTotp } from '#domain/factors/totp/totp.service.ts'
import { withoutTurns } from '#foundation/kernel/given-name.ts'
import { type Texts, texts } from '#foundation/texts/texts.ts'
import { apiEquivalent } from '#foundation/web/components/api-equivalent.ts'
import { checkButton, buttonRow, linkButton } from '#foundation/web/components/button.ts'
import { refusalWords } from '#foundation/web/components/error-summary.ts'
import { codeField, textField } from '#foundation/web/components/field.ts'
import { withNames } from '#foundation/web/components/person-name.ts'
import { banner } from '#foundation/web/components/status.ts'
import { type Html, html } from '#foundation/web/html.ts'
import { signedIn } from '#foundation/web/http/access.ts'
import type { App } from '#foundation/web/http/app.ts'
import { formToken } from '#foundation/web/http/form-token.ts'
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
} from '#foundation/web/pages/form.ts'
import { localeOf, redirectWithFlash, seeOther, sendPage } from '#foundation/web/pages/page.ts'
import { setupKeyPart } from '#use-cases/page-sections/setup-key.pages.ts'
import { lossBanner } from '../own-account/loss.pages.ts'
import { othersMayStay, reissueCookies, SIGN_OUT_OTHERS, signOutOthersField } from '../own-account/own-account.pages.ts'
import { showNewCodes } from '../recovery-codes/recovery-codes.pages.ts'
import { appName, NEW_APP, replacementPath } from './own-apps.pages.ts'
import { AppName, AppParameters } from './own-apps.schema.ts'
import { type ConfirmedApp, confirmOwnTotp, readOwnTotp, resumeOwnTotp } from './own-apps.service.ts'

const NewAppForm = Type.Object({
  id: Type.Optional(Type.String({ maxLength: 64 })),
  code: Type.String(),
  name: Type.Optional(AppName),
  sign_out_others: Type.Optional(Type.String()),
})
const IDS = { code: 'code', name: 'name' }
/** The fields that a refused form keeps. */
const KEPT = ['name', SIGN_OUT_OTHERS] as const

const config = { access: 'signed-in', authentication: 'recent', page: true, undocumented: true } as const
const schema = { params: AppParameters }

/** Adds or replaces an authenticator app; a replaced app stays valid until the new one is confirmed. */
export function newAppPages(app: App): void {
  // Recovery codes are shown once, so a repeated submission gets the first answer again.
  const submissions = new SubmitDeduplicator<Outcome<ConfirmedApp>>(({ answer }) => answer !== undefined)
  app.get(NEW_APP, { config }, (request, reply) => showNewApp(request, reply, EMPTY_FORM))
  app.post(NEW_APP, { config }, (request, reply) => confirm(request, reply, submissions))

  app.get('/account/security/app/replace/:id', { config, schema }, (request, reply) =>
    showNewApp(request, reply, EMPTY_FORM, request.params.id),
  )
  app.post('/account/security/app/replace/:id', { config, schema }, (request, reply) =>
    confirm(request, reply, submissions, request.params.id),
  )
}

async function confirm(
  request: FastifyRequest,
  reply: FastifyReply,
  submissions: SubmitDeduplicator<Outcome<ConfirmedApp>>,
  replaces?: string,
): Promise<FastifyReply> {
  const { body } = request
  const ctx = signedIn(request.ctx)
  const done = (word: string): string => `/account/security?done=${replaces === undefined ? word : 'replaced'}`
  const form = readForm(NewAppForm, body)
  if ('fieldErrors' in form) return showNewApp(request, reply, refusedForm(body, KEPT, form.fieldErrors), replaces)
  const { id = '', code, name, sign_out_others: wish } = form.value
  const submission = { browser: ctx.principal.session.id, body, typed: [id, code, wish ?? ''] }
  const { answer, refusal } = await submissions.answer(submission, ctx.now, () =>
    answerOf(confirmOwnTotp(ctx, { id, code, name, signOutOthers: wish !== undefined })),
  )
  if (refusal === undefined) {
    await reissueCookies(request, reply, answer.token)
    const next = done(answer.isAlone ? 'added-alone' : 'added')
    return answer.recoveryCodes.length === 0
      ? redirectWithFlash(reply, next)
      : showNewCodes(request, reply, answer.recoveryCodes, next)
  }
  if (refusal.code !== 'totp.not_found') {
    return showNewApp(request, reply, refusedForm(body, KEPT, refusal), replaces)
  }
  // A repeated submission: the first one confirmed the app.
  const apps = await listTotp(ctx, ctx.principal.user.subject)
  if (apps.some((known) => known.id === id && known.confirmedAt !== null))
    return redirectWithFlash(reply, done('added'))
  return seeOther(reply, `${replaces === undefined ? NEW_APP : replacementPath(replaces)}?over`)
}

/** Shows the setup key; a reload shows the same key until it expires. */
async function showNewApp(
  request: FastifyRequest,
  reply: FastifyReply,
  state: FormState,
  replaces?: string,
): Promise<FastifyReply> {
  const say = texts(localeOf(reply))
  const { newApp: words, title } = say.security
  const ctx = signedIn(request.ctx)
  const old = replaces === undefined ? undefined : await readOwnTotp(ctx, replaces)
  const mayStay = old === undefined && othersMayStay(ctx)
  const begun = await resumeOwnTotp(ctx, { replaces })
  const isOver = typeof request.query === 'object' && request.query !== null && 'over' in request.query
  const body = replaces === undefined ? {} : { replaces }
  const api = { method: 'POST', path: '/users/me/totp', body, needsSession: true } as const
  return sendPage(reply, {
    title: [old === undefined ? words.addTitle : words.replaceTitle(withoutTurns(appName(say, old))), title],
    heading: old && withNames(words.replaceTitle, appName(say, old)),
    notice: newAppSummary(say, state) ?? (isOver ? banner('warn', words.elsewhere) : await lossBanner(request, say)),
    refusal: state.refusal,
    modules: ['copy', 'slow-answer'],
    body: html`<p class="lead">
        ${old === undefined ? words.addLead : words.replaceLead} ${!mayStay && say.security.signOutOthers.always}
      </p>
      ${newAppForm(say, state, {
        ...begun,
        name: old && old.name,
        action: old === undefined ? NEW_APP : replacementPath(old.id),
        submit: old === undefined ? words.turnOn : words.replaceIt,
        choice: mayStay && signOutOthersField(say, state),
        formToken: formToken(request),
      })}`,
    api: apiEquivalent(say, ctx.config, api),
  })
}

/** The errors above the form; undefined if only the code is wrong, which is shown beside its field with the focus in it. */
function newAppSummary(say: Texts, state: FormState): Html | undefined {
  return codeError(say, state) === undefined ? formSummary(say, state, IDS) : undefined
}

function codeError(say: Texts, state: FormState): Html | string | undefined {
  const { refusal, fieldErrors } = state
  if (fieldErrors.some(({ pointer }) => pointer !== '/code')) return undefined
  return errorOf(say, state, 'code') ?? (refusal && refusalWords(say, refusal))
}

interface ShownKey extends PendingTotp {
  /** The name of the app that it replaces. */
  readonly name: string | undefined
  readonly action: string
  readonly submit: string
  /** What the form asks besides. */
  readonly choice: Html | false
  readonly formToken: Html
}

/**
 * The setup key in its three forms, then the code that confirms it, near the top of a phone. The name is folded, since a code is valid for
 * half a minute only.
 */
function newAppForm(say: Texts, state: FormState, shown: ShownKey): Html {
  const { newApp } = say.security
  const wrong = codeError(say, state)
  const wrongName = errorOf(say, state, 'name')
  return html`<form method="post" action="${shown.action}">
    ${shown.formToken}
    <input type="hidden" name="id" value="${shown.id}" />
    <ol class="parts">
      <li>${setupKeyPart(say, shown)}</li>
      <li>
        ${codeField({ id: IDS.code, label: say.enrolment.enter, error: wrong, autofocus: wrong !== undefined })}
        ${shown.choice}
        <details ${wrongName !== undefined && html`open`}>
          <summary>${newApp.naming}</summary>
          ${textField({
            id: IDS.name,
            label: newApp.name,
            hint: newApp.nameHint,
            value: state.refusal ? state.values['name'] : shown.name,
            error: wrongName,
            autocomplete: 'off',
          })}
        </details>
      </li>
    </ol>
    ${buttonRow(checkButton(say, shown.submit), linkButton('/account/security', say.words.cancel))}
  </form>`
}
