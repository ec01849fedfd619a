import { toRfc3339OrNull } from '#foundation/kernel/time.ts'
import { signedIn } from '#foundation/web/http/access.ts'
import type { App } from '#foundation/web/http/app.ts'
import { presentPasskey } from '../passkeys/own-passkeys.schema.ts'
import { presentCodesLeft } from '../recovery-codes/own-recovery-codes.schema.ts'
import { presentApp } from '../totp/own-apps.schema.ts'
import { FactorList } from './own-factors.schema.ts'
import { listOwnFactors } from './own-factors.service.ts'

export function ownFactorsRoutes(app: App): void {
  app.get(
    '/users/me/factors',
    {
      config: { access: 'signed-in', tokens: 'refused' },
      schema: {
        operationId: 'listMyFactors',
        summary: 'My password and second steps',
        description: 'When each was set and last used; never a secret.',
        response: { 200: FactorList },
      },
    },
    async (request) => {
      const factors = await listOwnFactors(signedIn(request.ctx))
      const { rpId, userId, allAcceptedCredentialIds } = factors.accepted
      return {
        password: factors.hasPassword ? { changed_at: toRfc3339OrNull(factors.passwordChangedAt) } : null,
        totp: factors.apps.map(presentApp),
        passkeys: factors.passkeys.map(presentPasskey),
        recovery_codes: presentCodesLeft(factors.recoveryCodes),
        accepted_credentials: { rpId, userId, allAcceptedCredentialIds: [...allAcceptedCredentialIds] },
      }
    },
  )
}
