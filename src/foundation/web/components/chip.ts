import { html } from '../html.ts'
import type { Html } from '../html.ts'
import { icon } from './icon.ts'
import type { IconName } from './icon.ts'

/** A state in a word, repeated by icon and colour. */
export function chip(kind: IconName, word: string): Html {
  return html`<span class="chip ${kind}">${icon(kind)}${word}</span>`
}
