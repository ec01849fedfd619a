// What only the browser knows: how far its clock is from the server's.
import { minutes, toRfc3339 } from '../../kernel/time.ts'
import { chip } from '../../web/components/chip.ts'
import type { ListRow } from '../../web/components/row-list.ts'
import { html } from '../../web/html.ts'
import { exactly } from '../../web/moments.ts'
import type { MomentReader } from '../../web/moments.ts'

/** Clocks that are nearer to each other agree: an app's code is accepted half a minute early and late. */
const TOLERATED = minutes(1)

/**
 * A row of the check-up whose finding the module `clock` chooses; without it, a person can compare the clocks. It is on
 * the page alone: the server, and so the command line, cannot know it.
 */
export function browserClockRow(reader: MomentReader): ListRow {
  const { checkup } = reader.say
  const { name, shown, compare, agrees, ahead, behind, fix } = checkup.browserClock
  const at = toRfc3339(reader.now)
  return {
    id: 'browser-clock',
    name: html`<span data-when-clock="unknown">${chip('info', checkup.levels.note)}</span>
      <span data-when-clock="agrees" hidden>${chip('ok', checkup.levels.ok)}</span>
      <span data-when-clock="ahead behind" hidden>${chip('warn', checkup.levels.warning)}</span> ${name}`,
    detail: html`<div data-clock-of="${at}" data-tolerated="${TOLERATED}">
      <p data-when-clock="unknown">${shown} <time datetime="${at}">${exactly(reader, reader.now)}</time> ${compare}</p>
      <p data-when-clock="agrees" hidden>${agrees}</p>
      <p data-when-clock="ahead" data-text="${ahead('#')}" hidden></p>
      <p data-when-clock="behind" data-text="${behind('#')}" hidden></p>
      <p data-when-clock="ahead behind" hidden>${fix}</p>
    </div>`,
  }
}
