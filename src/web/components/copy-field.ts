import { html } from '../html.ts'
import type { Html } from '../html.ts'

/** A value to be carried elsewhere by hand: selected whole with one click, shown in groups, copied as it stands. */
export function copyField({ id, label, groups }: { id: string; label: string; groups: readonly string[] }): Html {
  return html`<dl class="copy">
    <dt>${label}</dt>
    <dd><code id="${id}">${groups.map((group) => html`<span>${group}</span>`)}</code></dd>
  </dl>`
}

/** The text in groups of four, easier to read and to type. */
export function inGroupsOfFour(text: string): string[] {
  return text.match(/.{1,4}/gu) ?? []
}
