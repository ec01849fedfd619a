import type { Static, TObject } from '../http/type.ts'

import type { FieldError } from '../../kernel/field-error.ts'
import { Refusal } from '../../kernel/refusal.ts'
import type { RefusalCode } from '../../kernel/refusal.ts'
import { errorSummary } from '../components/error-summary.ts'
import { refusalWords } from '../components/wait.ts'
import type { Html } from '../html.ts'
import { parse } from '../http/schema.ts'
import { faultSentence } from '../../texts/texts.ts'
import type { Texts } from '../../texts/texts.ts'

/** A form as it comes back to the person: what was typed, never a secret, and what is wrong with it. */
export interface FormState {
  readonly values: Readonly<Record<string, string>>
  readonly faults: readonly FieldError[]
  /** What is wrong with the form as a whole. */
  readonly refusal?: Refusal | undefined
}

export const EMPTY_FORM: FormState = { values: {}, faults: [] }

/** Which field a refusal is about when it names none itself. */
const ABOUT_FIELD: Partial<Record<RefusalCode, string>> = {
  'user.username_taken': '/username',
  'user.email_taken': '/email',
}

/**
 * A urlencoded body in the shape of `schema`. A field left empty counts as absent, since a browser sends every field;
 * a field the schema does not know is dropped, since password managers add some.
 */
export function readForm<Schema extends TObject>(
  schema: Schema,
  body: unknown,
): { readonly value: Static<Schema> } | { readonly faults: readonly FieldError[] } {
  const typed = fieldsOf(body)
  const known = Object.keys(schema.properties).filter((name) => Object.hasOwn(typed, name) && typed[name] !== '')
  return parse(schema, Object.fromEntries(known.map((name) => [name, typed[name]])))
}

/** The form again, with the fields in `keep` as they were typed. Fields for passwords and codes must not be named. */
export function refusedForm(body: unknown, keep: readonly string[], why: Refusal | readonly FieldError[]): FormState {
  const values = keptValues(body, keep)
  if (!(why instanceof Refusal))
    return { values, faults: why, refusal: new Refusal('request.validation_failed', { faults: why }) }
  return { values, faults: faultsOf(why), refusal: why }
}

/** What is wrong with one field, in words. */
export function errorOf(say: Texts, { faults }: FormState, name: string): string | undefined {
  const fault = faults.find(({ pointer }) => pointer === `/${name}`)
  return fault && sentenceFor(say, fault)
}

/** What is wrong, for a form of a single field: everything stands beside that field. */
export function soleError(say: Texts, state: FormState, name: string): Html | string | undefined {
  return errorOf(say, state, name) ?? (state.refusal && refusalWords(say, state.refusal))
}

/** The id of a field; with its label where what may be wrong with it does not say which field is meant. */
export type SummaryField = string | { readonly id: string; readonly label: string }

/** The summary above a form of several fields; `fields` leads from a field's name to the field, to link there. */
export function formSummary(
  say: Texts,
  state: FormState,
  fields: Readonly<Record<string, SummaryField>>,
  focused = true,
): Html | undefined {
  const { refusal, faults } = state
  if (!refusal) return undefined
  const items = faults.map((fault) => summaryItem(say, fault, fields[fault.pointer.slice(1)]))
  const whole = { message: refusalWords(say, refusal) }
  return errorSummary({ heading: say.words.problem, items: items.length > 0 ? items : [whole], focused })
}

function summaryItem(say: Texts, fault: FieldError, field: SummaryField | undefined) {
  const message = sentenceFor(say, fault)
  if (field === undefined || typeof field === 'string') return { message, field }
  return { message: say.words.faultOf(field.label, message), field: field.id }
}

export type Outcome<Answer> =
  | { readonly answer: Answer; readonly refusal?: undefined }
  | { readonly answer?: undefined; readonly refusal: Refusal }

/** The answer, or the refusal that a form shows; anything else goes on as the bug or outage it is. */
export async function answerOf<Answer>(work: Promise<Answer>): Promise<Outcome<Answer>> {
  try {
    return { answer: await work }
  } catch (error) {
    if (error instanceof Refusal) return { refusal: error }
    throw error
  }
}

function faultsOf({ code, facts }: Refusal): readonly FieldError[] {
  const pointer = ABOUT_FIELD[code]
  return facts.faults ?? (pointer === undefined ? [] : [{ pointer, code }])
}

function sentenceFor(say: Texts, fault: FieldError): string {
  const missing: Readonly<Record<string, string>> = say.missing
  const own = fault.code === 'field.missing' ? missing[fault.pointer.slice(1)] : undefined
  return own ?? faultSentence(say, fault)
}

function keptValues(body: unknown, keep: readonly string[]): Record<string, string> {
  const typed = fieldsOf(body)
  const texts = keep.map((name) => [name, Object.hasOwn(typed, name) ? typed[name] : undefined] as const)
  return Object.fromEntries(texts.filter((entry): entry is [string, string] => typeof entry[1] === 'string'))
}

function fieldsOf(body: unknown): Readonly<Record<string, unknown>> {
  return typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {}
}
