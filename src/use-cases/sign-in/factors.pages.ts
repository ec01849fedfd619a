// The ways of showing a second factor on a page: each is an address of its own, so that all but a passkey work without scripts.
import { SECOND_FACTOR_KINDS } from '../../domain/factors/factor-kind.ts'
import type { SecondFactorKind } from '../../domain/factors/factor-kind.ts'
import { PasskeyAuthenticationResponse } from '../../domain/factors/passkeys/passkey.schema.ts'
import { Refusal } from '../../foundation/kernel/refusal.ts'
import { codeField } from '../../foundation/web/components/code-field.ts'
import { textField } from '../../foundation/web/components/field.ts'
import { PASSKEY_FIELD } from '../../foundation/web/components/passkey-form.ts'
import { readForm } from '../../foundation/web/pages/form.ts'
import { html } from '../../foundation/web/html.ts'
import type { Html } from '../../foundation/web/html.ts'
import { readJsonField } from '../../foundation/web/http/json-field.ts'
import { withNext } from '../../foundation/web/http/next-path.ts'
import type { Texts } from '../../foundation/texts/texts.ts'
import { Type } from '../../foundation/web/http/type.ts'
import type { FieldError } from '../../foundation/kernel/field-error.ts'
import type { ShownFactor } from './sign-in.service.ts'

/** The way that an address names; undefined where it names none. */
export function wayIn(query: unknown): SecondFactorKind | undefined {
  const named = (query as { readonly way?: unknown } | null | undefined)?.way
  return SECOND_FACTOR_KINDS.find((kind) => kind === named)
}

/** The address of the page at that way; it remembers where to go afterwards. */
export function withWay(path: string, way: SecondFactorKind, query: unknown): string {
  const place = withNext(path, query)
  return `${place}${place.includes('?') ? '&' : '?'}way=${way}`
}

/** What the field of each way is called in the form; its id in the page. */
export const WAY_FIELDS = {
  totp: { name: 'code', id: 'code' },
  'recovery-code': { name: 'recovery_code', id: 'recovery-code' },
  passkey: { name: PASSKEY_FIELD, id: PASSKEY_FIELD },
} as const satisfies Record<SecondFactorKind, { name: string; id: string }>

const CodeForm = Type.Object({ code: Type.String() })
const RecoveryForm = Type.Object({ recovery_code: Type.String() })

type Shown = { readonly factor: ShownFactor } | { readonly why: Refusal | readonly FieldError[] }

/** What somebody showed by this way, or what is wrong with the form. */
export function readShown(way: SecondFactorKind, body: unknown): Shown {
  if (way === 'passkey') {
    const response = readJsonField(PasskeyAuthenticationResponse, body, PASSKEY_FIELD)
    return response === undefined ? { why: new Refusal('passkey.refused') } : { factor: { kind: way, response } }
  }
  if (way === 'recovery-code') {
    const form = readForm(RecoveryForm, body)
    return 'faults' in form ? { why: form.faults } : { factor: { kind: way, code: form.value.recovery_code } }
  }
  const form = readForm(CodeForm, body)
  return 'faults' in form ? { why: form.faults } : { factor: { kind: way, code: form.value.code } }
}

/** The text by which the same press is known again. */
export function factorText(factor: ShownFactor): string {
  return factor.kind === 'passkey' ? JSON.stringify(factor.response) : factor.code
}

export interface TypedField {
  readonly error?: Html | string | undefined
  readonly autofocus?: boolean
  /** How long the codes of this person's apps are. */
  readonly codeLengths: readonly number[]
  /** Where all codes are as long as each other. */
  readonly sendsItself?: boolean
}

/** The field of a way that is typed. */
export function wayField(say: Texts, way: 'totp' | 'recovery-code', typed: TypedField): Html {
  const { sendsItself = false, codeLengths, ...field } = typed
  if (way === 'recovery-code')
    return textField({
      ...field,
      ...WAY_FIELDS[way],
      label: say.fields.recoveryCode,
      hint: say.hints.recoveryCode,
      autocomplete: 'off',
      enterkeyhint: 'go',
      required: true,
    })
  const [length, ...others] = codeLengths
  const sendsItselfAt = sendsItself && others.length === 0 ? length : undefined
  const told = sendsItselfAt && html` <span class="scripted">${say.hints.codeSendsItself(sendsItselfAt)}</span>`
  const label = say.fields.code(codeLengths)
  return codeField({ ...field, id: 'code', label, hint: html`${say.hints.code}${told}`, sendsItselfAt })
}

/** A plain list of links to the other ways, and below them, on the way in, the one for whoever has none. */
export function otherWays(
  { secondStep }: Texts,
  others: readonly { readonly href: string; readonly way: SecondFactorKind }[],
  last?: Html,
): Html {
  if (others.length === 0) return html`${last && html`<p>${last}</p>`}`
  return html`<p id="other-ways">${secondStep.otherWays}</p>
    <ul aria-labelledby="other-ways">
      ${others.map(({ href, way }) => html`<li><a href="${href}">${secondStep.ways[way]}</a></li>`)}
      ${last && html`<li>${last}</li>`}
    </ul>`
}
