// States and messages whose word, icon and colour say the same.
import { type Html, html } from '../html.ts'
import { icon as drawing } from './icon.ts'

const PATHS = {
  info: 'M10 9v5M10 6.2v.1',
  ok: 'M6.2 10.4l2.6 2.6 5-5.6',
  warn: 'M10 5.5v5.5M10 13.8v.1',
  danger: 'M7 7l6 6M13 7l-6 6',
  plain: 'M6.5 10h7',
  /** Not done yet. */
  open: '',
  person: 'M10 10a2 2 0 1 0 0-4 2 2 0 0 0 0 4M6.2 14.6c.8-1.7 2.1-2.5 3.8-2.5s3 .8 3.8 2.5',
}

export type IconName = keyof typeof PATHS

/** A 20 px line drawing. */
function icon(name: IconName): Html {
  return html`<svg class="icon" viewBox="0 0 20 20" aria-hidden="true" focusable="false">
    <circle cx="10" cy="10" r="7.5" />
    ${PATHS[name] && html`<path d="${PATHS[name]}" />`}
  </svg>`
}

/** A state in a word; `title` says more to a pointer that rests on it, and stands elsewhere too. */
export function chip(kind: IconName, word: string, title?: string): Html {
  return html`<span class="chip ${kind}" ${title !== undefined && html`title="${title}"`}>${icon(kind)}${word}</span>`
}

/** What kind of thing something is, such as a role that is built in; it is no state, so that it has no icon. */
export function label(word: string): Html {
  return html`<span class="chip plain">${word}</span>`
}

/** The state or outcome of something as a line of text. */
export function state(kind: IconName, words: Html | string): Html {
  return html`<span class="state ${kind}">${icon(kind)}<span>${words}</span></span>`
}

/** What happened, behind a mark of its kind; the words say the kind too. */
export function marked(kind: IconName, content: Html): Html {
  return html`<div class="marked ${kind}">${icon(kind)}${content}</div>`
}

/** The link that leads to the same page without a message; the module `dismiss` removes the message instead. */
export interface Dismissal {
  readonly href: string
  readonly label: string
}

/** One message about the whole page. */
export function banner(kind: IconName, message: string | Html, dismissal?: Dismissal): Html {
  const role = kind === 'danger' ? 'alert' : 'status'
  if (dismissal === undefined) {
    return html`<div class="banner ${kind}" role="${role}">
      ${icon(kind)}
      <p>${message}</p>
    </div>`
  }
  // The link is no part of what is announced.
  return html`<div class="banner ${kind}">
    ${icon(kind)}
    <p role="${role}">${message}</p>
    <a class="dismiss" href="${dismissal.href}">${drawing('close')}<span class="unseen">${dismissal.label}</span></a>
  </div>`
}
