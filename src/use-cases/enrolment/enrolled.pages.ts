// The end of an enrolment: signs the browser in, and shows the recovery codes once.
import type { FastifyReply, FastifyRequest } from 'fastify'

import { describeAttempt } from '#domain/attempts/attempt.service.ts'
import type { AttemptPurpose } from '#domain/attempts/attempt.ts'
import { SAVED_CODES } from '#domain/factors/recovery-codes/recovery-code.ts'
import { permissionsOfUser } from '#foundation/kernel/principal.ts'
import type { Secret } from '#foundation/kernel/secret.ts'
import { type Texts, texts } from '#foundation/texts/texts.ts'
import { CODES_MODULES, recoveryCodes } from '#foundation/web/components/recovery-codes.ts'
import { tradeAttemptForSession } from '#foundation/web/http/cookies.ts'
import { formTokenOf } from '#foundation/web/http/form-token.ts'
import { nextPath } from '#foundation/web/http/redirect.ts'
import { SubmitDeduplicator } from '#foundation/web/http/submit-deduplicator.ts'
import { setFlash } from '#foundation/web/pages/flash.ts'
import { answerOf, type Outcome } from '#foundation/web/pages/form.ts'
import { localeOf, sendPage } from '#foundation/web/pages/page.ts'
import type { EnrolledSignIn, NextSignIn } from './enrolment-completion.service.ts'

/** The first page after an enrolment: for the first admin the overview of the server, for other users their account. */
const FIRST_PAGES: Readonly<Record<AttemptPurpose, string>> = {
  'set-up': '/admin',
  invitation: '/account',
  registration: '/account',
  'sign-in': '/account',
}

/** The key of the text on the first page that says how the user signs in the next time. */
const NEXT_SIGN_INS: Readonly<Record<NextSignIn, keyof Texts['account']['set']>> = {
  app: 'set-up',
  passkey: 'set-up-passkey',
  'password-and-passkey': 'set-up-second',
}

interface Enrolled {
  readonly purpose: AttemptPurpose
  readonly complete: EnrolledSignIn
}

/** Answers a form that is submitted twice with the same recovery codes, which are stored as hashes and cannot be shown again. */
export function enrolmentSubmissions(): SubmitDeduplicator<Outcome<Enrolled>> {
  return new SubmitDeduplicator(({ answer }) => answer !== undefined)
}

/**
 * Runs `confirm` once for a form that is submitted twice; returns its result with the purpose of the attempt, which must be read before
 * the attempt is consumed. Throws a refusal after which no code and no passkey can complete the attempt;
 * after a refused passkey another one can, and after a policy that has forbidden this kind since, the other kind.
 */
export async function submitEnrolment(
  submissions: SubmitDeduplicator<Outcome<Enrolled>>,
  { ctx, body }: FastifyRequest,
  { attempt, typed }: { attempt: Secret; typed: string },
  confirm: () => Promise<EnrolledSignIn>,
): Promise<Outcome<Enrolled>> {
  const enrolled = async (): Promise<Enrolled> => {
    const { purpose } = await describeAttempt(ctx, attempt)
    return { purpose, complete: await confirm() }
  }
  const submission = { browser: attempt.reveal(), body, typed: [typed] }
  const outcome = await submissions.answer(submission, ctx.now, () => answerOf(enrolled()))
  const { refusal } = outcome
  const isOver = refusal?.kind === 'conflict' || refusal?.kind === 'missing'
  if (isOver && !refusal.code.startsWith('passkey.') && refusal.code !== 'factor.not_allowed') throw refusal
  return outcome
}

/** Signs the browser in, and sends the recovery codes in the page itself: no URL contains them, and they are not stored. */
export function showEnrolled(reply: FastifyReply, { purpose, complete }: Enrolled): FastifyReply {
  const { ctx, query } = reply.request
  const { user, session } = complete
  const { username } = user
  tradeAttemptForSession(reply, ctx.config, complete)
  const first = `${FIRST_PAGES[purpose]}?done=${NEXT_SIGN_INS[complete.nextSignIn]}`
  const wanted = nextPath(query)
  if (wanted === undefined) setFlash(reply, first)
  const say = texts(localeOf(reply))
  const isSetup = purpose === 'set-up'
  const formToken = formTokenOf(ctx, session.id)
  return sendPage(reply, {
    title: [say.recoveryCodes.title, isSetup ? say.setup.title : say.signIn.title],
    heading: isSetup ? say.setup.stepCodes : say.recoveryCodes.title,
    stepIndicator: { done: 2, of: isSetup ? 3 : 2 },
    person: {
      subject: user.subject,
      username,
      fullName: user.fullName,
      permissions: permissionsOfUser(user),
      formToken,
    },
    modules: CODES_MODULES,
    body: recoveryCodes(say, {
      codes: complete.recoveryCodes,
      instanceName: ctx.config.instanceName,
      username,
      now: ctx.now,
      action: SAVED_CODES,
      next: wanted ?? first,
      formToken,
    }),
  })
}
