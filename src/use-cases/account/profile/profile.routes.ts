import { deliverToken, RENEWED_RESPONSES, sendRenewed } from '#domain/sessions/session.schema.ts'
import { sendUser, userTag, UserView } from '#domain/users/user.schema.ts'
import { Secret } from '#foundation/kernel/secret.ts'
import { authenticated, signedIn } from '#foundation/web/http/access.ts'
import type { App } from '#foundation/web/http/app.ts'
import { preconditionIn } from '#foundation/web/http/etag.ts'
import { Type } from '#foundation/web/http/type.ts'
import { changeOwnPassword } from '../password/own-password.service.ts'
import { OwnPasswordChange, ProfileChange, ReplacedUser, WholeProfile } from './profile.schema.ts'
import { changeProfile, deleteOwnAccount, replaceProfile } from './profile.service.ts'

/** The signed-in user's own record and password. */
export function profileRoutes(app: App): void {
  app.get(
    '/users/me',
    {
      config: { access: 'signed-in' },
      schema: {
        operationId: 'getMyself',
        summary: 'Who am I',
        description: 'The signed-in user.',
        response: { 200: UserView },
      },
    },
    // The most frequent request: the user comes from the session look-up, so no further query is made.
    (request, reply) => {
      sendUser(reply, authenticated(request.ctx).principal.user)
    },
  )

  app.patch(
    '/users/me',
    {
      config: {
        access: 'signed-in',
        refusals: [
          'user.username_taken',
          'user.email_taken',
          'resource.stale',
          'access.reauthentication_required',
          'access.session_required',
          'throttle.blocked',
        ],
      },
      schema: {
        operationId: 'changeMyself',
        summary: 'Change my profile',
        description:
          'A merge patch (RFC 7396). Where email is on, a new email requires recent authentication and waits for its confirmation: see GET /users/me/email. Where email is off, it takes effect at once and stays unverified.',
        body: ProfileChange,
        response: { 200: UserView },
      },
    },
    async (request, reply) => {
      const { full_name: fullName, time_zone: timeZone, ...rest } = request.body
      const wanted = { ...rest, fullName, timeZone }
      const user = await changeProfile(authenticated(request.ctx), wanted, preconditionIn(request, userTag))
      return sendUser(reply, user)
    },
  )

  app.put(
    '/users/me',
    {
      config: {
        access: 'signed-in',
        tokens: 'refused',
        ignoresUnknownFields: true,
        refusals: [
          'user.username_taken',
          'user.email_taken',
          'resource.stale',
          'access.reauthentication_required',
          'password.wrong',
          'throttle.blocked',
        ],
      },
      schema: {
        operationId: 'replaceMyself',
        summary: 'Replace my record, password included',
        description:
          'For clients of the legacy app: an email or full name left out becomes null. The current password changes nothing; another one requires recent authentication, must satisfy the password policy, ends every other session and gives this one another token. Unknown fields are ignored.',
        body: WholeProfile,
        response: { 200: ReplacedUser },
      },
    },
    async (request, reply) => {
      const { username, email = null, full_name: fullName = null, password } = request.body
      const whole = { username, email, fullName, password: Secret.of(password) }
      const { user, token } = await replaceProfile(signedIn(request.ctx), whole, preconditionIn(request, userTag))
      return sendUser(reply, user, token && deliverToken(reply, token, signedIn(request.ctx).principal.terms))
    },
  )

  app.delete(
    '/users/me',
    {
      config: { access: 'signed-in', authentication: 'recent', refusals: ['user.last_admin'] },
      schema: {
        operationId: 'deleteMyself',
        summary: 'Delete my account',
        description: 'Removes the account with its sessions and authenticator apps. The last active admin stays.',
        response: { 204: Type.Null({ description: 'Deleted.' }) },
      },
    },
    (request) => deleteOwnAccount(signedIn(request.ctx)),
  )

  app.put(
    '/users/me/password',
    {
      config: {
        access: 'signed-in',
        tokens: 'refused',
        refusals: ['password.wrong', 'throttle.blocked', 'access.stronger_authentication_required'],
      },
      schema: {
        operationId: 'changeMyPassword',
        summary: 'Change my password',
        description:
          'Ends every other session, and gives this one another token. The current password counts as one guess. A session that began on a remembered device must verify the second step first.',
        body: OwnPasswordChange,
        response: RENEWED_RESPONSES,
      },
    },
    async (request, reply) => {
      const { current, new: next, end_api_tokens: endApiTokens } = request.body
      const change = { current: Secret.of(current), next: Secret.of(next), endApiTokens }
      const { token } = await changeOwnPassword(signedIn(request.ctx), change)
      return sendRenewed(reply, token, signedIn(request.ctx).principal.terms)
    },
  )
}
