// Attributes: fields of the profile that the operator declares. What may be declared, and who sees and changes a value.
import { isPlainName } from '#foundation/kernel/given-name.ts'
import type { FieldError } from '#foundation/kernel/refusal.ts'
import { isReservedKey } from '#foundation/kernel/reserved-keys.ts'
import { ATTRIBUTE_KEY_MAXIMUM, LABEL_MAXIMUM, LEAST_CHOICES } from '#foundation/kernel/stated-limits.ts'
import type { Instant } from '#foundation/kernel/time.ts'

export const ATTRIBUTE_TYPES = ['text', 'number', 'date', 'yes-no', 'choice'] as const
export type AttributeType = (typeof ATTRIBUTE_TYPES)[number]

/** Who sees or changes a value: admins only, or the user too. */
export const AUDIENCES = ['admin', 'user'] as const
export type Audience = (typeof AUDIENCES)[number]

/** Whether an attribute is asked at joining. The position in the list is the number that the database stores. */
export const AT_JOINING = ['never', 'optional', 'required'] as const
export type AtJoining = (typeof AT_JOINING)[number]

/** What an operator declares of an attribute. */
export interface Declaration {
  /** Permanent, since values and programs refer to it; one that was reserved later can be renamed. */
  readonly key: string
  readonly label: string
  readonly type: AttributeType
  /** The texts of a choice; empty for the other types. */
  readonly choices: readonly string[]
  readonly visibleTo: Audience
  readonly changedBy: Audience
  readonly atJoining: AtJoining
}

export interface Attribute extends Declaration {
  /** Attributes are shown in the order of their positions, then of their keys. */
  readonly position: number
  readonly revision: number
  readonly createdAt: Instant
}

export const MOST_CHOICES = 50
export const CHOICE_MAXIMUM = 100

/** A key begins with a letter, so that none has a meaning of its own in JavaScript, as `__proto__` has. */
export const KEY_PATTERN = `^[a-z][a-z0-9_]{0,${ATTRIBUTE_KEY_MAXIMUM - 1}}$`
const KEY = new RegExp(KEY_PATTERN)

/** Returns the errors of a declaration, at `/key`, `/label` and so on. */
export function fieldErrorsInDeclaration(declared: Declaration): FieldError[] {
  return [
    ...fieldErrorsInKey(declared.key),
    ...fieldErrorsInText('/label', declared.label, LABEL_MAXIMUM),
    ...fieldErrorsInChoices(declared),
    ...(declared.changedBy === 'user' && declared.visibleTo === 'admin'
      ? [{ pointer: '/changed_by', code: 'attribute.changed_unseen' }]
      : []),
    ...(declared.atJoining !== 'never' && declared.changedBy === 'admin'
      ? [{ pointer: '/at_joining', code: 'attribute.asked_unchangeable' }]
      : []),
  ]
}

/**
 * Returns the errors of a changed declaration. A key that stays is not looked at, so that an attribute whose key was reserved later can be
 * changed; only such a key can be renamed.
 */
export function fieldErrorsInChange(before: Declaration, after: Declaration): FieldError[] {
  const errors = fieldErrorsInDeclaration(after)
  if (before.key === after.key) return errors.filter(({ pointer }) => pointer !== '/key')
  return isReservedKey(before.key) ? errors : [...errors, { pointer: '/key', code: 'attribute.key_permanent' }]
}

/** Returns a free key instead of a reserved one. */
export function replacementKey(key: string, taken: readonly string[]): string {
  const wanted = `custom_${key}`
  const numbered = taken.map((_, index) => `${wanted}_${index + 2}`)
  return [wanted, ...numbered].find((one) => !taken.includes(one)) ?? wanted
}

function fieldErrorsInKey(key: string): FieldError[] {
  if (!KEY.test(key)) return [{ pointer: '/key', code: 'attribute.key_characters' }]
  return isReservedKey(key) ? [{ pointer: '/key', code: 'attribute.key_reserved' }] : []
}

function fieldErrorsInChoices({ type, choices }: Declaration): FieldError[] {
  const pointer = '/choices'
  if (type !== 'choice') return choices.length === 0 ? [] : [{ pointer, code: 'attribute.choices_unused' }]
  if (choices.length < LEAST_CHOICES) return [{ pointer, code: 'attribute.too_few_choices' }]
  if (choices.length > MOST_CHOICES) return [{ pointer, code: 'field.too_many', facts: { maximum: MOST_CHOICES } }]
  if (new Set(choices).size < choices.length) return [{ pointer, code: 'attribute.choice_repeated' }]
  return choices.flatMap((one) => fieldErrorsInText(pointer, one, CHOICE_MAXIMUM)).slice(0, 1)
}

function fieldErrorsInText(pointer: string, text: string, maximum: number): FieldError[] {
  if (text === '') return [{ pointer, code: 'field.missing' }]
  if (Array.from(text).length > maximum) return [{ pointer, code: 'field.too_long', facts: { maximum } }]
  return isPlainName(text) ? [] : [{ pointer, code: 'field.characters' }]
}

/** Returns the declaration with its texts in Unicode form NFC and without spaces around them, as they are stored. */
export function normalized(declared: Declaration): Declaration {
  const trimmed = (text: string): string => text.normalize('NFC').trim()
  return { ...declared, label: trimmed(declared.label), choices: declared.choices.map(trimmed) }
}

/** Returns the choices that a change takes away. */
export function removedChoices(before: Declaration, after: Declaration): readonly string[] {
  return before.type === 'choice' && after.type === 'choice'
    ? before.choices.filter((one) => !after.choices.includes(one))
    : []
}

/** Whether a user of this audience may see the value. */
export function isVisibleTo({ visibleTo }: Pick<Declaration, 'visibleTo'>, audience: Audience): boolean {
  return audience === 'admin' || visibleTo === 'user'
}

/** Whether a user of this audience may change the value. */
export function isChangeableBy(attribute: Pick<Declaration, 'visibleTo' | 'changedBy'>, audience: Audience): boolean {
  return isVisibleTo(attribute, audience) && (audience === 'admin' || attribute.changedBy === 'user')
}

/** Whether a person is asked for the value when they join. */
export function isAsked(attribute: Declaration): boolean {
  return attribute.atJoining !== 'never' && isChangeableBy(attribute, 'user')
}

/** Returns the keys in the order that results when one of them moves to a position, counted from 1. */
export function movedTo(keys: readonly string[], key: string, position: number): string[] {
  const others = keys.filter((one) => one !== key)
  const at = Math.min(Math.max(position, 1), keys.length) - 1
  return [...others.slice(0, at), key, ...others.slice(at)]
}
