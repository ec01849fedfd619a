import { Secret } from '#foundation/kernel/secret.ts'
import type { App } from '#foundation/web/http/app.ts'
import { AccountReviewView, presentReview, ReviewForm, ReviewQuestion } from './review.schema.ts'
import { completeReview, readReview } from './review.service.ts'
import { presentStep, SignInStepView } from './sign-in.schema.ts'

/** The routes of the review that a reported account needs before its next session. */
export function reviewRoutes(app: App): void {
  app.post(
    '/attempts/review/factors',
    {
      config: { access: 'attempt', refusals: ['attempt.ended', 'attempt.wrong_stage'] },
      schema: {
        operationId: 'readReview',
        summary: 'What the review of a reported account is about',
        description: 'For an attempt at stage `review`.',
        body: ReviewQuestion,
        response: { 200: AccountReviewView },
      },
    },
    async (request) => presentReview(await readReview(request.ctx, Secret.of(request.body.attempt))),
  )

  app.post(
    '/attempts/review',
    {
      config: {
        access: 'attempt',
        refusals: [
          'attempt.ended',
          'attempt.wrong_stage',
          'account.review_by_admin',
          'sign_in.disabled',
          'service.busy',
        ],
      },
      schema: {
        operationId: 'completeReview',
        summary: 'Review a reported account',
        description:
          'Sets a new password, removes the named factors and finishes the sign-in. Answers with stage `enrolment` where no second factor is left and one is required.',
        body: ReviewForm,
        response: { 200: SignInStepView },
      },
    },
    async (request) => {
      const { attempt, password, remove = [] } = request.body
      const input = { attempt: Secret.of(attempt), password: Secret.of(password), remove, transport: 'bearer' } as const
      return presentStep(await completeReview(request.ctx, input))
    },
  )
}
