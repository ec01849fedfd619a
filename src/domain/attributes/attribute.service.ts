// Attributes: fields of the profile that the operator declares. Reads and changes the declarations.
import { recordEvent } from '#domain/audit/audit.service.ts'
import type { InTransaction, With } from '#foundation/context.ts'
import { withGiven } from '#foundation/kernel/given-fields.ts'
import type { Precondition } from '#foundation/kernel/optimistic-locking.ts'
import { type FieldError, Refusal, requireNoFieldErrors } from '#foundation/kernel/refusal.ts'
import { MOST_ATTRIBUTES } from '#foundation/kernel/stated-limits.ts'
import { lockFor } from '#foundation/platform/database/lock.ts'
import * as queries from './attribute.queries.ts'
import {
  type Attribute,
  type Declaration,
  fieldErrorsInChange,
  fieldErrorsInDeclaration,
  movedTo,
  normalized,
  removedChoices,
} from './attribute.ts'

type Deps = With<'db' | 'now' | 'newId' | 'random' | 'keyring' | 'principal'>

/** Returns all attributes in their order. */
export function listAttributes({ db }: With<'db'>): Promise<Attribute[]> {
  return queries.selectAttributes(db)
}

/** The same, locked against a change and a deletion until the transaction ends. */
export function holdAttributes({ db }: InTransaction<With<'db'>>): Promise<Attribute[]> {
  return queries.shareAttributes(db)
}

/** Returns the attribute with this key. Throws `attribute.not_found`. */
export async function readAttribute(ctx: With<'db'>, key: string): Promise<Attribute> {
  return attributeIn(await listAttributes(ctx), key)
}

function attributeIn(attributes: readonly Attribute[], key: string): Attribute {
  const found = attributes.find((one) => one.key === key)
  if (found === undefined) throw new Refusal('attribute.not_found')
  return found
}

/** Returns how many users have a value of the attribute. */
export function countUsersWith({ db }: With<'db'>, key: string): Promise<number> {
  return queries.countValues(db, key)
}

/**
 * Declares an attribute, as the last of the list. Throws `request.validation_failed`, `attribute.key_taken` and `attribute.too_many`. Call it
 * inside an authorized transaction, as the functions below.
 */
export async function insertDeclared(tx: InTransaction<Deps>, wanted: Declaration): Promise<Attribute> {
  const declared = normalized(wanted)
  requireNoFieldErrors(fieldErrorsInDeclaration(declared))
  // Two transactions would both count one less than the limit. Attributes and policies are made rarely, so they share the lock.
  await lockFor(tx.db, 'policies')
  const others = await queries.takeAttributes(tx.db)
  if (others.length >= MOST_ATTRIBUTES) throw new Refusal('attribute.too_many')
  const position = (others.at(-1)?.position ?? 0) + 1
  if (!(await queries.insertAttribute(tx.db, declared, { position, now: tx.now })))
    throw new Refusal('attribute.key_taken')
  await recordEvent(tx, { action: 'attribute.declared', details: eventDetails(declared) })
  return { ...declared, position, revision: 1, createdAt: tx.now }
}

/** What a change may replace, and the position in the list, counted from 1. An omitted field stays. */
export type DeclarationChange = {
  readonly [Field in keyof Declaration]?: Declaration[Field] | undefined
} & { readonly position?: number | undefined }

/**
 * Changes an attribute. Another type and the removal of a choice are refused while users have such a value, since it would be lost; another
 * key, unless the current one is reserved. Throws `attribute.not_found`, `attribute.key_taken`, `request.validation_failed` and
 * `resource.stale`.
 */
export async function changeDeclared(
  tx: InTransaction<Deps>,
  key: string,
  { position, ...change }: DeclarationChange,
  precondition?: Precondition<Attribute>,
): Promise<Attribute> {
  // A parallel declaration may take the new key.
  if (change.key !== undefined) await lockFor(tx.db, 'policies')
  const attributes = await queries.takeAttributes(tx.db)
  const before = attributeIn(attributes, key)
  precondition?.(before)
  const wanted = normalized(changedDeclaration(before, change))
  requireNoFieldErrors([...fieldErrorsInChange(before, wanted), ...(await lossesIn(tx, before, wanted))])
  if (wanted.key !== key) {
    if (attributes.some((one) => one.key === wanted.key)) throw new Refusal('attribute.key_taken')
    await queries.renameAttributeRow(tx.db, key, wanted.key)
  }
  const fields = differingFields(before, wanted)
  if (fields.length > 0) await queries.updateDeclaration(tx.db, wanted)
  const order = attributes.map((one) => (one.key === key ? wanted.key : one.key))
  const moved = position !== undefined && (await move(tx, order, wanted.key, position))
  if (fields.length > 0 || moved) {
    const renamed = wanted.key === key ? {} : { former_key: key }
    const details = {
      ...eventDetails(wanted),
      ...renamed,
      fields: [...fields, ...(moved ? ['position'] : [])].join(' '),
    }
    await recordEvent(tx, { action: 'attribute.changed', details })
  }
  return readAttribute(tx, wanted.key)
}

/** A type without choices has none, so that they need not be emptied by the same change. */
function changedDeclaration(before: Declaration, change: Omit<DeclarationChange, 'position'>): Declaration {
  const wanted = withGiven(before, change)
  const hasChoices = wanted.type === 'choice' || change.choices !== undefined
  return hasChoices ? wanted : { ...wanted, choices: [] }
}

async function lossesIn({ db }: With<'db'>, before: Declaration, wanted: Declaration): Promise<FieldError[]> {
  const { key } = before
  if (before.type !== wanted.type) {
    const users = await queries.countValues(db, key)
    return users === 0 ? [] : [{ pointer: '/type', code: 'attribute.type_in_use', facts: { users } }]
  }
  const removed = removedChoices(before, wanted)
  const users = removed.length === 0 ? 0 : await queries.countValues(db, key, removed)
  return users === 0 ? [] : [{ pointer: '/choices', code: 'attribute.choice_in_use', facts: { users } }]
}

function differingFields(before: Declaration, after: Declaration): string[] {
  const names = { key: 'key', label: 'label', type: 'type', choices: 'choices' } as const
  const columns = { ...names, visibleTo: 'visible_to', changedBy: 'changed_by', atJoining: 'at_joining' } as const
  return Object.entries(columns).flatMap(([field, name]) => {
    const of = (one: Declaration): string => JSON.stringify(one[field as keyof typeof columns])
    return of(before) === of(after) ? [] : [name]
  })
}

async function move({ db }: With<'db'>, before: readonly string[], key: string, position: number): Promise<boolean> {
  const after = movedTo(before, key, position)
  if (after.every((one, index) => one === before[index])) return false
  for (const [index, one] of after.entries()) await queries.updatePosition(db, one, index + 1)
  return true
}

/** Deletes an attribute with its values; returns how many users had one. Throws `attribute.not_found` and `resource.stale`. */
export async function removeDeclared(tx: Deps, key: string, precondition?: Precondition<Attribute>): Promise<number> {
  const attribute = attributeIn(await queries.takeAttributes(tx.db), key)
  precondition?.(attribute)
  await queries.deleteAttributeRow(tx.db, key)
  const users = await queries.countValues(tx.db, key)
  await queries.deleteValuesOf(tx.db, key)
  await recordEvent(tx, { action: 'attribute.deleted', details: { ...eventDetails(attribute), users } })
  return users
}

function eventDetails({ key, label }: Declaration) {
  return { attribute: key, label }
}
