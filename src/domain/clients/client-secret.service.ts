// Secrets of apps: random values that are shown once, of which only the hash is stored.
import { timingSafeEqual } from 'node:crypto'

import { recordEvent } from '#domain/audit/audit.service.ts'
import type { With } from '#foundation/context.ts'
import { Refusal } from '#foundation/kernel/refusal.ts'
import { type RandomBytes, hashOf, newSecretToken } from '#foundation/kernel/secret-token.ts'
import { Secret } from '#foundation/kernel/secret.ts'
import { days } from '#foundation/kernel/time.ts'
import * as queries from './client-secret.queries.ts'
import type { SecretOfClient } from './client-secret.queries.ts'
import type { ClientChangeDeps } from './client.service.ts'
import { type Client, type ClientSecret, isPublic, isSecretValid, MOST_SECRETS } from './client.ts'

const PREFIX = 'dwc_'
/** Rows of ended secrets are kept this long for investigations, and then deleted with the next new one. */
const KEPT_AFTER_END = days(7)

/** Returns a new secret of an app, which is shown once. */
export function newClientSecret({ random }: { readonly random: RandomBytes }): Secret {
  return newSecretToken(random, PREFIX)
}

/** Returns the stored form of a secret. */
export function hashOfClientSecret(secret: Secret): string {
  return hashOf(secret)
}

/** Returns which of the secrets of an app was given, if it is valid. Compares hashes, so the time says nothing of the secret. */
export function secretGiven(
  { now }: With<'now'>,
  secrets: readonly ClientSecret[],
  given: string,
): ClientSecret | undefined {
  const hash = Buffer.from(hashOf(Secret.of(given)))
  return secrets.find((secret) => isSecretValid(secret, now) && timingSafeEqual(Buffer.from(secret.hash), hash))
}

/** Returns the secrets of an app, oldest first; ended ones too, for a week. */
export function listSecrets({ db }: With<'db'>, clientId: string): Promise<ClientSecret[]> {
  return queries.selectSecrets(db, clientId)
}

/** Returns the valid secrets of each app by its id, oldest first; an app without any is left out. */
export async function validSecretsByClient({
  db,
  now,
}: With<'db' | 'now'>): Promise<ReadonlyMap<string, readonly SecretOfClient[]>> {
  return Map.groupBy(await queries.selectAllValidSecrets(db, now), ({ clientId }) => clientId)
}

export async function listValidSecrets(ctx: With<'db' | 'now'>, clientId: string): Promise<ClientSecret[]> {
  return (await listSecrets(ctx, clientId)).filter((secret) => isSecretValid(secret, ctx.now))
}

/**
 * Gives an app, which the transaction has locked or made, a secret by its hash. Throws `app.no_secret` for a public one, and
 * `app.too_many_secrets`.
 */
export async function storeSecret(
  ctx: ClientChangeDeps,
  client: Client,
  { id, hash }: Pick<ClientSecret, 'id' | 'hash'>,
): Promise<ClientSecret> {
  if (isPublic(client)) throw new Refusal('app.no_secret')
  if ((await listValidSecrets(ctx, client.id)).length >= MOST_SECRETS) throw new Refusal('app.too_many_secrets')
  await queries.deleteEndedSecrets(ctx.db, client.id, ctx.now - KEPT_AFTER_END)
  const secret = { id, hash, createdAt: ctx.now, expiresAt: null, lastUsedAt: null }
  await queries.insertSecret(ctx.db, client.id, secret)
  await recordEvent(ctx, { action: 'app.secret_added', details: { app: client.name, client: client.id, secret: id } })
  return secret
}

/** Ends a secret of an app. Throws `app.secret_not_found` if it has none that is valid. */
export async function endSecret(ctx: ClientChangeDeps, client: Client, id: string): Promise<void> {
  const isEnded = await queries.updateSecretEnd(ctx.db, { clientId: client.id, id }, ctx.now)
  if (!isEnded) throw new Refusal('app.secret_not_found')
  await recordEvent(ctx, { action: 'app.secret_ended', details: { app: client.name, client: client.id, secret: id } })
}

/** Ends all secrets of an app, which has become public. */
export async function endSecrets(ctx: ClientChangeDeps, client: Client): Promise<void> {
  for (const { id } of await listValidSecrets(ctx, client.id)) await endSecret(ctx, client, id)
}
