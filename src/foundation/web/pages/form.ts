import { type FieldError, Refusal, type RefusalCode } from '#foundation/kernel/refusal.ts'
import { fieldErrorSentence, sentenceFor, type Texts } from '#foundation/texts/texts.ts'
import { errorSummary, refusalWords } from '../components/error-summary.ts'
import { banner } from '../components/status.ts'
import { type Html, html } from '../html.ts'
import { readJson } from '../http/json.ts'
import { fieldIn } from '../http/redirect.ts'
import { parse, type Parsed } from '../http/schema.ts'
import type { Static, TObject, TSchema } from '../http/type.ts'

/** A form that is shown again: what was typed, except secrets, and its errors. */
export interface FormState {
  readonly values: Readonly<Record<string, string>>
  readonly fieldErrors: readonly FieldError[]
  /** The refusal of the form as a whole. */
  readonly refusal?: Refusal | undefined
  /** Whether it was sent after its session had ended, so that it has to be sent again. */
  readonly isUnsaved?: boolean
}

export const EMPTY_FORM: FormState = { values: {}, fieldErrors: [] }

/** The field of a refusal that names none itself. */
const ABOUT_FIELD: Partial<Record<RefusalCode, string>> = {
  'user.username_taken': '/username',
  'user.email_taken': '/email',
  'role.name_taken': '/name',
}

/**
 * Parses an urlencoded body in the shape of `schema`. An empty field counts as absent, since browsers send every field. A field that the
 * schema does not list is ignored, since password managers add some.
 */
export function readForm<Schema extends TObject>(schema: Schema, body: unknown): Parsed<Static<Schema>> {
  const fields = Object.keys(schema.properties).map((name) => [name, fieldIn(body, name)] as const)
  return parse(schema, Object.fromEntries(fields.filter(([, value]) => value !== undefined && value !== '')))
}

/** The text of one field of a submitted form; empty where it is absent. */
export function typedText(body: unknown, name: string): string {
  const text = fieldIn(body, name)
  return typeof text === 'string' ? text : ''
}

/** The text of one parameter of a query, without blanks around it; undefined where it is absent or empty. */
export function queryText(query: unknown, name: string): string | undefined {
  return typedText(query, name).trim() || undefined
}

/** Longer than the longest response of a browser about a passkey. */
const LONGEST_JSON = 48_000

/**
 * Parses the form field `name`, which a module filled with JSON in the shape of `schema`. Returns undefined for anything else: no user
 * types such a field, so an error beside it could not be corrected.
 */
