import { html } from '../../foundation/web/html.ts'
import type { Html } from '../../foundation/web/html.ts'
import type { Texts } from '../../foundation/texts/texts.ts'
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

type Holder = Pick<Session, 'transport' | 'agent'>

/** Where a session is, with what stands beside that. A program is no browser, whatever it says of itself. */
export function sessionName(say: Texts, { transport, agent }: Holder, beside: Html | false): Html {
  const agentShown = unknownAgent({ transport, agent })
  return html`${holderOf(say, { transport, agent })} ${beside}
  ${agentShown !== null && html`<div class="small">${agentShown}</div>`}`
}

/** The same in one line of text. */
export function deviceText(say: Texts, holder: Holder): string {
  const agent = unknownAgent(holder)
  return agent === null ? holderOf(say, holder) : `${holderOf(say, holder)} (${agent})`
}

/** What it says of itself, where that is not in its name already; null where it is, or where it says nothing. */
function unknownAgent({ transport, agent }: Holder): string | null {
  const isNamed = transport !== 'bearer' && deviceOf(agent).browser !== undefined
  return isNamed || !agent ? null : shortened(agent)
}

/** What a button does, and for whoever hears several of them one after the other, to which session. */
export function toSession(say: Texts, label: string, session: Holder): Html {
  return html`${label}<span class="unseen"> – ${holderOf(say, session)}</span>`
}

function holderOf(say: Texts, { transport, agent }: Holder): string {
  return transport === 'bearer' ? say.security.sessions.program : browserAndSystem(say, agent)
}

function browserAndSystem({ security }: Texts, agent: string | null): string {
  const { browser, system } = deviceOf(agent)
  return security.device(browser, system)
}

function shortened(agent: string): string {
  return agent.length > LONGEST_SHOWN ? `${agent.slice(0, LONGEST_SHOWN)}…` : agent
}
