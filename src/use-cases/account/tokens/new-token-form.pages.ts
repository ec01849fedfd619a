import type { Scope } from '../../../foundation/kernel/principal.ts'
import { submitButton } from '../../../foundation/web/components/button.ts'
import { checkboxGroup, selectField } from '../../../foundation/web/components/choice.ts'
import { textField } from '../../../foundation/web/components/field.ts'
import { errorOf } from '../../../foundation/web/pages/form.ts'
import type { FormState, SummaryField } from '../../../foundation/web/pages/form.ts'
import { html } from '../../../foundation/web/html.ts'
import type { Html } from '../../../foundation/web/html.ts'
import type { Texts } from '../../../foundation/texts/texts.ts'
import { NEW_TOKEN } from './tokens-section.pages.ts'

export const EXPIRY_DAYS = ['30', '90', '365'] as const
export const STANDARD_DAYS = '90'
export const SCOPES_FIELD = { id: 'scopes' } as const

/** The target of the error summary's link for each field. */
export function summaryFields({ tokens: { newToken } }: Texts): Record<string, SummaryField> {
  return {
    name: { id: 'name', label: newToken.name },
    scopes: SCOPES_FIELD.id,
    expires_in_days: { id: 'expires_in_days', label: newToken.expiry },
  }
}

interface Shown {
  readonly offered: readonly Scope[]
  readonly ticked: readonly Scope[]
  readonly formToken: Html
}

/** The form of a new token: name, scopes, lifetime. */
export function newTokenForm(say: Texts, state: FormState, { offered, ticked, formToken }: Shown): Html {
  const { newToken, scopes } = say.tokens
  return html`<form method="post" action="${NEW_TOKEN}">
    ${formToken}
    ${textField({
      id: 'name',
      label: newToken.name,
      hint: newToken.nameHint,
      value: state.values['name'],
      error: errorOf(say, state, 'name'),
      autocomplete: 'off',
      required: true,
      autofocus: state.refusal === undefined,
    })}
    ${checkboxGroup({
      ...SCOPES_FIELD,
      label: newToken.scopes,
      hint: newToken.scopesHint,
      error: errorOf(say, state, 'scopes'),
      values: ticked,
      options: offered.map((value) => ({ value, label: scopes[value].name, hint: scopes[value].hint })),
    })}
    ${selectField({
      id: 'expires_in_days',
      label: newToken.expiry,
      hint: newToken.expiryHint,
      value: state.values['expires_in_days'] ?? STANDARD_DAYS,
      error: errorOf(say, state, 'expires_in_days'),
      options: EXPIRY_DAYS.map((value) => ({ value, label: newToken.days(Number(value)) })),
    })}
    ${submitButton(newToken.submit)}
  </form>`
}
