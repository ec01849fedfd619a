// Consents of users to apps: given, evaluated, listed and withdrawn.
import { documentDigest } from '#domain/agents/agent.ts'
import { recordEvent } from '#domain/audit/audit.service.ts'
import type { Client } from '#domain/clients/client.ts'
import type { InTransaction, With } from '#foundation/context.ts'
import * as queries from './consent.queries.ts'
import { type Consent, type ConsentItem, coversItems } from './consent.ts'
import { revokeGrantsOf } from './grant.service.ts'

type Recording = With<'db' | 'now' | 'newId' | 'random' | 'keyring' | 'principal'>

/**
 * Whether a user has agreed to all of these, or the app is trusted, so that its users are not asked. What was agreed to at an agent counts as long
 * as its document says the same. Inside a transaction the consent is not withdrawn before that ends.
 */
export async function hasConsent(
  { db }: With<'db'>,
  client: Client,
  subject: string,
  items: readonly ConsentItem[],
): Promise<boolean> {
  if (client.trusted) return true
  const consent = await queries.selectConsent(db, { clientId: client.id, subject })
  return consent !== undefined && isOfSameDocument(consent, documentDigest(client)) && coversItems(consent.items, items)
}

function isOfSameDocument({ document }: Pick<Consent, 'document'>, digest: string | null): boolean {
  return document === digest
}

/** Stores that a user agrees to these, beside what they agreed to before; at an agent only beside what they agreed to by the same document. */
export async function giveConsent(
  ctx: InTransaction<Recording>,
  client: Client,
  subject: string,
  items: readonly ConsentItem[],
): Promise<void> {
  const document = documentDigest(client)
  const consent = { clientId: client.id, subject, items: items.toSorted(), givenAt: ctx.now, document }
  if (!(await queries.insertConsent(ctx.db, consent)) && !(await addToConsent(ctx, consent))) return
  const details = { app: client.name, client: client.id, items: items.join(' ') }
  await recordEvent(ctx, { action: 'app.consent_given', target: subject, details })
}

/** Returns whether the user had not agreed to all of it. The row is locked: of two tabs each adds what its page has shown (lost update). */
async function addToConsent({ db }: InTransaction<With<'db'>>, consent: Consent): Promise<boolean> {
  const before = await queries.takeConsent(db, consent)
  const kept = before !== undefined && isOfSameDocument(before, consent.document) ? before.items : undefined
  if (kept !== undefined && coversItems(kept, consent.items)) return false
  const items = [...new Set([...(kept ?? []), ...consent.items])].toSorted()
  await queries.putConsent(db, { ...consent, items })
  return true
}

/** Returns what a user has agreed to at an app; undefined if nothing. */
export function findConsent(
  { db }: With<'db'>,
  { id }: Pick<Client, 'id'>,
  subject: string,
): Promise<Consent | undefined> {
  return queries.selectConsent(db, { clientId: id, subject })
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
  await recordEvent(ctx, { action: 'app.consent_withdrawn', target: subject, details, ending: { clientId: client.id } })
  return true
}
