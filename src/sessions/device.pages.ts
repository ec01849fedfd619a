import { html } from '../web/html.ts'
import type { Html } from '../web/html.ts'
import type { Texts } from '../web/texts.ts'
import { deviceOf } from './device.ts'

const LONGEST_SHOWN = 120

/** The device in words; one that nobody knows is shown by what it says of itself. */
export function deviceName(say: Texts, agent: string | null): Html {
  const name = browserAndSystem(say, agent)
  if (deviceOf(agent).browser !== undefined || !agent) return html`${name}`
  return html`${name} <span class="small">${shortened(agent)}</span>`
}

/** What a button does, and for whoever hears several of them one after the other, to which device. */
export function toDevice(say: Texts, label: string, agent: string | null): Html {
  return html`${label}<span class="unseen"> – ${browserAndSystem(say, agent)}</span>`
}

function browserAndSystem({ security }: Texts, agent: string | null): string {
  const { browser, system } = deviceOf(agent)
  return security.device(browser, system)
}

function shortened(agent: string): string {
  return agent.length > LONGEST_SHOWN ? `${agent.slice(0, LONGEST_SHOWN)}…` : agent
}
