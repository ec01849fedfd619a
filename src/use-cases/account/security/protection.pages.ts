// The first section of the security page: how well the account is protected, and what to do next.
import { canHavePasskeys } from '#domain/factors/passkeys/relying-party.ts'
import { CODES_IN_A_SET } from '#foundation/kernel/stated-limits.ts'
import type { Texts } from '#foundation/texts/texts.ts'
import { primaryLink } from '#foundation/web/components/button.ts'
import { state } from '#foundation/web/components/status.ts'
import { type Html, html } from '#foundation/web/html.ts'
import type { SecurityReader } from '../own-account/own-account.pages.ts'
import { NEW_PASSKEY } from '../passkeys/own-passkeys.pages.ts'
import { NEW_CODES } from '../recovery-codes/recovery-codes.pages.ts'
import { NEW_APP } from '../totp/own-apps.pages.ts'
import { type Health, type Protection, protectionOf, type ProtectionPart } from './account-protection.ts'
import type { OwnFactors } from './own-factors.service.ts'

const PATHS: Readonly<Record<ProtectionPart, string>> = {
  password: '#password',
  secondStep: '#second-step',
  backup: '#second-step',
  codes: '#recovery-codes',
}

/** Four facts, each a link, and the one most urgent action; `own.apps` holds confirmed apps only. */
export function protectionSection(reader: SecurityReader, own: OwnFactors, passwordAsked: boolean): Html {
  const { protection: words } = reader.say.security
  const { apps, passkeys, recoveryCodes, hasPassword } = own
  const factors = apps.length + passkeys.length
  const { done, health } = protectionOf({ hasPassword, passwordAsked, factors, recoveryCodes: recoveryCodes.left })
  const missing = Object.values(done).filter((isDone) => !isDone).length
  const values: Readonly<Record<ProtectionPart, string>> = {
    password: passwordWord(reader.say, { hasPassword, passwordAsked }),
    secondStep: done.secondStep ? words.on : words.off,
    backup: done.backup ? words.on : words.off,
    codes: words.left(recoveryCodes.left, CODES_IN_A_SET),
  }
  return html`<section class="section protection" id="protection" aria-labelledby="protection-title">
    ${ring(done)}
    <div>
      <h2 id="protection-title">${missing === 0 ? words.good : words.toDo(missing)}</h2>
      ${health !== 'good' && html`<p class="lead">${reason(reader.say, health, recoveryCodes.left)}</p>`}
    </div>
    ${health !== 'good' && nextStep(reader, health, passkeys.length > 0)}
    <ul>
      ${parts(done).map(
        ([part, isDone]) =>
          html`<li>
            <a href="${PATHS[part]}"
              >${state(isDone ? 'ok' : 'warn', html`${words.parts[part]} <span class="small">${values[part]}</span>`)}</a
            >
          </li>`,
      )}
    </ul>
  </section>`
}

function passwordWord(
  { security: { protection: words } }: Texts,
  { hasPassword, passwordAsked }: Readonly<Record<'hasPassword' | 'passwordAsked', boolean>>,
): string {
  if (!hasPassword) return words.notSet
  return passwordAsked ? words.change : words.set
}

function parts(done: Protection['done']): [ProtectionPart, boolean][] {
  return Object.entries(done) as [ProtectionPart, boolean][]
}

function reason({ security }: Texts, health: Exclude<Health, 'good'>, left: number): string {
  return health === 'fewCodes' ? security.health.fewCodes(left) : security.health[health]
}

function nextStep({ say, config }: SecurityReader, health: Exclude<Health, 'good'>, hasPasskey: boolean): Html {
  const { health: words } = say.security
  // The missing kind is offered: a passkey to a user without one, otherwise an app.
  const another = canHavePasskeys(config) && !hasPasskey ? NEW_PASSKEY : NEW_APP
  const codes = [NEW_CODES, words.makeCodes] as const
  const password = ['/account/security/password', words.changePassword] as const
  const [path, action] = {
    noWay: [another, words.addFirst] as const,
    oneWay: [another, words.addWay] as const,
    noCodes: codes,
    fewCodes: codes,
    noPassword: password,
    passwordAsked: password,
  }[health]
  return primaryLink(path, action)
}

/** A ring of a segment for each part; the words beside it say the same. */
function ring(done: Protection['done']): Html {
  return html`<svg class="ring" viewBox="0 0 40 40" aria-hidden="true" focusable="false">
    ${parts(done).map(
      ([, isDone], at) =>
        html`<circle
          ${isDone && html`class="done"`}
          cx="20"
          cy="20"
          r="16"
          pathLength="100"
          stroke-dasharray="19 81"
          transform="rotate(${at * 90 - 84} 20 20)"
        />`,
    )}
  </svg>`
}
