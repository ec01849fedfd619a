// The values of attributes: reads those of a user, and writes them in the transaction of a change.
import { recordEvent } from '#domain/audit/audit.service.ts'
import { updateUser } from '#domain/users/user.service.ts'
import type { User } from '#domain/users/user.ts'
import type { InTransaction, With } from '#foundation/context.ts'
import type { Precondition } from '#foundation/kernel/optimistic-locking.ts'
import { requireNoFieldErrors } from '#foundation/kernel/refusal.ts'
import {
  changesIn,
  type GivenBy,
  type GivenValues,
  readValue,
  storedValue,
  type ValueChange,
  type ValuedAttribute,
} from './attribute-value.ts'
import * as queries from './attribute.queries.ts'
import { type Attribute, type Audience, isAsked, isVisibleTo } from './attribute.ts'

type Deps = With<'db' | 'now' | 'newId' | 'random' | 'keyring' | 'principal'>
type Owner = Pick<User, 'subject' | 'username'>

/** Returns the attributes that this audience may see, in their order, with the values of a user; null for a user who does not exist yet. */
export async function valuedAttributes(
  { db }: With<'db'>,
  subject: string | null,
  audience: Audience,
): Promise<ValuedAttribute[]> {
  return withValues(await queries.selectAttributes(db), await valuesOf({ db }, subject), audience)
}

async function valuesOf({ db }: With<'db'>, subject: string | null): Promise<ReadonlyMap<string, string>> {
  return subject === null ? new Map() : queries.selectValues(db, subject)
}

/** A stored text that its attribute no longer allows counts as none; only another program can have written it. */
function withValues(
  attributes: readonly Attribute[],
  values: ReadonlyMap<string, string>,
  audience: Audience,
): ValuedAttribute[] {
  return attributes
    .filter((attribute) => isVisibleTo(attribute, audience))
    .map((attribute) => {
      const stored = values.get(attribute.key)
      const value = stored === undefined ? null : storedValue(attribute, stored)
      return { attribute, value: value !== null && readValue(attribute, value).fault === undefined ? value : null }
    })
}

/** Returns what a person is asked at joining, with the values that they have already. */
export async function askedAttributes(ctx: With<'db'>, subject: string | null): Promise<ValuedAttribute[]> {
  const shown = await valuedAttributes(ctx, subject, 'user')
  return shown.filter(({ attribute }) => isAsked(attribute))
}

/**
 * Writes given values of a user and records the event, which holds the keys and no value; returns whether a value changed. The declarations
 * are locked, so that none changes or is deleted meanwhile. The transaction also writes the user's row, whose revision excludes a parallel
 * change (lost update). Throws `request.validation_failed`.
 */
export async function writeValues(
  tx: InTransaction<Deps>,
  user: Owner,
  given: GivenValues,
  { precondition, ...by }: GivenBy & { readonly precondition?: Precondition<readonly ValuedAttribute[]> | undefined },
): Promise<boolean> {
  const attributes = await queries.shareAttributes(tx.db)
  const shown = withValues(attributes, await queries.selectValues(tx.db, user.subject), by.audience)
  precondition?.(shown)
  const { changes, errors } = changesIn(shown, given, by)
  requireNoFieldErrors(errors)
  return storeChanges(tx, user, changes)
}

/** How given values of a user are changed: the prefix of the pointers of errors, and what must hold of the values before. */
export interface ValuesChange {
  readonly prefix?: string
  readonly precondition?: Precondition<readonly ValuedAttribute[]> | undefined
}

/** Writes given values of a user, and leaves the others as they are; returns all that this audience sees. Throws as `writeValues` does. */
export async function changeValues(
  tx: InTransaction<Deps>,
  user: User,
  given: GivenValues,
  { audience, prefix = '/', precondition }: ValuesChange & { readonly audience: Audience },
): Promise<ValuedAttribute[]> {
  // The revision of the row excludes a parallel change of the same user (lost update).
  if (await writeValues(tx, user, given, { audience, prefix, precondition })) await updateUser(tx, user, {})
  return valuedAttributes(tx, user.subject, audience)
}

/**
 * Writes what a person has answered at joining, as their own act. An answer whose attribute was deleted or changed since, so that it would
 * no longer be accepted, is left out: the person has long left the form.
 */
export async function writeAnswers(tx: Deps, user: Owner, answers: GivenValues): Promise<void> {
  if (Object.keys(answers).length === 0) return
  const attributes = (await queries.shareAttributes(tx.db)).filter(isAsked)
  const shown = withValues(attributes, await queries.selectValues(tx.db, user.subject), 'user')
  const { changes } = changesIn(shown, answers, { audience: 'user', prefix: '/' })
  await storeChanges(tx, user, changes, user.subject)
}

async function storeChanges(
  tx: Deps,
  { subject, username }: Owner,
  changes: readonly ValueChange[],
  actor?: string,
): Promise<boolean> {
  if (changes.length === 0) return false
  for (const { key, stored } of changes) {
    if (stored === null) await queries.deleteValue(tx.db, { subject, key })
    else await queries.putValue(tx.db, { subject, key, value: stored }, tx.now)
  }
  const details = { username, attributes: changes.map(({ key }) => key).join(' ') }
  await recordEvent(tx, { action: 'user.attributes_changed', target: subject, details, ...(actor && { actor }) })
  return true
}
