// Compares the browser's clock with the server's. The browser module `clock` chooses what is shown; only the page has this check, since
// neither the API nor the command line knows the browser's clock.
import { minutes, toRfc3339 } from '#foundation/kernel/time.ts'
import type { Texts } from '#foundation/texts/texts.ts'
import { exactly, type MomentReader } from '#foundation/web/components/moments.ts'
import { rowList } from '#foundation/web/components/section.ts'
import { marked } from '#foundation/web/components/status.ts'
import { type Html, html } from '#foundation/web/html.ts'
import { type CheckLevel, KIND_OF_LEVEL } from './finding.ts'

/** What a finding is about, behind the mark of its level. */
export function markedByLevel({ checkup: { levels } }: Texts, level: CheckLevel, name: string): Html {
  return marked(KIND_OF_LEVEL[level], html`<div><span class="unseen">${levels[level]}: </span>${name}</div>`)
}

/** Largest difference of clocks that counts as agreement: a TOTP code is accepted one 30-second step early and late. */
const TOLERATED = minutes(1)

/** Clocks that agree; without scripts the admin compares the shown times. */
export function browserClockCheck(reader: MomentReader): Html {
  const { checkup } = reader.say
  const { name, shown, compare, agrees } = checkup.browserClock
  const at = toRfc3339(reader.now)
  const row = {
    id: 'browser-clock',
    name: html`<div data-when-clock="unknown">${markedByLevel(reader.say, 'note', name)}</div>
      <div data-when-clock="agrees" hidden>${markedByLevel(reader.say, 'ok', name)}</div>`,
    detail: html`<div data-clock-of="${at}" data-tolerated="${TOLERATED}">
      <p data-when-clock="unknown">${shown} <time datetime="${at}">${exactly(reader, reader.now)}</time> ${compare}</p>
      <p data-when-clock="agrees" hidden>${agrees}</p>
    </div>`,
  }
  return html`<div data-when-clock="unknown agrees">${rowList([row], 'tight')}</div>`
}

/** Clocks that differ: a part of its own above what is folded, without a heading, because the server cannot count it. */
export function browserClockWarning({ say }: MomentReader): Html {
  const { checkup } = say
  const { name, ahead, behind, fix } = checkup.browserClock
  const row = {
    name: markedByLevel(say, 'warning', name),
    detail: html`<p data-when-clock="ahead" data-text="${ahead('#')}" hidden></p>
      <p data-when-clock="behind" data-text="${behind('#')}" hidden></p>
      <p>${fix}</p>`,
  }
  return html`<section
    class="section"
    id="browser-clock-warning"
    aria-label="${name}"
    data-when-clock="ahead behind"
    hidden
  >
    ${rowList([row])}
  </section>`
}
