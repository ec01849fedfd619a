// Consents of users to apps: given, evaluated, listed and withdrawn.
import { recordEvent } from '#domain/audit/audit.service.ts'
import type { Client } from '#domain/clients/client.ts'
import type { InTransaction, With } from '#foundation/context.ts'
import * as queries from './consent.queries.ts'
import { type Consent, type ConsentItem, coversItems } from './consent.ts'
import { revokeGrantsOf } from './grant.service.ts'

type Recording = With<'db' | 'now' | 'newId' | 'random' | 'keyring' | 'principal'>

/**
 * Whether a user has agreed to all of these, or the app is trusted, so that its users are not asked. Inside a transaction the consent is not
 * withdrawn before that ends.
 */
export async function hasConsent(
  { db }: With<'db'>,
  client: Pick<Client, 'id' | 'trusted'>,
  subject: string,
  items: readonly ConsentItem[],
): Promise<boolean> {
  if (client.trusted) return true
  const consent = await queries.selectConsent(db, { clientId: client.id, subject })
  return consent !== undefined && coversItems(consent.items, items)
}

/** Stores that a user agrees to these, beside what they agreed to before. */
export async function giveConsent(
  ctx: InTransaction<Recording>,
  client: Pick<Client, 'id' | 'name'>,
  subject: string,
  items: readonly ConsentItem[],
): Promise<void> {
  const before = await queries.selectConsent(ctx.db, { clientId: client.id, subject })
  if (before !== undefined && coversItems(before.items, items)) return
  const all = [...new Set([...(before?.items ?? []), ...items])].toSorted()
  await queries.putConsent(ctx.db, { clientId: client.id, subject, items: all, givenAt: ctx.now })
  const details = { app: client.name, client: client.id, items: items.join(' ') }
  await recordEvent(ctx, { action: 'app.consent_given', target: subject, details })
}

/** Returns what a user has agreed to, at each app. */
export function listConsents({ db }: With<'db'>, subject: string): Promise<Consent[]> {
  return queries.selectConsents(db, subject)
}

/** Takes back a user's consent to an app and ends everything that the app got of them; returns whether there was any of it. */
export async function withdrawConsent(
  ctx: InTransaction<Recording>,
  client: Pick<Client, 'id' | 'name'>,
  subject: string,
): Promise<boolean> {
  const key = { clientId: client.id, subject }
  // First the row, for which an authorization that has read it waits: its grant is revoked then.
  const hadConsent = await queries.deleteConsentRow(ctx.db, key)
  const ended = await revokeGrantsOf(ctx, key)
  if (!hadConsent && ended === 0) return false
  const details = { app: client.name, client: client.id, ended }
  await recordEvent(ctx, { action: 'app.consent_withdrawn', target: subject, details })
  return true
}
