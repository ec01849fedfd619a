// Secrets of apps, as admins and the operator make and end them.
import type { ApprovalRequest } from '#domain/approvals/approval.ts'
import type { ChangeDeps } from '#domain/authorization/audited-change.service.ts'
import { endSecret, hashOfClientSecret, newClientSecret, storeSecret } from '#domain/clients/client-secret.service.ts'
import { type Client, type ClientSecret, fieldErrorsInGiven } from '#domain/clients/client.ts'
import { requireNoFieldErrors } from '#foundation/kernel/refusal.ts'
import { Secret } from '#foundation/kernel/secret.ts'
import { requireApproval } from '../access/approval-gate.service.ts'
import { type Waiting, waitable, withApp } from './app-change.service.ts'

export interface AddedSecret extends Waiting {
  readonly secretId: string
  /** Shown once. */
  readonly secret: Secret
}

/**
 * Gives an app another secret, beside the one that is valid. Throws `app.not_found`, `app.no_secret`, `app.too_many_secrets`. Under the
 * two-person rule it becomes a request; the secret is shown to its caller alone, and only now.
 */
export async function addAppSecret(ctx: ChangeDeps, id: string, given?: Secret): Promise<AddedSecret> {
  requireNoFieldErrors(fieldErrorsInGiven({ secret: given?.reveal() }))
  const secret = given ?? newClientSecret(ctx)
  const stored = { id: ctx.newId(), hash: hashOfClientSecret(secret) }
  const { approval } = await waitable(() => storeAppSecret(ctx, id, stored))
  return { secretId: stored.id, secret, approval }
}

/** Gives an app a secret by its hash. */
export async function storeAppSecret(
  ctx: ChangeDeps,
  id: string,
  secret: Pick<ClientSecret, 'id' | 'hash'>,
): Promise<void> {
  await withApp(ctx, { id, action: 'app.secret_added' }, async (tx, client) => {
    await storeSecret(tx, client, secret)
    await requireApproval(tx, requestForSecret(client, secret), null)
  })
}

/** Returns what a second admin must approve before a secret works. */
export function requestForSecret(
  { id, name }: Client,
  { id: secretId, hash }: Pick<ClientSecret, 'id' | 'hash'>,
): ApprovalRequest {
  const values = { clientId: id, secretId }
  return { kind: 'add-app-secret', newName: name, passwordHash: Secret.of(hash), values }
}

/** Ends a secret of an app at once. Throws `app.not_found`, `app.secret_not_found`. */
export async function endAppSecret(ctx: ChangeDeps, id: string, secretId: string): Promise<void> {
  await withApp(ctx, { id, action: 'app.secret_ended' }, (tx, client) => endSecret(tx, client, secretId))
}
