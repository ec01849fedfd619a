// Values of attributes: from JSON and from text to what is stored, and back.
import { isPlainName } from '#foundation/kernel/given-name.ts'
import type { FieldError } from '#foundation/kernel/refusal.ts'
import { isDay } from '#foundation/kernel/start-of-day.ts'
import { NUMBER_DIGITS } from '#foundation/kernel/stated-limits.ts'
import { type Attribute, type Audience, type Declaration, isAsked, isChangeableBy, isVisibleTo } from './attribute.ts'

/** A value as JSON has it: text, also for a date and a choice, a number, or true for yes. */
export type AttributeValue = string | number | boolean

/** Values by the keys of their attributes; null removes one. */
export type GivenValues = Readonly<Record<string, AttributeValue | null>>

export interface ValuedAttribute {
  readonly attribute: Attribute
  /** Null where there is none. */
  readonly value: AttributeValue | null
}

export const TEXT_MAXIMUM = 300

type Fault = Pick<FieldError, 'code' | 'facts'>
type Reading =
  | { readonly stored: string; readonly fault?: undefined }
  | { readonly stored?: undefined; readonly fault: Fault }

/** Returns the text that is stored for a value, or why it is none of this attribute. */
export function readValue(attribute: Pick<Declaration, 'type' | 'choices'>, value: AttributeValue): Reading {
  switch (attribute.type) {
    case 'text':
      return readText(value)
    case 'number':
      // The shortest decimal form that reads as the same number (ECMA-262 §6.1.6.1.20).
      return typeof value === 'number' && Number.isFinite(value)
        ? { stored: String(value) }
        : { fault: { code: 'attribute.number' } }
    case 'date':
      return typeof value === 'string' && isDay(value)
        ? { stored: value }
        : { fault: { code: 'field.format', facts: { format: 'date' } } }
    case 'yes-no':
      return typeof value === 'boolean' ? { stored: value ? 'yes' : 'no' } : { fault: { code: 'attribute.yes_no' } }
    case 'choice':
      return readChoice(attribute.choices, value)
  }
}

function readText(value: AttributeValue): Reading {
  if (typeof value !== 'string') return { fault: { code: 'field.type', facts: { wanted: 'string' } } }
  const text = value.normalize('NFC').trim()
  if (text === '') return { fault: { code: 'field.missing' } }
  if (Array.from(text).length > TEXT_MAXIMUM)
    return { fault: { code: 'field.too_long', facts: { maximum: TEXT_MAXIMUM } } }
  return isPlainName(text) ? { stored: text } : { fault: { code: 'field.characters' } }
}

function readChoice(choices: readonly string[], value: AttributeValue): Reading {
  const text = typeof value === 'string' ? value.normalize('NFC').trim() : ''
  return choices.includes(text)
    ? { stored: text }
    : { fault: { code: 'field.choice', facts: { choices: choices.join(', ') } } }
}

/** Returns the value of a stored text. */
export function storedValue({ type }: Pick<Declaration, 'type'>, stored: string): AttributeValue {
  if (type === 'number') return Number(stored)
  return type === 'yes-no' ? stored === 'yes' : stored
}

const NUMBER = new RegExp(String.raw`^-?(?=.{1,${NUMBER_DIGITS}}$)\d+(?:\.\d+)?$`)

/** A decimal comma. With three digits after it, it may separate thousands, so that the number would be another one. */
const DECIMAL_COMMA = /^(-?\d+),(?!\d{3}$)(\d+)$/

/**
 * Returns the value that a person has typed into a field, a cell or a command line; null for an empty text. A text that is no value of the
 * type stays text, which `readValue` refuses.
 */
