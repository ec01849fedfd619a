import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from '../web/type.ts'

import type { Context } from '../context.ts'
import type { Secret } from '../kernel/secret.ts'
import type { App } from '../web/app.ts'
import { submitButton } from '../web/components/button.ts'
import { codeField } from '../web/components/code-field.ts'
import { copyButton, copyField, inGroupsOfFour } from '../web/components/copy-field.ts'
import { qrPanel } from '../web/components/qr-panel.ts'
import { stepList } from '../web/components/step-list.ts'
import { readAttemptCookie, tradeAttemptForSession } from '../web/cookies.ts'
import { answerOf, EMPTY_FORM, readForm, refusedForm, soleError } from '../web/form.ts'
import type { FormState, Outcome } from '../web/form.ts'
import { html } from '../web/html.ts'
import type { Html } from '../web/html.ts'
import { nextPath, withNext } from '../web/next-path.ts'
import { OncePressed } from '../web/once-pressed.ts'
import { localeOf, seeOther, sendPage } from '../web/page.ts'
import { startOver } from '../web/start-over.ts'
import { texts } from '../web/texts.ts'
import type { Texts } from '../web/texts.ts'
import type { AttemptPurpose } from './attempt.ts'
import { describeAttempt } from './attempt.service.ts'
import type { Complete } from './attempt.service.ts'
import { beginEnrolment, confirmEnrolment } from './enrolment.service.ts'

const CodeForm = Type.Object({ code: Type.String() })

const KEY = 'setup-key'

/** Where somebody goes who is set: the first admin to what is still open on the server, everybody else to their account. */
const FIRST_PAGES: Readonly<Record<AttemptPurpose, string>> = {
  'set-up': '/admin/checkup?done=set-up',
  invitation: '/account?set',
  'sign-in': '/account?set',
}

const config = { access: 'attempt', page: true, undocumented: true } as const

/** Setting up the second step inside an attempt; its first code completes the sign-in, the invitation or the set-up. */
export function enrolmentPages(app: App): void {
  const presses = new OncePressed<Outcome<Enrolled>>(({ answer }) => answer !== undefined)
  app.get('/enrolment', { config }, (request, reply) => showEnrolment(request, reply, EMPTY_FORM))

  app.post('/enrolment', { config }, async (request, reply) => {
    const { ctx, body, query } = request
    const attempt = readAttemptCookie(request)
    if (attempt === undefined) return seeOther(reply, withNext('/sign-in', query))
    const form = readForm(CodeForm, body)
    if ('faults' in form) return showEnrolment(request, reply, refusedForm(body, [], form.faults))
    const { code } = form.value
    const { answer, refusal } = await presses.answer([attempt.reveal(), code], ctx.now, () =>
      answerOf(enrol(ctx, attempt, code)),
    )
    // Another code would not help.
    if (refusal?.kind === 'conflict' || refusal?.kind === 'missing') throw refusal
    if (refusal) return showEnrolment(request, reply, refusedForm(body, [], refusal))
    tradeAttemptForSession(reply, ctx.config, answer.complete.token)
    return seeOther(reply, nextPath(query) ?? FIRST_PAGES[answer.purpose])
  })
}

interface Enrolled {
  readonly purpose: AttemptPurpose
  readonly complete: Complete
}

async function enrol(ctx: Context, attempt: Secret, code: string): Promise<Enrolled> {
  const { purpose } = await describeAttempt(ctx, attempt)
  return { purpose, complete: await confirmEnrolment(ctx, { attempt, code, carrier: 'cookie' }) }
}

/** A reload shows the same secret again for as long as the attempt lives. */
async function showEnrolment(request: FastifyRequest, reply: FastifyReply, state: FormState): Promise<FastifyReply> {
  const { ctx, query } = request
  const attempt = readAttemptCookie(request)
  if (attempt === undefined) return seeOther(reply, withNext('/sign-in', query))
  const described = await answerOf(describeAttempt(ctx, attempt))
  if (described.refusal) return startOver(reply, described.refusal)
  const { stage, purpose, username } = described.answer
  if (stage !== 'enrolment') return seeOther(reply, withNext('/sign-in/second-step', query))
  const begun = await answerOf(beginEnrolment(ctx, attempt))
  if (begun.refusal) return startOver(reply, begun.refusal)
  const say = texts(localeOf(reply))
  return sendPage(reply, {
    title: [say.enrolment.title, purpose === 'set-up' ? say.setup.title : say.signIn.title],
    heading: purpose === 'set-up' ? say.setup.stepSecond : say.enrolment.title,
    notches: purpose === 'set-up' ? { done: 1 } : { done: 1, label: say.words.stepOf(2, 2) },
    refusal: state.refusal,
    failed: state.refusal !== undefined,
    modules: ['copy'],
    body: html`${purpose === 'set-up' ? setupSteps(say) : whoSignsIn(say, username, query)}
      <p class="lead">${say.enrolment.why(ctx.config.instanceName)}</p>
      ${enrolmentForm(say, state, { ...begun.answer, action: withNext('/enrolment', query) })}`,
  })
}

function setupSteps({ setup }: Texts): Html {
  return stepList({ label: setup.steps, steps: [setup.you, setup.secondStep], current: 2 })
}

function whoSignsIn({ secondStep }: Texts, username: string, query: unknown): Html {
  return html`<p>
    ${secondStep.signingInAs} <strong class="name">${username}</strong>.
    <a href="${withNext('/sign-in', query)}">${secondStep.notYou}</a>
  </p>`
}

interface ShownSecret {
  readonly secret: Secret
  readonly otpauthUri: Secret
  readonly qrSvg: Secret
  readonly action: string
}

function enrolmentForm(say: Texts, state: FormState, { secret, otpauthUri, qrSvg, action }: ShownSecret): Html {
  const { enrolment } = say
  const groups = inGroupsOfFour(secret.reveal())
  return html`<ol class="parts">
    <li>
      <h2>${enrolment.open}</h2>
      <details>
        <summary>${enrolment.which}</summary>
        <p>${enrolment.whichText}</p>
      </details>
    </li>
    <li>
      <h2>${enrolment.scan}</h2>
      ${qrPanel({ drawing: qrSvg, label: enrolment.qrLabel })}
      ${copyField({ id: KEY, label: enrolment.setupKey, groups, action: copyButton(say, KEY) })}
      <p><a class="button" id="open-app" href="${otpauthUri.reveal()}">${enrolment.otpauth}</a></p>
      <details>
        <summary>${enrolment.details}</summary>
        <p>${enrolment.detailsText}</p>
      </details>
    </li>
    <li>
      <form method="post" action="${action}">
        ${codeField({ id: 'code', label: enrolment.enter, error: soleError(say, state, 'code'), autofocus: state.refusal !== undefined })}
        ${submitButton(enrolment.submit)}
      </form>
    </li>
  </ol>`
}
