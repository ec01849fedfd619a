// Carries out what a request of the two-person rule asked for about an app.
import type { ApprovalRequest } from '#domain/approvals/approval.ts'
import type { ChangeDeps } from '#domain/authorization/audited-change.service.ts'
import { requestedFields } from './app-request.ts'
import { storeAppSecret } from './app-secrets.service.ts'
import { enableApp } from './app-state.service.ts'
import { changeApp, newAppFields, storeApp } from './clients.service.ts'

type AppApproval = Extract<ApprovalRequest, { readonly values: { readonly clientId: string } }>

/** Makes the change of a request about an app, for the admin who asked, in the transaction that ends the request. */
export async function makeApprovedAppChange(ctx: ChangeDeps, approval: AppApproval): Promise<void> {
  const { kind, values, newName: name = '', passwordHash = null } = approval
  const { clientId: id } = values
  const hash = passwordHash?.reveal()
  if (kind === 'change-app') await changeApp(ctx, id, requestedFields(values))
  else if (kind === 'enable-app') await enableApp(ctx, id)
  else if (kind === 'add-app-secret') await storeAppSecret(ctx, id, { id: values.secretId, hash: required(hash) })
  else {
    const fields = newAppFields({ ...requestedFields(values), name })
    const secret = values.secretId === null ? null : { id: values.secretId, hash: required(hash) }
    await storeApp(ctx, { id, fields, secret })
  }
}

function required(hash: string | undefined): string {
  if (hash === undefined) throw new Error('A request for a secret of an app has no hash')
  return hash
}
