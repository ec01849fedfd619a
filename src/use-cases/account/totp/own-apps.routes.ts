import { presentSetupKey, SetupKeyView } from '#domain/factors/totp/setup-key.schema.ts'
import { deliverToken, RENEWED_RESPONSES, sendRenewed } from '#domain/sessions/session.schema.ts'
import { signedIn } from '#foundation/web/http/access.ts'
import type { App } from '#foundation/web/http/app.ts'
import { presentFirstSet } from '../recovery-codes/own-recovery-codes.schema.ts'
import * as shapes from './own-apps.schema.ts'
import { beginOwnTotp, confirmOwnTotp, removeOwnTotp, renameOwnTotp } from './own-apps.service.ts'

export function ownAppsRoutes(app: App): void {
  app.post(
    '/users/me/totp',
    {
      config: {
        access: 'signed-in',
        authentication: 'recent',
        refusals: ['totp.not_found', 'totp.too_many', 'factor.not_allowed'],
        bodyMayBeAbsent: true,
      },
      schema: {
        operationId: 'beginMyTotp',
        summary: 'Add or replace an authenticator app',
        description: 'Answers with the setup key, this once. The app counts when its first code was confirmed.',
        body: shapes.NewAuthenticatorApp,
        response: { 200: SetupKeyView },
      },
    },
    async (request) => presentSetupKey(await beginOwnTotp(signedIn(request.ctx), request.body)),
  )

  app.post(
    '/users/me/totp/:id/confirm',
    {
      config: {
        access: 'signed-in',
        tokens: 'refused',
        refusals: ['totp.code_wrong', 'totp.not_found', 'factor.not_allowed', 'throttle.blocked', 'service.busy'],
      },
      schema: {
        operationId: 'confirmMyTotp',
        summary: 'Confirm an authenticator app by its first code',
        description:
          'The code is consumed, and the app that this one replaces is removed. Other sessions end if `sign_out_others` is true, and always if this is the first second factor or replaces one. Unfinished sign-ins and links end, and this session gets another token.',
        params: shapes.AppParameters,
        body: shapes.ConfirmingCode,
        response: { 200: shapes.ConfirmedAuthenticatorApp },
      },
    },
    async (request, reply) => {
      const { code, sign_out_others: signOutOthers } = request.body
      const confirming = { id: request.params.id, code, signOutOthers }
      const confirmed = await confirmOwnTotp(signedIn(request.ctx), confirming)
      return {
        ...shapes.presentApp(confirmed),
        ...presentFirstSet(confirmed.recoveryCodes),
        ...deliverToken(reply, confirmed.token, signedIn(request.ctx).principal.terms),
      }
    },
  )

  app.patch(
    '/users/me/totp/:id',
    {
      config: { access: 'signed-in', tokens: 'refused', refusals: ['totp.not_found'] },
      schema: {
        operationId: 'renameMyTotp',
        summary: 'Rename an authenticator app',
        description: 'The name is for you only.',
        params: shapes.AppParameters,
        body: shapes.AppRename,
        response: { 200: shapes.AuthenticatorApp },
      },
    },
    async (request) => {
      const renamed = { id: request.params.id, name: request.body.name }
      return shapes.presentApp(await renameOwnTotp(signedIn(request.ctx), renamed))
    },
  )

  app.delete(
    '/users/me/totp/:id',
    {
      config: { access: 'signed-in', authentication: 'recent', refusals: ['totp.not_found', 'totp.last_one'] },
      schema: {
        operationId: 'removeMyTotp',
        summary: 'Remove an authenticator app',
        description:
          'Every other session ends, and this one gets another token. The last second factor can only be replaced if the policy requires one.',
        params: shapes.AppParameters,
        response: RENEWED_RESPONSES,
      },
    },
    async ({ ctx, params }, reply) =>
      sendRenewed(reply, await removeOwnTotp(signedIn(ctx), params.id), signedIn(ctx).principal.terms),
  )
}
