import { signedIn } from '#foundation/web/http/access.ts'
import type { App } from '#foundation/web/http/app.ts'
import { NewRecoveryCodes, presentCodes, presentCodesLeft, RecoveryCodesLeftView } from './own-recovery-codes.schema.ts'
import { ownRecoveryCodes, renewRecoveryCodes } from './own-recovery-codes.service.ts'

export function ownRecoveryCodesRoutes(app: App): void {
  app.get(
    '/users/me/recovery-codes',
    {
      config: { access: 'signed-in', tokens: 'refused' },
      schema: {
        operationId: 'countMyRecoveryCodes',
        summary: 'How many recovery codes I have left',
        description: 'The codes themselves are shown once, when they are generated.',
        response: { 200: RecoveryCodesLeftView },
      },
    },
    async (request) => presentCodesLeft(await ownRecoveryCodes(signedIn(request.ctx))),
  )

  app.post(
    '/users/me/recovery-codes',
    {
      config: { access: 'signed-in', authentication: 'recent', refusals: ['service.busy'] },
      schema: {
        operationId: 'renewMyRecoveryCodes',
        summary: 'Generate new recovery codes',
        description: 'Answers with the new codes, this once. The old codes stop working.',
        response: { 200: NewRecoveryCodes },
      },
    },
    async (request) => presentCodes(await renewRecoveryCodes(signedIn(request.ctx))),
  )
}
