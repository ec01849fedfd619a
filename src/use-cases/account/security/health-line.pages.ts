import { canHavePasskeys } from '../../../domain/factors/passkeys/relying-party.ts'
import { banner, state } from '../../../foundation/web/components/status.ts'
import { html } from '../../../foundation/web/html.ts'
import type { Html } from '../../../foundation/web/html.ts'
import { NEW_APP } from '../totp/apps-section.pages.ts'
import type { OwnFactors } from './own-factors.service.ts'
import { NEW_PASSKEY } from '../passkeys/passkeys-section.pages.ts'
import { NEW_CODES } from '../recovery-codes/recovery-codes-section.pages.ts'
import { healthOf } from './health.ts'
import type { Health } from './health.ts'
import type { SecurityReader } from '../own-account/security-reader.ts'

export interface Protection extends Pick<OwnFactors, 'hasPassword' | 'apps' | 'passkeys' | 'recoveryCodes'> {
  readonly passwordAsked: boolean
}

/**
 * One sentence on how well the account is protected, with a link to the next step; `apps` holds confirmed apps only. If there is
 * nothing to do it is not a banner, so that a flash message stays the only one on the page.
 */
export function healthLine(reader: SecurityReader, protection: Protection): Html {
  const { apps, passkeys, recoveryCodes } = protection
  const health = healthOf({ ...protection, factors: apps.length + passkeys.length, recoveryCodes: recoveryCodes.left })
  const words = reader.say.security.health
  if (health === 'good') return html`<p>${state('ok', words.good)}</p>`
  const sentence = health === 'fewCodes' ? words.fewCodes(recoveryCodes.left) : words[health]
  // The missing kind is offered: a passkey to a user without one, otherwise an app.
  const another = canHavePasskeys(reader.config) && passkeys.length === 0 ? NEW_PASSKEY : NEW_APP
  const [path, action] = nextStep(words, health, another)
  return banner('warn', html`${sentence} <a href="${path}">${action}</a>`)
}

function nextStep(
  words: SecurityReader['say']['security']['health'],
  health: Exclude<Health, 'good'>,
  another: string,
): readonly [string, string] {
  switch (health) {
    case 'noWay':
      return [another, words.addFirst]
    case 'oneWay':
      return [another, words.addWay]
    case 'noCodes':
    case 'fewCodes':
      return [NEW_CODES, words.makeCodes]
    case 'noPassword':
    case 'passwordAsked':
      return ['/account/security/password', words.changePassword]
  }
}
