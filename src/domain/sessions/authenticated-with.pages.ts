import { html } from '../../foundation/web/html.ts'
import type { Html } from '../../foundation/web/html.ts'
import type { Texts } from '../../foundation/texts/texts.ts'

/** Lists in words the factors that a session has verified, at its start and since. */
export function authenticatedWith({ language, security }: Texts, methods: readonly string[]): Html {
  const words: Readonly<Record<string, string>> = security.methods
  const named = methods.map((method) => words[method] ?? method)
  const list = new Intl.ListFormat(language, { type: 'conjunction' }).format(named)
  return html`<div class="small">${security.provenWith(list)}</div>`
}
