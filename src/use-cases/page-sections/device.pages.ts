import type { ListedSession } from '#domain/grants/idle-session.service.ts'
import { deviceOf } from '#domain/sessions/device.ts'
import type { Session } from '#domain/sessions/session.ts'
import { isSecondFactorSkipped, REMEMBERED_METHOD } from '#foundation/kernel/assurance.ts'
import type { Texts } from '#foundation/texts/texts.ts'
import type { Drawing } from '#foundation/web/components/icon.ts'
import { type Html, html } from '#foundation/web/html.ts'

const LONGEST_SHOWN = 120

type Holder = Pick<Session, 'transport' | 'agent'>

/** Shows the device of a session, followed by `beside`. A bearer session belongs to a program, whatever its user agent says. */
export function sessionName(say: Texts, { transport, agent }: Holder, beside: Html | false): Html {
  const agentShown = agentLine(say, { transport, agent })
  return html`${holderOf(say, { transport, agent })} ${beside}
  ${agentShown !== null && html`<div class="small">${agentShown}</div>`}`
}

/** The same with a line for each of them, for a list in which the first line leaves room for a button. */
export function sessionLines(say: Texts, holder: Holder, beside: Html | false): Html {
  const agent = agentLine(say, holder)
  const named = holderOf(say, holder)
  return html`<div class="first-line who-line"><span class="one-line" title="${named}">${named}</span> ${beside}</div>
    ${agent !== null && html`<div class="small agent one-line" title="${agent}">${agent}</div>`}`
}

/** Returns the device of a session as one line of text. */
export function deviceText(say: Texts, holder: Holder): string {
  const agent = unknownAgent(holder)
  return agent === null ? holderOf(say, holder) : `${holderOf(say, holder)} (${agent})`
}

/** Returns the shortened user agent; null if its browser is known, or if there is no user agent. */
function unknownAgent({ transport, agent }: Holder): string | null {
  const isNamed = transport !== 'bearer' && deviceOf(agent).browser !== undefined
  return isNamed || !agent ? null : shortened(agent)
}

/** The same in a line of its own. A program with the long user agent of a browser says only which one it claims to be. */
function agentLine(say: Texts, holder: Holder): string | null {
  const { transport, agent } = holder
  const claims = transport === 'bearer' && agent?.startsWith('Mozilla/') && deviceOf(agent).browser !== undefined
  return claims ? say.security.sessions.calledBy(browserAndSystem(say, agent)) : unknownAgent(holder)
}

/** Labels a button of a session; the device is added for screen readers, which read several equal buttons one after the other. */
export function toSession(say: Texts, label: string, session: Holder): Html {
  return html`${label}<span class="unseen"> – ${holderOf(say, session)}</span>`
}

/** The same for a button of a remembered device, which is always a browser. */
export function toDevice(say: Texts, label: string, agent: string | null): Html {
  return toSession(say, label, { transport: 'cookie', agent })
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

/** The drawing of what a user agent says it runs on. */
export function deviceDrawing(agent: string | null): Drawing {
  const { system } = deviceOf(agent)
  return system === 'iOS' || system === 'Android' ? 'app' : 'device'
}

/** Lists in words the factors that a session has verified, at its start and since, and says where the second one was skipped. */
export function authenticatedWith(say: Texts, methods: readonly string[]): Html {
  return html`<div class="small">${say.security.provenWith(methodsInWords(say, methods))}</div>
    ${isSecondFactorSkipped(methods) && html`<div class="small">${say.rememberedDevices.skipped}</div>`}`
}

/** Says that a session has ended here, and only apps go on in it. */
export function idleNote(say: Texts, { isIdle }: Pick<ListedSession, 'isIdle'>): Html {
  return html`${isIdle && html`<div class="small">${say.security.idleSession}</div>`}`
}

/** The factors as a list in words, such as "password and authenticator app". */
export function methodsInWords({ language, security }: Texts, methods: readonly string[]): string {
  const words: Readonly<Record<string, string>> = security.methods
  const named = methods.filter((method) => method !== REMEMBERED_METHOD).map((method) => words[method] ?? method)
  return new Intl.ListFormat(language, { type: 'conjunction' }).format(named)
}
