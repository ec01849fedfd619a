// Form fields and links for factors. Each second factor has a URL of its own, so that every factor but a passkey works without scripts.
import { SECOND_FACTOR_KINDS, type SecondFactorKind } from '#domain/factors/factor-kind.ts'
import { PasskeyAuthenticationResponse, presentRequestOptions } from '#domain/factors/passkeys/passkey.schema.ts'
import { type FieldError, Refusal } from '#foundation/kernel/refusal.ts'
import type { Texts } from '#foundation/texts/texts.ts'
import { submitButton } from '#foundation/web/components/button.ts'
import { codeField, textField } from '#foundation/web/components/field.ts'
import { type Drawing, icon } from '#foundation/web/components/icon.ts'
import { type Html, html } from '#foundation/web/html.ts'
import { withNext } from '#foundation/web/http/redirect.ts'
import { Type } from '#foundation/web/http/type.ts'
import { readForm, readJsonField } from '#foundation/web/pages/form.ts'
import { PASSKEY_FIELD, passkeyForm } from '#foundation/web/pages/passkey-form.ts'
import type { SubmittedFactor } from './sign-in.service.ts'

/** Texts for forms that ask for an existing username and password; the default texts ask the user to choose them. */
export function existingCredentialTexts(say: Texts): Texts {
  return { ...say, missing: { ...say.missing, ...say.signIn.missing } }
}

/** The factor named by the query parameter `way`; undefined if it is missing or unknown. */
export function factorInQuery(query: unknown): SecondFactorKind | undefined {
  const named = (query as { readonly way?: unknown } | null | undefined)?.way
  return SECOND_FACTOR_KINDS.find((kind) => kind === named)
}

/** The URL of the page for this factor; it keeps `?next=`. */
export function withFactor(path: string, kind: SecondFactorKind, query: unknown): string {
  const url = withNext(path, query)
  return `${url}${url.includes('?') ? '&' : '?'}way=${kind}`
}

/** The name of each factor's field in the form, and its id in the page. */
export const FACTOR_FIELDS = {
  totp: { name: 'code', id: 'code' },
  'recovery-code': { name: 'recovery_code', id: 'recovery-code' },
  passkey: { name: PASSKEY_FIELD, id: PASSKEY_FIELD },
} as const satisfies Record<SecondFactorKind, { name: string; id: string }>

const CodeForm = Type.Object({ code: Type.String() })
const RecoveryForm = Type.Object({ recovery_code: Type.String() })

type Shown = { readonly factor: SubmittedFactor } | { readonly why: Refusal | readonly FieldError[] }

/** Returns the factor that was submitted, or why the form is refused. */
export function readSubmittedFactor(kind: SecondFactorKind, body: unknown): Shown {
  if (kind === 'passkey') {
    const response = readJsonField(PasskeyAuthenticationResponse, body, PASSKEY_FIELD)
    return response === undefined ? { why: new Refusal('passkey.refused') } : { factor: { kind, response } }
  }
  if (kind === 'recovery-code') {
    const form = readForm(RecoveryForm, body)
    return 'fieldErrors' in form ? { why: form.fieldErrors } : { factor: { kind, code: form.value.recovery_code } }
  }
  const form = readForm(CodeForm, body)
  return 'fieldErrors' in form ? { why: form.fieldErrors } : { factor: { kind, code: form.value.code } }
}

/** The text that identifies a repeated submission of the same factor. */
export function factorText(factor: SubmittedFactor): string {
  return factor.kind === 'passkey' ? JSON.stringify(factor.response) : factor.code
}

export interface TypedField {
  readonly error?: Html | string | undefined
  readonly autofocus?: boolean
  /** Lengths of the codes of the user's apps, in digits. */
  readonly codeLengths: readonly number[]
  /** Submits the form when the code is complete, if all codes have the same length. */
  readonly sendsItself?: boolean
}

/** The form field of a factor that is typed. */
export function factorField(say: Texts, kind: 'totp' | 'recovery-code', typed: TypedField): Html {
  const { sendsItself = false, codeLengths, ...field } = typed
  if (kind === 'recovery-code')
    return textField({
      ...field,
      ...FACTOR_FIELDS[kind],
      label: say.fields.recoveryCode,
      hint: say.hints.recoveryCode,
      autocomplete: 'off',
      enterkeyhint: 'go',
      required: true,
    })
  const [length, ...others] = codeLengths
  const sendsItselfAt = sendsItself && others.length === 0 ? length : undefined
  const notice = sendsItselfAt && html` <span class="scripted">${say.hints.codeSendsItself(sendsItselfAt)}</span>`
  const label = say.fields.code(codeLengths)
  return codeField({ ...field, id: 'code', label, hint: html`${say.hints.code}${notice}`, sendsItselfAt })
}

const FACTOR_DRAWINGS: Readonly<Record<SecondFactorKind, Drawing>> = {
  passkey: 'passkey',
  totp: 'app',
  'recovery-code': 'codes',
}

/** A row for each factor, which leads to its page. */
export function factorRows(
  { secondStep }: Texts,
  kinds: readonly SecondFactorKind[],
  pathOf: (kind: SecondFactorKind) => string,
): Html {
  return html`<ul class="ways low" aria-label="${secondStep.otherWays}">
    ${kinds.map(
      (kind) =>
        html`<li>
          <a class="way" href="${pathOf(kind)}"
            >${icon(FACTOR_DRAWINGS[kind])}<span>${secondStep.ways[kind]}</span>${icon('chevron')}</a
          >
        </li>`,
    )}
  </ul>`
}

/** The other factors, if there are any. */
export function otherFactorLinks(
  say: Texts,
  others: readonly SecondFactorKind[],
  pathOf: (kind: SecondFactorKind) => string,
): Html | undefined {
  return others.length === 0
    ? undefined
    : html`<p class="or">${say.words.or}</p>
        ${factorRows(say, others, pathOf)}`
}

export interface ShownPasskeyForm {
  readonly action: string
  readonly options: Parameters<typeof presentRequestOptions>[0]
  readonly publicUrl: string
  readonly lead?: string
  /** Further fields, such as the form's token. */
  readonly fields?: Html | undefined
}

/** The form that asks for a passkey; without scripts a sentence says that passkeys need them. */
export function shownPasskeyForm(say: Texts, { action, options, publicUrl, lead, fields }: ShownPasskeyForm): Html {
  const form = passkeyForm(say, {
    does: 'get',
    action,
    options: presentRequestOptions(options),
    publicUrl,
    body: html`${lead && html`<p>${lead}</p>`} ${fields} ${submitButton(say.secondStep.usePasskey)}`,
  })
  return html`${form}<noscript><p>${say.secondStep.withoutScripts}</p></noscript>`
}
