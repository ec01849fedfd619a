// The fields of the form of a policy.
import { minimumAlone } from '#domain/policies/evaluation/password-policy.service.ts'
import { ALLOWABLE_FACTORS, DURATION_TERMS, REQUIREMENTS, TERM_NAMES } from '#domain/policies/policy.ts'
import { scopeKey } from '#domain/policies/scope.ts'
import { checkbox, checkboxGroup, radioGroup, selectField } from '#foundation/web/components/choice.ts'
import { textField } from '#foundation/web/components/field.ts'
import { type Html, html } from '#foundation/web/html.ts'
import { errorOf, type FormState } from '#foundation/web/pages/form.ts'
import type { AdminReader } from '../access/user-reader.pages.ts'
import type { ScopeChoices } from './named-policy.service.ts'

export function newPolicyFields({ say }: AdminReader, state: FormState, { roles, groups }: ScopeChoices): Html {
  const { form, scopes } = say.policies
  const options = [
    { value: scopeKey('everyone', null), label: scopes.everyone },
    ...roles.map((role) => ({ value: scopeKey('role', role), label: scopes.role(role) })),
    ...groups.map((group) => ({ value: scopeKey('group', group.id), label: scopes.group(group.name) })),
  ]
  const { values } = state
  return html`${textField({
    id: 'name',
    label: form.name,
    value: values['name'],
    error: errorOf(say, state, 'name'),
    autocomplete: 'off',
    required: true,
  })}
  ${selectField({ id: 'whom', label: form.scope, options, value: values['whom'], error: errorOf(say, state, 'whom') })}`
}

/** The fields of the second step that a policy requires. */
export function factorFields({ say, config }: AdminReader, state: FormState): Html {
  const { form } = say.policies
  const { values } = state
  const hints: Readonly<Record<string, string>> = {
    ...form.hints,
    optional: form.optionalHint(minimumAlone({ config })),
  }
  return html`${radioGroup({
    id: 'second_factor',
    label: form.secondFactor,
    options: [
      { value: '', label: form.says.nothing },
      ...REQUIREMENTS.map((value) => ({ value, label: form.says[value], hint: hints[value] })),
    ],
    value: values['second_factor'] ?? '',
    error: errorOf(say, state, 'second_factor'),
  })}
  ${checkboxGroup({
    id: 'factors',
    label: form.factors,
    hint: form.factorsHint,
    options: ALLOWABLE_FACTORS.map((value) => ({ value, label: form.kinds[value] })),
    values: ALLOWABLE_FACTORS.filter((kind) => values[`factors-${kind}`] === 'yes'),
    error: errorOf(say, state, 'factors'),
  })}`
}

/** The fields of how long sessions, confirmations and remembered devices hold. */
export function spanFields({ say }: AdminReader, state: FormState): Html {
  const { form } = say.policies
  const { values } = state
  const hints: Readonly<Record<string, string>> = form.hints
  return html`${DURATION_TERMS.map((term) => {
    const id = TERM_NAMES[term]
    return textField({
      id,
      label: form[term],
      hint: hints[id] ?? form.spanHint,
      value: values[id],
      error: errorOf(say, state, id),
      autocomplete: 'off',
    })
  })}`
}

/** The box by which the policy lets the help desk exempt users. */
export function helpField({ say }: AdminReader, { values }: FormState): Html {
  const { form } = say.policies
  return checkbox({
    id: 'helpers_may_exempt',
    label: form.helpersMayExempt,
    hint: form.helpersMayExemptHint,
    checked: values['helpers_may_exempt'] === 'yes',
  })
}

/** The fields of when it is in force. */
export function startFields({ say, timeZone }: AdminReader, state: FormState): Html {
  const { form } = say.policies
  const { values } = state
  return html`${radioGroup({
    id: 'start',
    label: form.start,
    options: [
      { value: 'now', label: form.now },
      { value: 'later', label: form.later },
    ],
    value: values['start'] === 'later' ? 'later' : 'now',
  })}
  ${textField({
    id: 'day',
    label: form.day,
    type: 'date',
    value: values['day'],
    error: errorOf(say, state, 'day'),
    autocomplete: 'off',
  })}
  ${textField({
    id: 'time',
    label: form.time,
    hint: form.timeHint(timeZone ?? 'UTC'),
    value: values['time'],
    autocomplete: 'off',
  })}`
}
