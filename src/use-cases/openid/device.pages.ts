// The pages on which a user lets a device sign in: the code that it shows, then what it asks for, then the end (RFC 8628 §3.3).
import type { FastifyReply, FastifyRequest } from 'fastify'

import type { Context, WithSession } from '#foundation/context.ts'
import type { Refusal } from '#foundation/kernel/refusal.ts'
import { signedIn } from '#foundation/web/http/access.ts'
import type { App } from '#foundation/web/http/app.ts'
import { withNext } from '#foundation/web/http/redirect.ts'
import { SubmitDeduplicator } from '#foundation/web/http/submit-deduplicator.ts'
import { answerOf, EMPTY_FORM, type Outcome, queryText, refusedForm, typedText } from '#foundation/web/pages/form.ts'
import { seeOther } from '#foundation/web/pages/page.ts'
import { confirmPath } from '#use-cases/sign-in/reauthentication-requirement.pages.ts'
import { canReach } from '#use-cases/sign-in/reauthentication.service.ts'
import { ignoreBearer } from './browser.service.ts'
import {
  askToAllow,
  CODE_FIELD,
  REVISION_FIELD,
  showCodeForm,
  showOutcome,
  showRestrictedOnDevice,
  showUnmetOnDevice,
} from './device-questions.pages.ts'
import {
  approveDevice,
  denyDevice,
  missingFor,
  readDevice,
  recordRefusedDevice,
  type WaitingDevice,
} from './device.service.ts'
import { queryOf } from './exchange.service.ts'
import { DEVICE_PATH, SHORT_DEVICE_PATH } from './openid-path.ts'
import type { OpenId } from './openid.service.ts'

const config = { access: 'anyone', page: true, undocumented: true } as const
const answers = { access: 'signed-in', page: true, undocumented: true } as const
const LONGEST_CODE = 32

/** What a form led to: the app of the device, or nothing where the question has to be asked again. */
type Answered = Outcome<WaitingDevice | undefined>

export function devicePages(app: App, openid: OpenId): void {
  // What devices show; people type it.
  app.get(SHORT_DEVICE_PATH, { config }, async (request, reply) => {
    await openid.requiredProvider(request.ctx)
    const query = queryOf(request)
    return seeOther(reply, query === '' ? DEVICE_PATH : `${DEVICE_PATH}?${query}`)
  })

  // A code in the URL fills in the field and does nothing else: the user has to send it, and to allow the device after that.
  app.get(DEVICE_PATH, { config, preHandler: ignoreBearer }, async (request, reply) => {
    await openid.requiredProvider(request.ctx)
    const code = queryText(request.query, CODE_FIELD)?.slice(0, LONGEST_CODE)
    if (request.ctx.principal.kind !== 'session')
      return seeOther(reply, withNext('/sign-in', { next: pathWithCode(code) }))
    return showCodeForm(request, reply, { ...EMPTY_FORM, values: code === undefined ? {} : { [CODE_FIELD]: code } })
  })

  app.post(DEVICE_PATH, { config: answers, preHandler: ignoreBearer }, async (request, reply) => {
    await openid.requiredProvider(request.ctx)
    return question(request, reply)
  })

  // A second press of the button must not say that the code is unknown.
  const submissions = new SubmitDeduplicator<Answered>(({ answer }) => answer !== undefined)
  for (const [word, work] of [
    ['allow', approveDevice],
    ['deny', denyDevice],
  ] as const)
    app.post(`${DEVICE_PATH}/${word}`, { config: answers, preHandler: ignoreBearer }, async (request, reply) => {
      await openid.requiredProvider(request.ctx)
      const ctx = signedIn(request.ctx)
      const { body } = request
      const typed = [word, typedText(body, CODE_FIELD), typedText(body, REVISION_FIELD)]
      const submission = { browser: ctx.principal.session.id, body, typed }
      const { answer, refusal } = await submissions.answer(submission, ctx.now, () =>
        answerOf(answered(ctx, body, work)),
      )
      if (refusal) return showRefused(request, reply, refusal)
      return answer === undefined ? question(request, reply, true) : showOutcome(reply, answer, word)
    })
}

function pathWithCode(code: string | undefined): string {
  return code === undefined ? DEVICE_PATH : `${DEVICE_PATH}?${new URLSearchParams({ [CODE_FIELD]: code })}`
}

type Work = (ctx: WithSession<keyof Context>, device: WaitingDevice, shownRevision: string) => Promise<boolean>

async function answered(
  ctx: WithSession<keyof Context>,
  body: unknown,
  work: Work,
): Promise<WaitingDevice | undefined> {
  const device = await readDevice(ctx, typedText(body, CODE_FIELD))
  return (await work(ctx, device, typedText(body, REVISION_FIELD))) ? device : undefined
}

/** Asks whether to allow the device, or leads to what has to be done before. */
async function question(request: FastifyRequest, reply: FastifyReply, isAgain = false): Promise<FastifyReply> {
  const ctx = signedIn(request.ctx)
  const { answer: device, refusal } = await answerOf(readDevice(ctx, typedText(request.body, CODE_FIELD)))
  if (refusal) return showRefused(request, reply, refusal)
  const missing = await missingFor(ctx, device)
  if (missing === undefined) return askToAllow(request, reply, device, isAgain)
  if (missing.kind === 'access') {
    await recordRefusedDevice(ctx, device, missing.restriction)
    return showRestrictedOnDevice(request, reply, device, missing.restriction)
  }
  const { requirement } = missing
  if (!(await canReach(ctx, requirement.least))) return showUnmetOnDevice(request, reply, device, requirement)
  return seeOther(reply, withNext(confirmPath(requirement), { next: pathWithCode(device.userCode) }))
}

function showRefused(request: FastifyRequest, reply: FastifyReply, refusal: Refusal): FastifyReply {
  return showCodeForm(request, reply, refusedForm(request.body, [CODE_FIELD], refusal))
}
