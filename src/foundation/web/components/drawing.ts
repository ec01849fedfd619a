// Line drawings of 96 px for pages and lists with nothing else to show. They are decoration: the words beside them say the same.
import { type Html, html } from '../html.ts'

/** The door stands open, is bolted, or has a letter on it; the others are what a list holds, and what was done. */
const PATHS = {
  ajar: 'M24 84V18h34v66M14 84h68M58 84l16-8V26L58 18M66 50v6',
  bolted: 'M28 84V14h40v70M18 84h60M54 42h26M54 58h26M38 48v6',
  letter: 'M24 84V14h40v70M14 84h68M52 46h32v24H52zM52 47l16 13 16-13M34 48v6',
  people: 'M38 46a13 13 0 1 0-.1 0M12 82c2-20 13-28 26-28s24 8 26 28M60 44a11 11 0 1 0-3-21M66 54c10 2 16 11 18 28',
  keys: 'M36 50a17 17 0 1 0-.1 0M48 44l32 34M66 63l9-9M75 72l7-7M30 31a3 3 0 1 0-.1 0',
  envelope: 'M12 26h72v46H12zM12 28l36 28 36-28',
  scroll: 'M30 16h44v50a10 10 0 0 1-20 0v-6H20v6a10 10 0 0 0 10 10h34M30 16a8 8 0 0 1 8 8v36M48 30h16M48 42h16',
  tick: 'M48 82a34 34 0 1 0-.1 0M32 48l12 12 22-25',
}

export type LineDrawing = keyof typeof PATHS

/** One line in one colour. */
export function lineDrawing(name: LineDrawing): Html {
  return html`<svg class="door" viewBox="0 0 96 96" aria-hidden="true" focusable="false">
    <path d="${PATHS[name]}" />
  </svg>`
}

/** A door that opens once: the end of a set-up. */
export function openingDoor(): Html {
  return html`<svg class="opens" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
    <path d="M5 21V9a7 7 0 0 1 14 0v12M2 21h20" />
    <path class="leaf" d="M5 21V9a7 7 0 0 1 14 0v12z" />
  </svg>`
}
