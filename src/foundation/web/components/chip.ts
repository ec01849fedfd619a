import { html } from '../html.ts'
import type { Html } from '../html.ts'
import { icon } from './icon.ts'
import type { IconName } from './icon.ts'

/** A state in a word. Icon and colour only say it again. */
export function chip(kind: IconName, word: string): Html {
  return html`<span class="chip ${kind}">${icon(kind)}${word}</span>`
}
