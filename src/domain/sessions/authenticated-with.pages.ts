import { html } from '../../foundation/web/html.ts'
import type { Html } from '../../foundation/web/html.ts'
import type { Texts } from '../../foundation/texts/texts.ts'

/** What a session was begun with and has proven since: how strong it is, in words. */
export function provenWith({ language, security }: Texts, methods: readonly string[]): Html {
  const words: Readonly<Record<string, string>> = security.methods
  const named = methods.map((method) => words[method] ?? method)
  const list = new Intl.ListFormat(language, { type: 'conjunction' }).format(named)
  return html`<div class="small">${security.provenWith(list)}</div>`
}
