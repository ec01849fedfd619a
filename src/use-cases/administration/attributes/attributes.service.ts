// Declares, changes and deletes attributes.
import { renameAttemptAnswers } from '#domain/attempts/attempt.service.ts'
import {
  changeDeclared,
  type DeclarationChange,
  insertDeclared,
  listAttributes,
  readAttribute,
  removeDeclared,
} from '#domain/attributes/attribute.service.ts'
import { type Attribute, type Audience, type Declaration, isVisibleTo } from '#domain/attributes/attribute.ts'
import { auditedChange, type ChangeDeps } from '#domain/authorization/audited-change.service.ts'
import { forgetClientAttribute, renameClientAttribute } from '#domain/clients/client.service.ts'
import { renameRegisteredAnswers } from '#domain/registrations/registration.service.ts'
import type { With } from '#foundation/context.ts'
import type { Precondition } from '#foundation/kernel/optimistic-locking.ts'
import { permissionsOf, type Principal } from '#foundation/kernel/principal.ts'
import { Refusal } from '#foundation/kernel/refusal.ts'

/** A principal who reads users, or declares attributes, sees all of them; all others those that users see. */
function audienceOf(principal: Principal): Audience {
  const own = permissionsOf(principal)
  return own.includes('users:read') || own.includes('policy:write') ? 'admin' : 'user'
}

/** Returns the attributes that the principal may see, in their order. */
export async function seenAttributes(ctx: With<'db' | 'principal'>): Promise<Attribute[]> {
  const audience = audienceOf(ctx.principal)
  return (await listAttributes(ctx)).filter((attribute) => isVisibleTo(attribute, audience))
}

/** Returns one of them. Throws `attribute.not_found`. */
export async function seenAttribute(ctx: With<'db' | 'principal'>, key: string): Promise<Attribute> {
  const attribute = await readAttribute(ctx, key)
  if (!isVisibleTo(attribute, audienceOf(ctx.principal))) throw new Refusal('attribute.not_found')
  return attribute
}

/** Declares an attribute. Throws `request.validation_failed`, `attribute.key_taken` and `attribute.too_many`. */
export function declareAttribute(ctx: ChangeDeps, declared: Declaration): Promise<Attribute> {
  return auditedChange(ctx, { action: 'attribute.declared' }, (tx) => insertDeclared(tx, declared))
}

/**
 * Changes an attribute. Another key also renames the answers of those who are joining, and what apps get. Throws `attribute.not_found`, `attribute.key_taken`,
 * `request.validation_failed` and `resource.stale`.
 */
export function changeAttribute(
  ctx: ChangeDeps,
  key: string,
  change: DeclarationChange,
  precondition?: Precondition<Attribute>,
): Promise<Attribute> {
  return auditedChange(ctx, { action: 'attribute.changed', details: { attribute: key } }, async (tx) => {
    // Before the attributes are locked: a joining locks its row first, then the attributes (deadlock).
    if (change.key !== undefined && change.key !== key) {
      await renameRegisteredAnswers(tx, key, change.key)
      await renameAttemptAnswers(tx, key, change.key)
    }
    const changed = await changeDeclared(tx, key, change, precondition)
    if (changed.key !== key) await renameClientAttribute(tx, key, changed.key)
    return changed
  })
}

/** Moves an attribute by one position. Throws `attribute.not_found`. */
export function moveAttribute(ctx: ChangeDeps, key: string, by: -1 | 1): Promise<Attribute> {
  return auditedChange(ctx, { action: 'attribute.changed', details: { attribute: key } }, async (tx) => {
    const position = (await listAttributes(tx)).findIndex((one) => one.key === key) + 1
    return changeDeclared(tx, key, { position: position + by })
  })
}

/** Deletes an attribute with its values; returns how many users had one. Throws `attribute.not_found` and `resource.stale`. */
export function deleteAttribute(ctx: ChangeDeps, key: string, precondition?: Precondition<Attribute>): Promise<number> {
  return auditedChange(ctx, { action: 'attribute.deleted', details: { attribute: key } }, async (tx) => {
    const users = await removeDeclared(tx, key, precondition)
    await forgetClientAttribute(tx, key)
    return users
  })
}
