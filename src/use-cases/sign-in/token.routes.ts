import { Secret } from '../../foundation/kernel/secret.ts'
import { sessionPolicy } from '../../domain/policies/policy.service.ts'
import { presentToken } from '../../domain/sessions/session.schema.ts'
import type { App } from '../../foundation/web/http/app.ts'
import { TokenForm, TokenView } from './sign-in.schema.ts'
import { tokenSignIn } from './token.service.ts'

/** The origin app's sign-in, which the docs page uses too. */
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
          'throttle.blocked',
          'service.busy',
        ],
      },
      schema: {
        tags: ['Sign-in'],
        operationId: 'createToken',
        summary: 'Sign in with one form',
        description:
          'The password with the six digits of the authenticator app appended, or the code apart as `totp`. ' +
          'Whatever is wrong, the refusal is the same. After the right password, a user without a second factor is told so, ' +
          'and a user who has a passkey and no app is told to sign in at /sign-in or POST /attempts, or to use an API token.',
        body: TokenForm,
        response: { 200: TokenView },
      },
    },
    async (request) => {
      const { username, password, totp } = request.body
      const { token, session } = await tokenSignIn(request.ctx, { username, password: Secret.of(password), totp })
      return presentToken(token, session, sessionPolicy(request.ctx))
    },
  )
}
