// The fields of the form of a policy.
import type { EffectivePolicy } from '#domain/policies/evaluation/effective-policy.ts'
import { minimumAlone } from '#domain/policies/evaluation/password-policy.service.ts'
import {
  ALLOWABLE_FACTORS,
  DURATION_TERMS,
  type DurationTerm,
  REQUIREMENTS,
  TERM_NAMES,
} from '#domain/policies/policy.ts'
import { scopeKey } from '#domain/policies/scope.ts'
import { spanInWords } from '#foundation/texts/spans.ts'
import type { Texts } from '#foundation/texts/texts.ts'
import { checkbox, radioGroup, selectField } from '#foundation/web/components/choice.ts'
import { durationField } from '#foundation/web/components/duration-field.ts'
import { textField } from '#foundation/web/components/field.ts'
import { unseen } from '#foundation/web/components/section.ts'
import { type Html, html } from '#foundation/web/html.ts'
import { errorOf, type FormState } from '#foundation/web/pages/form.ts'
import type { AdminReader } from '../access/user-reader.pages.ts'
import type { ScopeChoices } from './named-policy.service.ts'
import { unitField, USUAL_UNITS } from './policy-form.ts'

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

/** The second step that a policy requires, and under "Required" the kinds that it allows. */
export function factorFields({ say, config }: AdminReader, state: FormState): Html {
  const { form } = say.policies
  const { values } = state
  const hints: Readonly<Record<string, string>> = {
    ...form.hints,
    optional: form.optionalHint(minimumAlone({ config })),
  }
  const kinds = radioGroup({
    id: 'factors',
    label: form.factors,
    options: [
      { value: '', label: form.kinds.both },
      // A passkey alone is asked for by the requirement of its own; as a kind it is offered only where it is set already.
      ...ALLOWABLE_FACTORS.filter((value) => value !== 'passkey' || values['factors'] === value).map((value) => ({
        value,
        label: form.kinds[value],
      })),
    ],
    value: values['factors'] ?? '',
    error: errorOf(say, state, 'factors'),
  })
  return radioGroup({
    id: 'second_factor',
    label: unseen(form.secondFactor),
    look: 'cards',
    options: [
      { value: '', label: form.says.nothing, hint: form.hints.nothing },
      ...REQUIREMENTS.map((value) => ({
        value,
        label: form.says[value],
        hint: hints[value],
        ...(value === 'required' && { below: kinds }),
      })),
    ],
    value: values['second_factor'] ?? '',
    error: errorOf(say, state, 'second_factor'),
  })
}

/**
 * The fields of how long sessions, confirmations and trusted devices hold.
 * @param leftOpen what applies where the policy leaves one blank
 */
export function spanFields({ say }: AdminReader, state: FormState, leftOpen: EffectivePolicy): Html {
  const { form } = say.policies
  const { values } = state
  return html`${DURATION_TERMS.map((term) => {
    const id = TERM_NAMES[term]
    const unit = values[unitField(id)] ?? USUAL_UNITS[term]
    return durationField({
      id,
      label: form[term],
      hint: `${blankSentence(say, leftOpen, term)}${term === 'rememberFor' ? ` ${form.never}` : ''}`,
      value: values[id],
      error: errorOf(say, state, id),
      unitLabel: form.unit,
      unitName: unitField(id),
      // Seconds only where they are set already, by the API.
      units: (['s', 'm', 'h', 'd'] as const)
        .filter((value) => value !== 's' || unit === 's')
        .map((value) => ({ value, label: form.units[value] })),
      unit,
    })
  })}`
}

function blankSentence(say: Texts, { terms, decidedBy }: EffectivePolicy, term: DurationTerm): string {
  const { blank, neverInForce } = say.policies.form
  const span = terms[term]
  const { source } = decidedBy[term]
  return blank[source === 'permissions' ? 'default' : source](
    span === 0 ? neverInForce : spanInWords(say.language, span),
  )
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

/**
 * The fields of when it is in force. The stylesheet shows those of the deadline where it is chosen.
 * @param suggestion what stands beside the deadline
 */
export function startFields({ say, timeZone }: AdminReader, state: FormState, suggestion: Html): Html {
  const { form } = say.policies
  const { values } = state
  return html`${radioGroup({
      id: 'start',
      label: unseen(form.start),
      look: 'cards',
      options: [
        { value: 'now', label: form.now, hint: form.nowHint },
        { value: 'later', label: form.later, hint: form.laterHint },
      ],
      value: values['start'] === 'later' ? 'later' : 'now',
    })}
    <div class="due">
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
        type: 'time',
        value: values['time'],
        autocomplete: 'off',
      })}
      <p class="small">${suggestion}</p>
      <p class="small">${form.zone(timeZone ?? 'UTC')}</p>
    </div>`
}
