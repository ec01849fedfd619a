import { presentToken } from '#domain/sessions/session.schema.ts'
import { Secret } from '#foundation/kernel/secret.ts'
import type { App } from '#foundation/web/http/app.ts'
import { TokenForm, TokenView } from './sign-in.schema.ts'
import { tokenSignIn } from './token.service.ts'

/** The legacy app's sign-in route, which the interactive API documentation uses too. */
export function tokenRoutes(app: App): void {
  app.post(
    '/token',
    {
      config: {
        access: 'anyone',
        bodies: ['form', 'multipart'],
        ignoresUnknownFields: true,
        refusals: [
          'sign_in.incorrect',
          'sign_in.enrolment_needed',
          'sign_in.second_factor_elsewhere',
          'account.review_required',
          'throttle.blocked',
          'service.busy',
        ],
      },
      schema: {
        operationId: 'createToken',
        summary: 'Sign in with one form',
        description:
          'The password with the six digits of the authenticator app appended, or the code apart as `totp`. ' +
          'The refusal is the same whatever is wrong. Only after the right password does it say that the user has no second factor, ' +
          'or has a passkey and no app and must sign in at /sign-in or POST /attempts, or use an API token.',
        body: TokenForm,
        response: { 200: TokenView },
      },
    },
    async (request) => {
      const { username, password, totp } = request.body
      const { token, session, terms } = await tokenSignIn(request.ctx, {
        username,
        password: Secret.of(password),
        totp,
      })
      return presentToken(token, session, terms)
    },
  )
}