export function readJsonField<Schema extends TSchema>(
  schema: Schema,
  body: unknown,
  name: string,
): Static<Schema> | undefined {
  const text = fieldIn(body, name)
  if (typeof text !== 'string' || text.length > LONGEST_JSON) return undefined
  try {
    const parsed = parse(schema, readJson(Buffer.from(text)))
    return 'fieldErrors' in parsed ? undefined : parsed.value
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

/** The form to show again, with the fields in `keep` as they were typed. Fields for passwords and codes must not be in `keep`. */
export function refusedForm(body: unknown, keep: readonly string[], why: Refusal | readonly FieldError[]): FormState {
  const texts = keep.map((name) => [name, fieldIn(body, name)] as const)
  const values = Object.fromEntries(texts.filter((entry): entry is [string, string] => typeof entry[1] === 'string'))
  return formOf(values, why instanceof Refusal ? why : new Refusal('request.validation_failed', { fieldErrors: why }))
}

export function formOf(values: FormState['values'], refusal: Refusal): FormState {
  return { values, fieldErrors: refusalFieldErrors(refusal), refusal }
}

export function errorOf(say: Texts, { fieldErrors }: FormState, name: string): string | undefined {
  const fieldError = fieldErrors.find(({ pointer }) => pointer === `/${name}`)
  return fieldError && formErrorSentence(say, fieldError)
}

/** The field `id` as it was typed, with its error; before the form is submitted it has the value `initial`. Not for passwords and codes. */
export function typedField<const Id extends string>(say: Texts, state: FormState, id: Id, initial?: string) {
  return { id, value: state.values[id] ?? initial, error: errorOf(say, state, id) }
}

/** Whether what the form changes was changed by someone else since it was shown. */
export function isStale({ refusal }: FormState): boolean {
  return refusal?.code === 'resource.stale'
}

/**
 * The hidden field with the tag of what the form changes, as it was shown. After a conflict it is the `current` one, so that the next
 * submission may overwrite what is stored by then.
 */
export function seenField(state: FormState, current: string): Html {
  const seen = isStale(state) ? undefined : state.values['seen']
  return html`<input type="hidden" name="seen" value="${seen ?? current}" />`
}

/** The sentence of the error, for a form of a single field, which shows every error beside that field. */
export function soleError(say: Texts, state: FormState, name: string): Html | string | undefined {
  return errorOf(say, state, name) ?? (state.refusal && refusalWords(say, state.refusal))
}

/** The id of a field, with its label if the sentences of its errors do not say which field they mean. */
export type SummaryField = string | { readonly id: string; readonly label: string }

/** Fields whose ids are their names, with what the summary calls them. */
export function withLabels(labels: Readonly<Record<string, string>>): Readonly<Record<string, SummaryField>> {
  return Object.fromEntries(Object.entries(labels).map(([id, label]) => [id, { id, label }]))
}

/** The error summary above a form of several fields; `fields` maps a field's name to the element to link to. */
export function formSummary(
  say: Texts,
  state: FormState,
  fields: Readonly<Record<string, SummaryField>>,
  focused = true,
): Html | undefined {
  const { refusal, fieldErrors, isUnsaved = false } = state
  if (!refusal) return isUnsaved ? banner('warn', say.words.notSavedYet) : undefined
  const items = fieldErrors.map((fieldError) => summaryItem(say, fieldError, fields[fieldError.pointer.slice(1)]))
  const formError = { message: refusalWords(say, refusal) }
  return errorSummary({ heading: say.words.problem, items: items.length > 0 ? items : [formError], focused })
}

function summaryItem(say: Texts, fieldError: FieldError, field: SummaryField | undefined) {
  const message = formErrorSentence(say, fieldError)
  if (field === undefined || typeof field === 'string') return { message, field }
  return { message: say.words.faultOf(field.label, message), field: field.id }
}

/** The same refusal with the names of the form's fields, which `fieldOf` returns for those of the API. */
export function withFormPointers(refusal: Refusal, fieldOf: (pointer: string) => string): Refusal {
  const { fieldErrors } = refusal.facts
  if (fieldErrors === undefined) return refusal
  const renamed = fieldErrors.map((one) => ({ ...one, pointer: fieldOf(one.pointer) }))
  return new Refusal(refusal.code, { ...refusal.facts, fieldErrors: renamed }, { cause: refusal })
}

export type Outcome<Answer> =
  | { readonly answer: Answer; readonly refusal?: undefined }
  | { readonly answer?: undefined; readonly refusal: Refusal }

/** The answer, or the refusal that the form shows. Any other error is thrown again, and so is what waits for a second admin: it leads on. */
export async function answerOf<Answer>(work: Promise<Answer>): Promise<Outcome<Answer>> {
  try {
    return { answer: await work }
  } catch (error) {
    if (error instanceof Refusal && error.kind !== 'waiting') return { refusal: error }
    throw error
  }
}

/** Waits for the removal of a thing; its refusal with the code `gone` is a success, since another submission or the clock was first. */
export async function unlessGone(gone: RefusalCode, removal: Promise<unknown>): Promise<void> {
  const { refusal } = await answerOf(removal)
  if (refusal && refusal.code !== gone) throw refusal
}

function refusalFieldErrors({ code, facts }: Refusal): readonly FieldError[] {
  const pointer = ABOUT_FIELD[code]
  return facts.fieldErrors ?? (pointer === undefined ? [] : [{ pointer, code }])
}

function formErrorSentence(say: Texts, fieldError: FieldError): string {
  const own = fieldError.code === 'field.missing' ? sentenceFor(say.missing, fieldError.pointer.slice(1)) : undefined
  return own ?? fieldErrorSentence(say, fieldError)
}
