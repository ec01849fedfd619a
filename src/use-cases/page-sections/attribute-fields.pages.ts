// The fields of attributes in the forms of the profile, of a user, and of people who are joining.
import {
  type AttributeValue,
  type GivenValues,
  typedValue,
  type ValuedAttribute,
  valueText,
} from '#domain/attributes/attribute-value.ts'
import { type Attribute, type Audience, isChangeableBy } from '#domain/attributes/attribute.ts'
import type { Texts } from '#foundation/texts/texts.ts'
import { selectField } from '#foundation/web/components/choice.ts'
import { textField } from '#foundation/web/components/field.ts'
import { name, withNames } from '#foundation/web/components/person-name.ts'
import { type Html, html } from '#foundation/web/html.ts'
import { fieldIn } from '#foundation/web/http/redirect.ts'
import { errorOf, type FormState, type SummaryField } from '#foundation/web/pages/form.ts'
import { storedNow } from './conflict.pages.ts'

/** What stands before the key in the name of a field, and in the pointer of its error. */
export const ATTRIBUTE_PREFIX = 'attributes/'

function nameOf({ key }: Attribute): string {
  return `${ATTRIBUTE_PREFIX}${key}`
}

function idOf({ key }: Attribute): string {
  return `attribute-${key}`
}

/** The names of the fields, which are kept when a form is shown again. */
export function attributeNames(shown: readonly ValuedAttribute[]): string[] {
  return shown.map(({ attribute }) => nameOf(attribute))
}

/** For an error summary: the elements of the fields with their labels. */
export function attributeLinks(shown: readonly ValuedAttribute[]): Record<string, SummaryField> {
  return Object.fromEntries(
    shown.map(({ attribute }) => [nameOf(attribute), { id: idOf(attribute), label: attribute.label }]),
  )
}

/**
 * Returns the values of the fields that this audience may change and that the form had. An attribute that was declared after the page was
 * shown has no field, and its value stays.
 */
export function typedAttributes(shown: readonly ValuedAttribute[], body: unknown, audience: Audience): GivenValues {
  const typed = shown.flatMap(({ attribute }): [string, AttributeValue | null][] => {
    const text = fieldIn(body, nameOf(attribute))
    return typeof text === 'string' && isChangeableBy(attribute, audience)
      ? [[attribute.key, typedValue(attribute, text)]]
      : []
  })
  return Object.fromEntries(typed)
}

interface Shown {
  readonly audience: Audience
  /** Whether a required attribute must be answered now, also where it has no value yet. */
  readonly isJoining?: boolean
  /** Whether hint and error stand below the inputs, as in a form of two columns. */
  readonly textsBelow?: boolean
}

/** The fields, in their order; with the typed values after a refusal. What this audience may not change is shown as text. */
export function attributeFields(say: Texts, state: FormState, shown: readonly ValuedAttribute[], how: Shown): Html {
  return html`${shown.map((one) =>
    isChangeableBy(one.attribute, how.audience) ? inputFor(say, state, one, how) : fixedValue(say, one),
  )}`
}

function inputFor(
  say: Texts,
  state: FormState,
  { attribute, value }: ValuedAttribute,
  { audience, isJoining = false, textsBelow = false }: Shown,
): Html {
  const { section } = say.attributes
  const fieldName = nameOf(attribute)
  const isRequired = attribute.atJoining === 'required' && (isJoining || (audience === 'user' && value !== null))
  const field = {
    id: idOf(attribute),
    name: fieldName,
    label: isRequired ? attribute.label : section.optional(attribute.label),
    hint:
      valueNow(say, state, { attribute, value }) ??
      (audience === 'admin' && attribute.visibleTo === 'admin' ? section.adminsOnly : undefined),
    value: state.values[fieldName] ?? valueText(value),
    error: errorOf(say, state, fieldName),
    textsBelow,
    required: isRequired,
  }
  if (attribute.type === 'choice' || attribute.type === 'yes-no')
    return selectField({ ...field, options: optionsOf(say, attribute) })
  const type = attribute.type === 'date' ? 'date' : 'text'
  const inputmode = attribute.type === 'number' ? 'decimal' : undefined
  return textField({ ...field, type, inputmode, autocomplete: 'off' })
}

interface Differing {
  readonly label: Html
  readonly field: string
  readonly now: Html
}

/** After a concurrent change, for an error summary: each field whose typed value differs from what is stored now. */
export function differingAttributes(say: Texts, state: FormState, shown: readonly ValuedAttribute[]): Differing[] {
  return shown.flatMap((one) => {
    const now = storedText(say, state, one)
    if (now === undefined) return []
    const { valueNow: words } = say.account
    return [
      {
        label: name(one.attribute.label),
        field: idOf(one.attribute),
        now: now === '' ? html`${words(null)}` : withNames(words, now),
      },
    ]
  })
}

function valueNow(say: Texts, state: FormState, one: ValuedAttribute): Html | undefined {
  const now = storedText(say, state, one)
  return now === undefined ? undefined : storedNow(say, now)
}

/** After a concurrent change, the stored value of a field whose typed value differs; empty for none. */
function storedText(say: Texts, state: FormState, { attribute, value }: ValuedAttribute): string | undefined {
  const typed = state.values[nameOf(attribute)]
  if (state.refusal?.code !== 'resource.stale' || typed === undefined || typed === valueText(value)) return undefined
  return value === null ? '' : shownText(say, value)
}

/** The first option is empty: a checkbox could not distinguish no from no answer. */
function optionsOf(say: Texts, { type, choices }: Attribute) {
  const { section, yes, no } = say.attributes
  const answers =
    type === 'yes-no'
      ? [
          { value: 'yes', label: yes },
          { value: 'no', label: no },
        ]
      : choices.map((one) => ({ value: one, label: one }))
  return [{ value: '', label: section.notGiven }, ...answers]
}

function fixedValue(say: Texts, { attribute, value }: ValuedAttribute): Html {
  return html`<div class="field" id="${idOf(attribute)}">
    <strong>${attribute.label}</strong>
    <div>${shownValue(say, value)}</div>
    <p class="hint">${say.attributes.section.adminsChange}</p>
  </div>`
}

/** A value in words, isolated from the writing direction of the text around it. */
export function shownValue({ attributes }: Texts, value: AttributeValue | null): Html | string {
  if (value === null) return attributes.section.notGiven
  return typeof value === 'string' ? name(value) : shownText({ attributes }, value)
}

function shownText({ attributes }: Pick<Texts, 'attributes'>, value: AttributeValue): string {
  if (typeof value === 'boolean') return value ? attributes.yes : attributes.no
  return String(value)
}
