import { html } from '../web/html.ts'
import type { Html } from '../web/html.ts'
import type { Texts } from '../web/texts.ts'
import { deviceOf } from './device.ts'
import type { Session } from './session.ts'

const LONGEST_SHOWN = 120

/** The device in words; one that nobody knows is shown by what it says of itself. */
export function deviceName(say: Texts, agent: string | null): Html {
  const name = browserAndSystem(say, agent)
  if (deviceOf(agent).browser !== undefined || !agent) return html`${name}`
  return html`${name}
    <div>${shortened(agent)}</div>`
}

type Holder = Pick<Session, 'carrier' | 'agent'>

/** Where a session is, with what stands beside that. A program is no browser, whatever it says of itself. */
export function sessionName(say: Texts, { carrier, agent }: Holder, beside: Html | false): Html {
  const name = holderOf(say, { carrier, agent })
  const isKnown = carrier !== 'bearer' && deviceOf(agent).browser !== undefined
  return html`${name} ${beside} ${!isKnown && agent && html`<div class="small">${shortened(agent)}</div>`}`
}

/** What a button does, and for whoever hears several of them one after the other, to which session. */
export function toSession(say: Texts, label: string, session: Holder): Html {
  return html`${label}<span class="unseen"> – ${holderOf(say, session)}</span>`
}

function holderOf(say: Texts, { carrier, agent }: Holder): string {
  return carrier === 'bearer' ? say.security.sessions.program : browserAndSystem(say, agent)
}

function browserAndSystem({ security }: Texts, agent: string | null): string {
  const { browser, system } = deviceOf(agent)
  return security.device(browser, system)
}

function shortened(agent: string): string {
  return agent.length > LONGEST_SHOWN ? `${agent.slice(0, LONGEST_SHOWN)}…` : agent
}
