import { html } from '../web/html.ts'
import type { Html } from '../web/html.ts'
import type { Texts } from '../web/texts.ts'
import { deviceOf } from './device.ts'

const LONGEST_SHOWN = 120

/** The device in words; one that nobody knows is shown by what it says of itself. */
export function deviceName({ security }: Texts, agent: string | null): Html {
  const { browser, system } = deviceOf(agent)
  const name = security.device(browser, system)
  if (browser !== undefined || !agent) return html`${name}`
  return html`${name} <span class="small">${shortened(agent)}</span>`
}

function shortened(agent: string): string {
  return agent.length > LONGEST_SHOWN ? `${agent.slice(0, LONGEST_SHOWN)}…` : agent
}
