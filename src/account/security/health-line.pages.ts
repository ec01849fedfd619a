import type { CallerUser } from '../../kernel/caller.ts'
import { banner } from '../../web/components/banner.ts'
import { html } from '../../web/html.ts'
import type { Html } from '../../web/html.ts'
import type { Texts } from '../../web/texts.ts'
import { NEW_APP } from '../factors/apps-section.pages.ts'
import { healthOf } from './health.ts'
import type { Health } from './health.ts'

export interface Protection {
  readonly hasPassword: boolean
  readonly apps: readonly unknown[]
  readonly user: Pick<CallerUser, 'passwordChangeAskedAt'>
}

/** How well the account is protected, in one sentence, with the one thing to do next. */
export function healthLine(say: Texts, { hasPassword, apps, user }: Protection): Html {
  const asked = user.passwordChangeAskedAt !== null
  const health = healthOf({ hasPassword, passwordAsked: asked, apps: apps.length })
  const { health: words } = say.security
  const sentence = words[health]
  if (health === 'good') return banner('ok', sentence)
  const [path, action] = nextStep(words, health)
  return banner('warn', html`${sentence} <a href="${path}">${action}</a>`)
}

function nextStep(words: Texts['security']['health'], health: Exclude<Health, 'good'>): readonly [string, string] {
  if (health === 'noApp') return [NEW_APP, words.addFirst]
  if (health === 'oneApp') return [NEW_APP, words.addApp]
  return ['/account/security/password', words.changePassword]
}
