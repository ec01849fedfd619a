import { PasskeyCreationOptions, presentCreationOptions } from '#domain/factors/passkeys/passkey.schema.ts'
import { deliverToken, RENEWED_RESPONSES, sendRenewed } from '#domain/sessions/session.schema.ts'
import { signedIn } from '#foundation/web/http/access.ts'
import type { App } from '#foundation/web/http/app.ts'
import { presentFirstSet } from '../recovery-codes/own-recovery-codes.schema.ts'
import * as shapes from './own-passkeys.schema.ts'
import { addOwnPasskey, ownPasskeyOptions, removeOwnPasskey, renameOwnPasskey } from './own-passkeys.service.ts'

/** Routes for the user's own passkeys; GET /users/me/factors lists them. */
export function ownPasskeysRoutes(app: App): void {
  additionRoutes(app)

  app.patch(
    '/users/me/passkeys/:id',
    {
      config: { access: 'signed-in', tokens: 'refused', refusals: ['passkey.not_found'] },
      schema: {
        operationId: 'renameMyPasskey',
        summary: 'Rename a passkey',
        description: 'The name is for you only.',
        params: shapes.PasskeyParameters,
        body: shapes.PasskeyRename,
        response: { 200: shapes.PasskeyView },
      },
    },
    async (request) => {
      const renamed = { id: request.params.id, name: request.body.name }
      return shapes.presentPasskey(await renameOwnPasskey(signedIn(request.ctx), renamed))
    },
  )

  app.delete(
    '/users/me/passkeys/:id',
    {
      config: { access: 'signed-in', authentication: 'recent', refusals: ['passkey.not_found', 'passkey.last_one'] },
      schema: {
        operationId: 'removeMyPasskey',
        summary: 'Remove a passkey',
        description:
          'Every other session ends, and this one gets another token. The last second factor stays if the policy requires one.',
        params: shapes.PasskeyParameters,
        response: RENEWED_RESPONSES,
      },
    },
    async ({ ctx, params }, reply) =>
      sendRenewed(reply, await removeOwnPasskey(signedIn(ctx), params.id), signedIn(ctx).principal.terms),
  )
}

function additionRoutes(app: App): void {
  app.post(
    '/users/me/passkeys/options',
    {
      config: { access: 'signed-in', authentication: 'recent', refusals: ['passkey.too_many', 'factor.not_allowed'] },
      schema: {
        operationId: 'myPasskeyOptions',
        summary: 'What a browser needs to create a passkey for me',
        description: 'For five minutes and for this session only.',
        response: { 200: PasskeyCreationOptions },
      },
    },
    async (request) => presentCreationOptions(await ownPasskeyOptions(signedIn(request.ctx))),
  )

  app.post(
    '/users/me/passkeys',
    {
      config: {
        access: 'signed-in',
        tokens: 'refused',
        refusals: [
          'passkey.refused',
          'passkey.challenge_ended',
          'passkey.already_registered',
          'passkey.too_many',
          'factor.not_allowed',
          'throttle.blocked',
          'service.busy',
        ],
      },
      schema: {
        operationId: 'addMyPasskey',
        summary: 'Add the passkey that the browser created',
        description:
          'Other sessions end if `sign_out_others` is true, and always if this is the first second factor. Unfinished sign-ins and links end, and this session gets another token.',
        body: shapes.NewPasskeyForm,
        response: { 200: shapes.AddedPasskeyView },
      },
    },
    async (request, reply) => {
      const { response, name, sign_out_others: signOutOthers } = request.body
      const added = await addOwnPasskey(signedIn(request.ctx), { response, name, signOutOthers })
      return {
        ...shapes.presentPasskey(added),
        ...presentFirstSet(added.recoveryCodes),
        ...deliverToken(reply, added.token, signedIn(request.ctx).principal.terms),
      }
    },
  )
}
