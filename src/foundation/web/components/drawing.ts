// Line drawings of 96 px for pages and lists with nothing else to show. They are decoration: the words beside them say the same.
import { type Html, html } from '../html.ts'

/** The door stands open, is bolted, or has a letter on it. */
const PATHS = {
  ajar: 'M24 84V18h34v66M14 84h68M58 84l16-8V26L58 18M66 50v6',
  bolted: 'M28 84V14h40v70M18 84h60M54 42h26M54 58h26M38 48v6',
  letter: 'M24 84V14h40v70M14 84h68M52 46h32v24H52zM52 47l16 13 16-13M34 48v6',
}

export type DoorDrawing = keyof typeof PATHS

/** One line in one colour. */
export function doorDrawing(name: DoorDrawing): Html {
  return html`<svg class="door" viewBox="0 0 96 96" aria-hidden="true" focusable="false">
    <path d="${PATHS[name]}" />
  </svg>`
}
