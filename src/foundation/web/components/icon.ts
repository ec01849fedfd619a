import { type Html, html } from '../html.ts'
import { iconsUrl } from '../http/assets.ts'

/** The drawings of `assets/icons.svg`. */
export const DRAWINGS = [
  'overview',
  'users',
  'user',
  'groups',
  'role',
  'policy',
  'fields',
  'apps',
  'activity',
  'shield',
  'door',
  'passkey',
  'app',
  'codes',
  'key',
  'device',
  'trash',
  'plus',
  'search',
  'more',
  'copy',
  'download',
  'print',
  'code',
  'clock',
  'out',
  'close',
  'chevron',
  'mail',
  'eye',
  'eye-off',
  'half',
  'sun',
  'moon',
] as const

export type Drawing = (typeof DRAWINGS)[number]

/** A line drawing of 20 px. It is decoration: a word stands beside it. */
export function icon(drawing: Drawing): Html {
  return html`<svg class="icon" aria-hidden="true" focusable="false"><use href="${iconsUrl}#${drawing}" /></svg>`
}

/** Words behind a drawing, such as the label of a button. */
export function withIcon(drawing: Drawing, words: Html | string): Html {
  return html`${icon(drawing)}<span>${words}</span>`
}