export function typedValue({ type }: Pick<Declaration, 'type'>, typed: string): AttributeValue | null {
  const text = typed.trim()
  if (text === '') return null
  // Also the form in which a great or small number is shown, such as 1e+21.
  if (type === 'number') {
    const number = text.replace(DECIMAL_COMMA, '$1.$2')
    return NUMBER.test(number) || String(Number(number)) === number ? Number(number) : text
  }
  if (type !== 'yes-no') return text
  const word = text.toLowerCase()
  if (word === 'yes' || word === 'true') return true
  return word === 'no' || word === 'false' ? false : text
}

/** Returns a value as text, as `typedValue` reads it. */
export function valueText(value: AttributeValue | null): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  return value === null ? '' : String(value)
}

/** A change of one value; null removes it. */
export interface ValueChange {
  readonly key: string
  readonly stored: string | null
}

export interface GivenBy {
  readonly audience: Audience
  /** What stands before the key in the pointer of an error, such as `/attributes/`. */
  readonly prefix: string
}

/**
 * Returns the changes that given values ask for, or their errors. An attribute that the giver may not see counts as unknown, so that its
 * key is not revealed. Once answered, what is required at joining is not emptied by the user.
 */
export function changesIn(
  shown: readonly ValuedAttribute[],
  given: GivenValues,
  { audience, prefix }: GivenBy,
): { readonly changes: readonly ValueChange[]; readonly errors: readonly FieldError[] } {
  const changes: ValueChange[] = []
  const errors: FieldError[] = []
  for (const [key, value] of Object.entries(given)) {
    const current = shown.find(({ attribute }) => attribute.key === key)
    const read = changeOf(current, key, value, audience)
    if ('code' in read) errors.push({ pointer: `${prefix}${key}`, ...read })
    else if (read.stored !== valueTextOrNull(current?.value)) changes.push(read)
  }
  return { changes, errors }
}

function changeOf(
  current: ValuedAttribute | undefined,
  key: string,
  value: AttributeValue | null,
  audience: Audience,
): ValueChange | Fault {
  if (current === undefined || !isVisibleTo(current.attribute, audience)) return { code: 'field.unknown' }
  const { attribute } = current
  if (!isChangeableBy(attribute, audience)) return { code: 'attribute.admin_only' }
  if (value === null) {
    const stays = audience === 'user' && attribute.atJoining === 'required' && current.value !== null
    return stays ? { code: 'field.missing' } : { key, stored: null }
  }
  const read = readValue(attribute, value)
  return read.fault ?? { key, stored: read.stored }
}

function valueTextOrNull(value: AttributeValue | null | undefined): string | null {
  return value === null || value === undefined ? null : valueText(value)
}

/** Returns the errors of what a person answers at joining: of the answers, and of those that are required and missing. */
export function fieldErrorsInAnswers(
  shown: readonly ValuedAttribute[],
  given: GivenValues,
  prefix: string,
): readonly FieldError[] {
  const asked = shown.filter(({ attribute }) => isAsked(attribute))
  const { errors } = changesIn(asked, given, { audience: 'user', prefix })
  const missing = asked.filter(({ attribute, value }) => {
    const answer = Object.hasOwn(given, attribute.key) ? given[attribute.key] : value
    return attribute.atJoining === 'required' && (answer === null || answer === undefined)
  })
  const known = new Set(errors.map(({ pointer }) => pointer))
  const lacking = missing.map(({ attribute }) => ({ pointer: `${prefix}${attribute.key}`, code: 'field.missing' }))
  return [...errors, ...lacking.filter(({ pointer }) => !known.has(pointer))]
}

/** Returns the text as which answers are kept until their user exists; null without any. */
export function answersText(answers: GivenValues): string | null {
  return Object.keys(answers).length === 0 ? null : JSON.stringify(answers)
}

/** Returns how a key stands in such a text. No value contains it: quotation marks in values are escaped. */
export function answerKeyText(key: string): string {
  return `${JSON.stringify(key)}:`
}

/** Returns the answers of such a text. */
export function answersIn(text: string | null): GivenValues {
  return text === null ? {} : (JSON.parse(text) as GivenValues)
}
