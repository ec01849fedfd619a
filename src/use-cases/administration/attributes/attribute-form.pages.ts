// The form that declares or changes an attribute.
import {
  AT_JOINING,
  type Attribute,
  ATTRIBUTE_TYPES,
  type Declaration,
  replacementKey,
} from '#domain/attributes/attribute.ts'
import { isReservedKey } from '#foundation/kernel/reserved-keys.ts'
import type { Texts } from '#foundation/texts/texts.ts'
import { radioGroup, selectField } from '#foundation/web/components/choice.ts'
import { longTextField, textField } from '#foundation/web/components/field.ts'
import { type FormPart, unseen } from '#foundation/web/components/section.ts'
import { html } from '#foundation/web/html.ts'
import { choice } from '#foundation/web/http/schema.ts'
import { type Static, Type } from '#foundation/web/http/type.ts'
import { errorOf, type FormState, type SummaryField, typedField } from '#foundation/web/pages/form.ts'

export const ATTRIBUTES_PATH = '/admin/attributes'
export const AttributePageParameters = Type.Object({ key: Type.String({ maxLength: 64 }) })

export function attributePath(key: string, below = ''): string {
  return `${ATTRIBUTES_PATH}/${encodeURIComponent(key)}${below}`
}

/** Who sees and changes values, as one choice: users cannot change what they do not see. */
const ACCESS = ['admin', 'sees', 'changes'] as const

/** Returns the choice that an attribute has. */
export function accessOf({ visibleTo, changedBy }: Pick<Declaration, 'visibleTo' | 'changedBy'>) {
  if (visibleTo === 'admin') return 'admin'
  return changedBy === 'user' ? 'changes' : 'sees'
}

export const DeclarationForm = Type.Object({
  key: Type.Optional(Type.String()),
  label: Type.Optional(Type.String()),
  type: choice(ATTRIBUTE_TYPES),
  choices: Type.Optional(Type.String({ maxLength: 20_000 })),
  access: choice(ACCESS),
  at_joining: choice(AT_JOINING),
  seen: Type.Optional(Type.String()),
})

export const DECLARATION_FIELDS = Object.keys(DeclarationForm.properties)
const IDS = { key: 'key', label: 'label', type: 'type', choices: 'choices', access: 'access', at_joining: 'at_joining' }

export function declarationLinks({ attributes }: Texts): Record<string, SummaryField> {
  const { form } = attributes
  const access = { id: IDS.access, label: form.access }
  return {
    key: { id: IDS.key, label: form.key },
    label: { id: IDS.label, label: form.label },
    type: { id: IDS.type, label: form.type },
    choices: { id: IDS.choices, label: form.choices },
    access,
    changed_by: access,
    visible_to: access,
    at_joining: { id: IDS.at_joining, label: form.atJoining },
  }
}

/** Returns the declaration that the form holds. The texts of a choice are lines; another type ignores them. */
export function declarationIn(form: Static<typeof DeclarationForm>): Declaration {
  const { key = '', label = '', type, choices = '', access, at_joining: atJoining } = form
  const lines = choices.split(/\r?\n/).map((line) => line.trim())
  return {
    key: key.trim(),
    label,
    type,
    choices: type === 'choice' ? lines.filter((line) => line !== '') : [],
    visibleTo: access === 'admin' ? 'admin' : 'user',
    changedBy: access === 'changes' ? 'user' : 'admin',
    atJoining,
  }
}

/** Returns the fields of an attribute as the form shows them. */
export function declarationValues(attribute: Attribute): Record<string, string> {
  return {
    key: attribute.key,
    label: attribute.label,
    type: attribute.type,
    choices: attribute.choices.join('\n'),
    access: accessOf(attribute),
    at_joining: attribute.atJoining,
    seen: String(attribute.revision),
  }
}

interface FormKind {
  /** The key of the attribute that is changed; undefined for a new one. */
  readonly key?: string
  /** How many users have a value that no user sees so far; they would see it. */
  readonly hiddenValues?: number
}

/** The parts of the form; the key can be chosen only for a new attribute, and instead of a reserved one. */
export function declarationParts(
  say: Texts,
  state: FormState,
  { key, hiddenValues = 0 }: FormKind,
): readonly FormPart[] {
  const { attributes: words } = say
  const { form } = words
  const field = (id: keyof typeof IDS) => typedField(say, state, id)
  const options = <Value extends string>(values: readonly Value[], labels: Readonly<Record<Value, string>>) =>
    values.map((value) => ({ value, label: labels[value] }))
  const access = field('access')
  const about = html`${textField({ ...field('label'), label: form.label, hint: form.labelHint, autocomplete: 'off', required: true })}
  ${
    (key === undefined || isReservedKey(key)) &&
    textField({
      ...field('key'),
      label: form.key,
      hint: key === undefined ? form.keyHint : form.keyReservedHint(replacementKey(key, [])),
      autocomplete: 'off',
      required: true,
    })
  }
  ${key !== undefined && html`<input type="hidden" name="seen" value="${state.values['seen'] ?? ''}" />`}
  ${selectField({
    ...field('type'),
    label: form.type,
    hint: form.typeHint,
    options: options(ATTRIBUTE_TYPES, words.types),
  })}
  ${longTextField({ ...field('choices'), label: form.choices, hint: form.choicesHint, rows: 5 })}`
  const audience = radioGroup({
    ...access,
    error: access.error ?? errorOf(say, state, 'changed_by'),
    label: unseen(form.access),
    hint: hiddenValues > 0 ? form.reveals(hiddenValues) : undefined,
    options: options(ACCESS, words.access),
    required: true,
  })
  const atJoining = radioGroup({
    ...field('at_joining'),
    label: unseen(form.atJoining),
    options: options(AT_JOINING, words.atJoining),
    required: true,
  })
  return [
    { id: 'about', title: say.user.details.title, fields: about },
    { id: 'audience', title: form.access, fields: audience },
    { id: 'joining', title: form.atJoining, hint: form.atJoiningHint, fields: atJoining },
  ]
}
